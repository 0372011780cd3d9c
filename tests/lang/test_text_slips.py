"""What newcomers write, and what the terminal answers: the right line and a usable hint."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from core.cli.flow import command
from core.host.registry import Registry
from core.lang import compile_text

SLIPS = Path(__file__).parents[1] / "cases" / "lang" / "slips.txt"
"""``=== <line>: <title>``, then the text; the line is the one that the first finding must name."""


def slips() -> dict[str, tuple[int, str]]:
    """Title -> (line, text)."""
    parts = re.split(r"^=== (\d+): (.*)\n", SLIPS.read_text("utf-8"), flags=re.MULTILINE)[1:]
    return {parts[i + 1]: (int(parts[i]), parts[i + 2].rstrip("\n") + "\n") for i in range(0, len(parts), 3)}


CASES = slips()


@pytest.mark.parametrize("title", CASES)
def test_line_and_hint(title: str, box: Registry) -> None:
    line, text = CASES[title]
    first = compile_text(text, box, "flow").diagnostics[0]
    assert first.severity == "error" and first.span and first.span.line == line
    assert first.hint


def test_as_the_terminal_shows_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, golden: Callable[[str, Any], None]
) -> None:
    assert len(CASES) >= 30
    monkeypatch.chdir(tmp_path)
    told: dict[str, list[str]] = {}
    for title, (_, text) in CASES.items():
        Path("shop.flow").write_text(text, "utf-8")
        told[title] = CliRunner().invoke(command, ["check", "shop.flow"]).output.splitlines()
    golden("lang/slips", told)
