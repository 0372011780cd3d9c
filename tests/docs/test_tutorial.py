"""The tutorial is followed: its commands are typed in its order against a demo that runs, and answer what the page says."""

import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, blocks

PAGE = ROOT / "docs/tutorial/first-flow.md"
CURL = '''#!{python}
"""As much of curl as the tutorial uses. After a person's word or tap it waits for the answer, as people do."""
import json, sys, time, urllib.error, urllib.request
arguments, method, data, headers, url = sys.argv[1:], None, None, {{}}, ""
while arguments:
    word = arguments.pop(0)
    if word == "-X":
        method = arguments.pop(0)
    elif word == "-d":
        data = arguments.pop(0)
    elif word == "-H":
        name, _, value = arguments.pop(0).partition(": ")
        headers[name] = value
    elif word != "-s":
        url = word
body = open(data[1:], "rb").read() if data and data[0] == "@" else data.encode() if data else None

def ask(url, body=None, headers={{}}, method=None):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers, method=method)) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as e:
        sys.exit(f"{{url}}: {{e.code}} {{e.read().decode()}}")

print(ask(url, body, headers, method))
base, _, action = url.partition("/fake/")
if action in ("say", "tap"):
    person = json.loads(data)["person"]
    for _ in range(300):
        if json.loads(ask(f"{{base}}/fake/thread?person={{person}}"))["messages"][-1]["by"] == "api":
            break
        time.sleep(0.1)
    else:
        sys.exit(f"nobody answered {{person}}")
'''
INSTAFLOW = '#!/bin/sh\nPYTHONPATH={root} exec {python} -m core.cli "$@"\n'
MEANWHILE = """
curl -s $FAKE/clock -d '{"advanceMs": 60000}' >/dev/null
curl -s $FAKE/fake/say -d '{"person": "mia.berg", "text": "mia at mail"}' >/dev/null
curl -s $FAKE/fake/say -d '{"person": "mia.berg", "text": "mia@mail.example"}' >/dev/null
curl -s $FAKE/fake/say -d '{"person": "leo.w", "text": "workshop"}' >/dev/null
"""
"""What the page asks the reader to write between two blocks, a minute later."""


class Typed:
    """One command of the page and what the page shows below it."""

    def __init__(self, command: str, shown: str) -> None:
        self.command, self.shown = command, shown


def typed() -> list[Typed]:
    """The sh block and the lines of the console blocks, without those of the first step."""
    found = []
    for block in blocks(PAGE):
        if block.language == "sh":
            found.append(Typed(block.text, ""))
        elif block.language == "console" and "make run" not in block.text:
            for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
                command, _, shown = part.partition("\n")
                found.append(Typed(command, shown.strip()))
    return found


def free() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The addresses of a demo that has played its conversation: InstaFlow's and the fake's."""
    port, fake = free(), free()
    ports = ["--port", str(port), "--fake-port", str(fake)]
    command = [sys.executable, "-m", "core.cli", "demo", "--data", str(tmp_path / "data"), *ports]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    watchdog = threading.Timer(180, process.kill)
    watchdog.start()
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "Ctrl-C" in line:
            break
    else:
        pytest.fail("".join(lines))
    yield f"http://127.0.0.1:{port}", f"http://127.0.0.1:{fake}"
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    watchdog.cancel()
    assert process.returncode == 0


def tools(folder: Path) -> None:
    """The commands that the page calls, in ``folder``: its own curl, python3 and .venv/bin/instaflow."""
    (folder / "bin").mkdir()
    (folder / ".venv/bin").mkdir(parents=True)
    (folder / "bin/curl").write_text(CURL.format(python=sys.executable))
    (folder / ".venv/bin/instaflow").write_text(INSTAFLOW.format(root=ROOT, python=sys.executable))
    (folder / "bin/curl").chmod(0o755)
    (folder / ".venv/bin/instaflow").chmod(0o755)
    (folder / "bin/python3").symlink_to(sys.executable)
    (folder / "workshop.yaml").write_text(next(b.text for b in blocks(PAGE) if b.language == "yaml"))


def test_the_tutorial_can_be_followed(demo: tuple[str, str], tmp_path: Path) -> None:
    tools(tmp_path)
    commands = typed()
    script = ["set -e"]
    for n, one in enumerate(commands):
        script += [f"echo '<<{n}>>'", one.command, "echo"]
        if "/publish" in one.command:
            script.append(MEANWHILE)
    text = "\n".join(script).replace("http://127.0.0.1:8000", demo[0]).replace("http://127.0.0.1:9900", demo[1])
    env = {"PATH": f"{tmp_path}/bin:/usr/bin:/bin", "LANG": "C.UTF-8"}
    done = subprocess.run(
        ["/bin/sh", "-c", text], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = re.split(r"<<\d+>>\n", done.stdout)[1:]
    for one, got in zip(commands, said, strict=True):
        if one.shown and "…" not in one.shown:
            assert got.strip() == one.shown, one.command
        for word in re.findall(r'"(?:status|keyword|reason|nodeId|text|flowName)":"[^"…]+"', one.shown):
            assert word in got, one.command
    with urllib.request.urlopen(f"{demo[1]}/fake/thread?person=mia.berg", timeout=10) as answer:
        thread = answer.read().decode()
    shown = next(b.text for b in blocks(PAGE) if b.language == "text" and "leo.w" in b.text)
    for line in re.findall(r"^(?:mia.berg|clay.studio) +(.+)$", shown.partition("leo.w")[0], re.MULTILINE):
        assert line in thread
