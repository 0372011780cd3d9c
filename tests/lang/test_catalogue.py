"""The whole catalogue as the terminal shows it: every code's example, from its page, in one golden file."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.cli.flow_files import explain
from core.host.registry import Registry
from core.lang import Workspace, compile_text
from core.lang.codes import CODES
from tests.lang.test_diagnostic_pages import EXAMPLE, PAGES

ENDINGS = {"yaml": "yaml", "json": "json", "flow": "flow", "python": "json"}
BY_THE_SERVER = frozenset({"IF309", "IF513"})
"""What only a server can say of an account; tests/workspaces shows them as 'instaflow plan' does."""


@pytest.fixture(scope="module")
def around(box: Registry) -> dict[str, Workspace]:
    """What stands around the examples whose finding needs it."""
    other = compile_text("flow: other\nsteps:\n  a: {run: demo, next: end}\n", box).program
    demo = compile_text(example("IF107")[1], box).program
    assert other and demo
    return {
        "IF107": Workspace(flows={"other": other, "demo": demo}),
        "IF305": Workspace(attributes={"plan": "text"}),
        "IF306": Workspace(tags=frozenset({"vip"})),
        "IF307": Workspace(segments=frozenset({"buyers"})),
        "IF310": Workspace(attributes={"email": "email"}),
        "IF311": Workspace(sets_tag=lambda tag: tag == "customer"),
    }


def example(code: str) -> tuple[str, str]:
    """The ending and the text of a page's example."""
    found = EXAMPLE.search((PAGES / f"{code}.md").read_text("utf-8"))
    assert found, f"the page of {code} has no example"
    text = json.dumps(eval(found[2], {"range": range})) if found[1] == "python" else found[2] + "\n"
    return ENDINGS[found[1]], text


def shown(code: str, registry: Registry, workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What the terminal says of the code, the findings of other codes left out."""
    ending, text = example(code)
    done = compile_text(text, registry, ending, f"demo.{ending}", workspace)
    explain(Path(f"demo.{ending}"), text, done)
    return [line for block in blocks(capsys.readouterr().out) for line in block if f" {code}" in block[0]]


def blocks(out: str) -> Iterator[list[str]]:
    block: list[str] = []
    for line in out.splitlines():
        if re.match(r"demo\.\w+[: ]", line) and block:
            yield block
            block = []
        block.append(line)
    yield block


def test_every_code_as_the_terminal_shows_it(
    acme: Registry,
    around: dict[str, Workspace],
    golden: Callable[[str, Any], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = {
        code: shown(code, acme, around.get(code, Workspace()), capsys) for code in CODES if code not in BY_THE_SERVER
    }
    assert not [code for code, lines in told.items() if not lines], "an example that does not show its code"
    golden("lang/catalogue", told)
