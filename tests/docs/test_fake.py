"""The control calls of docs/how-to/use-the-fake-instagram.md are taken by the fake; the simulation of write-flows plays."""

import json
import re
import urllib.error
import urllib.request

import pytest

from core.engine.shelf import Shelf
from core.engine.simulate import simulate
from core.host.manager import load
from core.lang import compile_text
from core.testing.instagram.faults import KINDS, Faults
from instaflow.testing import FakeInstagram
from tests.docs.pages import ROOT, blocks

PAGE = ROOT / "docs/how-to/use-the-fake-instagram.md"
CURL = re.compile(r"""^\$ curl -s "?\$F(/[^\s"]+)"?(?: -d '([^']*)')?""", re.MULTILINE)
CALLS = [call for block in blocks(PAGE) for call in CURL.findall(block.text)]


def answer(url: str, body: str) -> int:
    request = urllib.request.Request(url, body.encode() or None)
    try:
        with urllib.request.urlopen(request, timeout=10) as got:
            status: int = got.status
            return status
    except urllib.error.HTTPError as e:
        with e:
            return e.code


def test_every_control_call_is_taken() -> None:
    assert len(CALLS) >= 12
    with FakeInstagram(seed=1) as instagram:
        instagram.account("bella.bakery")
        for path, body in CALLS:
            expected = 404 if path == "/fake/tap" else 200  # nothing is to be seen that could be tapped
            assert answer(instagram.url + path, body) == expected, (path, body)


@pytest.mark.parametrize("word", KINDS)
def test_every_kind_of_fault_is_named(word: str) -> None:
    assert f"`{word}`" in PAGE.read_text()


def test_knobs_exist() -> None:
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", PAGE.read_text(), re.MULTILINE)
    assert {w for row in rows for w in re.findall(r"\w+", row)} <= {*KINDS, *vars(Faults())}


def test_the_simulation_of_write_flows_plays() -> None:
    (block,) = [b for b in blocks(ROOT / "docs/how-to/write-flows.md") if '"events"' in b.text]
    script = json.loads(block.text)
    done = compile_text(script.pop("text"), load(entry_points=False), "yaml")
    assert done.program is not None and done.ok
    played = simulate(Shelf([done.program]), done.program.hash, script)
    said = [line["message"]["text"] for line in played["transcript"] if line["who"] == "flow"]
    assert said == ["Your name?", "Hello Ana!"]
