"""Whatever stands in a .flow file, reading it ends soon, with diagnostics, and never raises."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.host.registry import Registry
from core.lang import compile_text
from core.model.limits import BLOCK_DEPTH, SOURCE_BYTES_TEXT

EXAMPLES = [p.read_text("utf-8") for p in sorted((Path(__file__).parents[1] / "cases/lang/text").glob("*.flow"))]
HEAD = "flow x\n\na:\n"
TEXTS: dict[str, str | bytes] = {
    "nothing": "",
    "spaces": "  \n \n",
    "a comment": "# nothing\n",
    "binary": bytes(range(256)),
    "utf-16": "flow x\n".encode("utf-16"),
    "latin-1": 'flow x\na:\n  say "é"\n'.encode("latin-1"),
    "nul": HEAD + '  say "a\x00b"\n',
    "nul outside a text": HEAD + "  \x00\n",
    "surrogate": HEAD + '  say "\ud800"\n',
    "escaped surrogate": HEAD + '  say "\\u{d800}"\n',
    "no flow line": "x\n",
    "no section": "flow x\n",
    "tabs": HEAD + "\tsay \t\n\t\ttag\n",
    "mixed margins": HEAD + '\t say "x"\n  \ttag y\n',
    "unclosed": HEAD + '  say "x\n',
    "unclosed in several lines": HEAD + '  say """x\n  tag y\n',
    "unclosed bracket": HEAD + "  set x = [1, {a: (2\n  tag y\n",
    "stray brackets": HEAD + "  set x = )]}\n",
    "deep brackets": HEAD + "  set x = " + "[" * 10_000 + "]" * 10_000,
    "deep parentheses": HEAD + "  if " + "(" * 10_000 + "x",
    "deep objects": HEAD + "  set x = " + "{a: " * 10_000,
    "deep blocks": HEAD + "".join(" " * (i + 2) + "if x:\n" for i in range(700)),
    "deep margins": "".join(" " * i + "x\n" for i in range(700)),
    "many signs": HEAD + "  set x = " + "-" * 60_000 + "1 x",
    "many nots": HEAD + "  if " + "not " * 10_000 + "-> end",
    "many quotes": "'" * SOURCE_BYTES_TEXT,
    "many escapes": HEAD + "  say " + "\\'" * 100_000,
    "many long quotes": '"""\n' * 60_000,
    "many brackets": HEAD + '  say "x" (\n' * 20_000,
    "many unknown steps": HEAD + '  sya "x"\n' * 20_000,
    "many labels": "a:\n" * 80_000,
    "many elif": HEAD + "  if a:\n    pass\n" + "  elif a:\n    pass\n" * 10_000 + "  oops\n",
    "many dots": HEAD + "  goto " + "a." * 100_000,
    "a long word": HEAD + "  " + "x" * 200_000,
    "a huge number": HEAD + "  set x = " + "9" * 50_000,
    "a huge exponent": HEAD + "  set x = 1e999\n",
    "a huge duration": HEAD + "  wait " + "9" * 50_000 + "h",
    "a huge share": HEAD + "  split\n    " + "9" * 50_000 + "% -> end\n",
    "a huge place": HEAD + "  pass\nlayout\n  a " + "9" * 50_000 + " 1\n",
    "a circle of jumps": "flow x\na:\n  tag t\n  goto b\nb:\n  goto c\nc:\n  goto b\n",
    "a jump to itself": "flow x\na:\n  goto a\n",
    "too large": "#" * (SOURCE_BYTES_TEXT + 1),
    "two flows": 'flow x\na:\n  say "x"\nflow y\n',
    "an unknown place": HEAD + "  tag x\nlayout\n  b 1 2\n",
    "a name for nothing": HEAD + "  tag x\n  ## what\n",
    "a carousel of nothing": HEAD + "  carousel\n",
    "an id in the layout": HEAD + '  tag x\nlayout\n  a {id: "b"}\n',
    "parameters twice": "flow x\n  prop params = 3\n  param n\na:\n  tag x\n",
    "nodes as a property": "flow x\n  prop nodes = []\na:\n  tag x\n",
    "connections as a property": HEAD + "  tag x\n    prop connections = []\n",
}


@pytest.mark.parametrize("name", TEXTS)
def test_unreadable_text(name: str, box: Registry) -> None:
    found = compile_text(TEXTS[name], box, "flow").diagnostics
    assert found and found[0].severity == "error"
    json.dumps([d.as_json() for d in found])
    assert all(d.message and len(d.message) < 300 for d in found)


def test_blocks_may_be_deep_but_not_too_deep(box: Registry) -> None:
    def deep(levels: int) -> str:
        return HEAD + "".join(" " * (i + 2) + "if x:\n" for i in range(levels)) + " " * (levels + 2) + "tag y\n"

    assert compile_text(deep(BLOCK_DEPTH - 2), box, "flow").program
    assert "nested deeper" in compile_text(deep(BLOCK_DEPTH), box, "flow").diagnostics[0].message


PIECES = st.sampled_from(
    [
        *(
            '"',
            "'",
            '"""',
            "{",
            "}",
            "[",
            "]",
            "(",
            ")",
            ":",
            "->",
            "???",
            "@",
            "#",
            "##",
            "/",
            "\\",
            "=",
            "==",
            "{{",
            "}}",
        ),
        *(
            "if ",
            "else",
            "quick ",
            "raw {",
            "50%",
            "1h",
            ".",
            "-1",
            "1e999",
            "@x",
            "flow ",
            "layout\n",
            "say ",
            "goto a",
        ),
        *("\n", "\n  ", "\n    ", "  ", "\t", "\r", "\x00", "\u00a0", "\u2028", "“", "é", "a:\n"),
    ]
)
careful = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=120)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """An example with a few pieces put in, cut out or moved."""
    text = draw(st.sampled_from(EXAMPLES))
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(text)))
        upto = min(len(text), at + draw(st.integers(0, 30)))
        text = text[:at] + draw(PIECES | st.just("") | st.just(text[at:upto] * 2)) + text[upto:]
    return text


@careful
@given(damaged())
def test_damaged_examples_are_read_or_refused(box: Registry, text: str) -> None:
    done = compile_text(text, box, "flow")
    assert done.ok or done.diagnostics
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    for d in done.diagnostics:
        json.dumps(d.as_json())
        assert d.span is None or 1 <= d.span.line <= lines + 1


@careful
@given(st.lists(PIECES | st.text(max_size=4), max_size=40).map("".join) | st.binary(max_size=80))
def test_any_text_is_read_or_refused(box: Registry, text: str | bytes) -> None:
    assert not compile_text(text, box, "flow").ok
