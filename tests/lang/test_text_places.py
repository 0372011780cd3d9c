"""Findings of every later stage name the line and column of the text that they are about."""

import pytest

from core.host.registry import Registry
from core.lang import compile_text

HEAD = "flow x\n  expire 1d\n\na:\n"
PLACES: dict[str, tuple[str, str]] = {
    # the part that is meant stands between «»
    "a label that does not exist": ("IF102", 'say "x"\n  quick "A" -> «nowhere»\n  else -> end'),
    "a goto that leads nowhere": ("IF102", "tag x\ngoto «nowhere»"),
    "a goto in a block": ("IF102", "if tagged x:\n  goto «nowhere»\nelse -> end"),
    "the same id twice": ("IF104", 'say "x" @b\nsay "y" «@b»'),
    "a step that cannot be reached": ("IF105", 'end "x"\n«say "y"»'),
    "an unknown step type": ("IF110", "do «acme.nothing» a=1"),
    "an unknown condition": ("IF111", 'say "x"\n  on «raw {type: "acme.nothing"}» -> end\n  else -> end'),
    "an expression": ("IF120", "if «round(1, 2, 3)»:\n  tag x"),
    "an expression in a text": ("IF120", 'say «"Hello {{a +}}"»'),
    "a filter": ("IF122", "set b = «a|shout»"),
    "an argument": ("IF122", "call http.request url=«a|shout»\n  on failure -> end"),
    "a target": ("IF121", "set «contact» = 3"),
    "a payload twice": ("IF203", 'say "x"\n  quick "A" -> end\n  «quick "A" -> end»\n  else -> end'),
    "an integration": ("IF308", "call «shop.nothing»\n  on failure -> end"),
    "a button's title": ("IF502", 'say "x"\n  «quick "A title that is much too long" -> end»\n  else -> end'),
    "an address": ("IF508", 'say "x"\n  «image "http://x.example/a.png"»'),
    "a card": ("IF506", f'carousel\n  «card "{"x" * 90}"»'),
    "a pattern": ("IF515", 'say "x"\n  on «matching /(/» -> end\n  else -> end'),
    "a pattern of a question": ("IF515", 'ask text "x"\n  matching «/(/»\n  on invalid -> end'),
    "a duration": ("IF511", "wait «0s»"),
    "a range": ("IF006", 'ask text "x"\n  retry «99»'),
    "a shown-if": ("IF122", 'say "x"\n  quick "A" if «x|shout» -> end\n  else -> end'),
}


@pytest.mark.parametrize("name", PLACES)
def test_place(name: str, box: Registry) -> None:
    code, body = PLACES[name]
    marked = HEAD + "\n".join(f"  {line}" for line in body.split("\n")) + "\n"
    start = marked.index("«")
    line, column = marked.count("\n", 0, start) + 1, start - marked.rfind("\n", 0, start)
    text = marked.replace("«", "").replace("»", "")
    found = [d for d in compile_text(text, box, "flow").diagnostics if d.code == code]
    assert found, compile_text(text, box, "flow").diagnostics
    spans = [(d.span.line, d.span.column) for d in found if d.span]
    assert (line, column) in spans, [(d.message, d.span) for d in found]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('  when dm "x" match=«"odd"»', "IF006"),
        ("  when «nothing»", "IF113"),
        ("  entry «nowhere»", "IF101"),
        ("  setting colour = «1»", "IF007"),
        ("  interrupt «sometimes»", "IF006"),
        ("  prop colour = «1»", "IF007"),
    ],
)
def test_place_in_the_header(line: str, code: str, box: Registry) -> None:
    text = f"flow x\n{line}\na:\n  tag x\n".replace("«", "").replace("»", "")
    found = [d for d in compile_text(text, box, "flow").diagnostics if d.code == code]
    assert [(d.span.line, d.span.column) for d in found if d.span] == [(2, line.index("«") + 1)]


def test_the_source_map_has_the_lines_of_the_steps(box: Registry) -> None:
    done = compile_text(HEAD + '  say "x"\n  tag y\n', box, "flow")
    assert done.program and dict(done.program.source_map) == {
        "start": [4, 1, 4, 3],
        "a": [5, 3, 5, 10],
        "a.tag1": [6, 3, 6, 8],
    }
