"""The plugin of docs/how-to/write-a-plugin.md: a real distribution, found by its entry point, used by a flow, isolated when broken."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.docs.pages import PAGES, ROOT, blocks

PAGE = ROOT / "docs/how-to/write-a-plugin.md"
PARTS = {b.language: b.text for b in blocks(PAGE)}

TRY = '''
"""Run in a process of its own, with the distributions of the test on the path."""
import json, sys
from core.engine.shelf import Shelf
from core.engine.simulate import simulate
from core.host.manager import load
from core.lang import compile_text
from instaflow import AccountView, Call

registry = load()
answer = {"plugins": {p.name: [p.version, p.problem] for p in registry.plugins if not p.name.startswith("plugins.")}}
done = compile_text(sys.stdin.read(), registry, "yaml")
answer["diagnostics"] = [f"{d.code} {d.node}: {d.message}" for d in done.diagnostics if d.severity != "info"]
handler = registry.handlers.get("acme.greet")
if handler is not None:
    account = AccountView("a", "1784", None, "instagram", "", "shop", {})
    call = Call(1, "acme.greet", "key", account, {"id": "1"}, {"args": {"name": "Ana"}, "retries": 0, "seconds": 30})
    outcome = handler.perform(call, None)
    answer["outcome"] = [outcome.status, outcome.data]
    script = {
        "contact": {"firstName": "Ana", "followerCount": 5000},
        "mocks": {"acme.greet": {"outcome": "success", "data": outcome.data}},
        "events": [{"type": "start"}, {"type": "text", "text": "one"}, {"type": "text", "text": "28012"}],
    }
    played = simulate(Shelf([done.program]), done.program.hash, script)
    answer["said"] = [m["message"]["text"] for m in played["transcript"] if m["who"] == "flow"]
    answer["zip"] = played["contact"].get("zip")
    answer["asked"] = [m["data"]["args"] for m in played["transcript"] if m["who"] == "effect" and m["kind"] == "call"]
print(json.dumps(answer))
'''


def lay(folder: Path, project: dict[str, Any], code: str) -> None:
    """A distribution as pip leaves it: the module, its metadata, its entry points."""
    name, version, points = project["name"], project["version"], project["entry-points"]["instaflow"]
    for module in points.values():
        (folder / f"{module}.py").write_text(code)
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (info / "entry_points.txt").write_text("[instaflow]\n" + "".join(f"{k} = {v}\n" for k, v in points.items()))


def tried(folder: Path) -> dict[str, Any]:
    env = {"PYTHONPATH": f"{folder}:{ROOT}", "PATH": ""}
    command = [sys.executable, "-W", "error", "-c", TRY]
    done = subprocess.run(
        command,
        input=PARTS["yaml plugin"],
        env=env,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.fixture
def project() -> dict[str, Any]:
    """What pyproject.toml says on the page."""
    found: dict[str, Any] = tomllib.loads(PARTS["toml"])["project"]
    return found


def test_the_plugin_works(tmp_path: Path, project: dict[str, Any]) -> None:
    lay(tmp_path, project, PARTS["python"])
    answer = tried(tmp_path)
    assert answer["plugins"] == {"acme": ["1.0", ""]}
    assert answer["diagnostics"] == []
    assert answer["outcome"] == ["sent", {"greeting": "Hello Ana, from Acme"}]
    assert answer["asked"] == [{"name": "ANA"}]
    assert answer["said"][:3] == ["Hello Ana, from Acme", "WELCOME", "Your postcode?"]
    assert len(answer["said"]) == 4  # "one" is no postcode
    assert answer["zip"] == "28012"


def test_a_broken_plugin_is_named_and_the_others_work(tmp_path: Path, project: dict[str, Any]) -> None:
    lay(tmp_path, project, PARTS["python"])
    broken = {
        "name": "instaflow-broken",
        "version": "2.0",
        "entry-points": {"instaflow": {"broken": "instaflow_broken"}},
    }
    lay(tmp_path, broken, "raise RuntimeError('no licence')")
    answer = tried(tmp_path)
    assert answer["plugins"] == {"acme": ["1.0", ""], "broken": ["2.0", "RuntimeError: no licence"]}
    assert answer["outcome"][0] == "sent"


def test_python_on_the_other_pages_runs() -> None:
    codes = [b for page in PAGES if page != PAGE for b in blocks(page) if b.language == "python"]
    assert codes
    for block in codes:
        exec(compile(block.text, block.name, "exec"), {"__name__": "docs"})
