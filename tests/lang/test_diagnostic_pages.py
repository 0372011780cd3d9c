"""Every code has a page, every page's example gives its code, and no code is emitted that has none."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from core.host.registry import Registry
from core.lang import compile_definition, compile_text
from core.lang.codes import CODES

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "diagnostics"
EXAMPLE = re.compile(r"## Example\n\n```(\w+)\n(.*?)\n```", re.DOTALL)
SOURCES = ("core/lang", "core/services", "plugins/nodes", "plugins/triggers", "instaflow")
AROUND = {"IF107", "IF305", "IF306", "IF307", "IF309", "IF310", "IF311", "IF513"}
"""What only an account's surroundings tell: the services say it, with tests of their own."""


@pytest.mark.parametrize("code", CODES)
def test_page(code: str, acme: Registry) -> None:
    text = (PAGES / f"{code}.md").read_text("utf-8")
    assert text.startswith(f"---\ncode: {code}\nseverity: {CODES[code].severity}\ntitle: {CODES[code].title}\n---\n")
    for heading in ("## Why it matters", "## Example", "## How to fix it"):
        assert heading in text
    found = EXAMPLE.search(text)
    assert found
    given = compiled(found[1], found[2], acme)
    if code in AROUND:
        assert not [d.message for d in given], "the example is right in itself"
        return
    assert code in {d.code for d in given}, [f"{d.code} {d.message}" for d in given]


def compiled(language: str, source: str, registry: Registry) -> Any:
    if language == "python":
        definition = eval(source, {"range": range})
        return compile_definition(definition, registry).diagnostics
    if language == "json":
        assert json.loads(source)
    return compile_text(source, registry, language).diagnostics


def test_every_emitted_code_is_in_the_table() -> None:
    files = [f for folder in SOURCES for f in (ROOT / folder).rglob("*.py")]
    emitted = {code for f in files for code in re.findall(r'"(IF\d{3})"', f.read_text("utf-8"))}
    assert emitted == set(CODES)


def test_no_page_without_a_code() -> None:
    assert {p.stem for p in PAGES.glob("IF*.md")} == set(CODES)
    assert all(f"[{code}]" in (PAGES / "README.md").read_text("utf-8") for code in CODES)
