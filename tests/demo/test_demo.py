"""``instaflow demo`` as a user sees it: the conversation happens, data is kept, Ctrl-C ends everything."""

import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.cli.demo_play import CONVERSATION, Played, Reply
from core.cli.demo_show import printer, summary, turn

EXPECTED = (
    "25 example flows are active",
    "answers in public: Check your messages, ana.ruiz",
    "replies in private: Thanks for joining!",
    "Where should we send the prize if you win? [your e-mail]",
    "You are in!",
    "Stoneware mug",
    "dishwasher",
    'flow: Giveaway from a comment, waits at "invite"',
    'waits at "node_5"',
    "waits an hour (the clock is moved)",
    "Can I get your email for updates?",
    "That does not look like an email address.",
    "We will write to ana@mail.example.",
    "Hello Ana! Welcome to our page.",
    'writes "Hello, anybody?"',
)


def command(data: Path, *more: str) -> list[str]:
    ports = ["--port", str(free()), "--fake-port", str(free())]
    return [sys.executable, "-m", "core.cli", "demo", "--data", str(data), *ports, *more]


def free() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "data"


def test_once_plays_the_conversation_and_checks_it(data: Path) -> None:
    done = subprocess.run(command(data, "--once"), capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    for words in EXPECTED:
        assert words in done.stdout
    assert "missing" not in done.stdout
    assert "\x1b" not in done.stdout
    assert "Traceback" not in done.stderr


class Running:
    """A demo that goes on; ``lines`` are read until one holds ``words``."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process, self.lines = process, list[str]()

    def until(self, words: str) -> str:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if words in line:
                return line
        pytest.fail(f"the demo ended without '{words}': {''.join(self.lines)}")


@pytest.fixture
def running(data: Path) -> Iterator[Running]:
    process = subprocess.Popen(command(data), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    watchdog = threading.Timer(180, process.kill)
    watchdog.start()
    yield Running(process)
    watchdog.cancel()
    process.kill()
    process.communicate()


def test_it_goes_on_with_what_was_there_and_ctrl_c_ends_everything(running: Running, data: Path) -> None:
    addresses = {line.split()[0]: line.split() for line in _table(running)}
    assert any("ana.ruiz2" in line for line in running.lines)
    assert addresses["sign"][3] == "demo@example.org"
    page = addresses["play"][-1]
    with urllib.request.urlopen(page, timeout=5) as answer:
        assert b"Fake Instagram" in answer.read()
    second = subprocess.run(command(data, "--once"), capture_output=True, text=True, timeout=60, check=False)
    assert second.returncode == 1
    assert "runs already" in second.stderr
    children = _children(running.process.pid)
    assert len(children) >= 3
    os.kill(running.process.pid, signal.SIGINT)
    assert running.process.wait(60) == 0
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]


def _table(running: Running) -> list[str]:
    running.until("Ctrl-C")
    return [line for line in running.lines[-9:] if line.strip()]


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def test_a_folder_that_is_not_a_demos_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    done = subprocess.run(
        command(tmp_path, "--fresh", "--once"), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert "is not a demo's folder" in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "thesis.txt").exists()


def test_what_did_not_come_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    played = Played(CONVERSATION[1], 3.0, "finished", [Reply("message", "two\nlines", ["Yes"], 7.5)], ["the prize"])
    turn(printer(False), "ana", "shop", played)
    out = capsys.readouterr().out
    assert "7.5 ms  @shop answers: two / lines [Yes]" in out
    assert 'missing: "the prize"' in out
    assert summary([played]) == {"turns": 1, "replies": 1, "webhookMs": 3.0, "replyMs": 7.5, "missing": ["the prize"]}


def test_colours_are_for_terminals(capsys: pytest.CaptureFixture[str]) -> None:
    printer(True)("[not markup]", "bold")
    assert "[not markup]" in capsys.readouterr().out
