"""Reading JSON and YAML: what is allowed, what is refused, and where it stands."""

from typing import Any

import pytest

from core.host.registry import Registry
from core.lang import compile_text
from core.lang.reading import read
from core.lang.reading.unreadable import Unreadable
from core.model.span import Span

REFUSED: list[tuple[str, str, tuple[int, int] | None, str]] = [
    ("json", '{\n "a": 1,\n "a": 2}', (3, 2), "'a' is written twice"),
    ("json", '{"b": {"a": 1, "c": [1, {"x": 1,\n"x": 2}]}}', (2, 1), "'x' is written twice"),
    ("json", "{'a': 1}", (1, 2), "not JSON"),
    ("json", '{"a": 1', (1, 8), "not JSON"),
    ("json", '{"a": /* one */ nope}', (1, 17), "not JSON"),
    ("yaml", "a: 1\nb: 2\na: 3\n", (3, 1), "'a' is written twice"),
    ("yaml", "a:\n\t- 1\n", (2, 1), "not YAML"),
    ("yaml", "a: b: c\n", (1, 5), "not YAML"),
    ("yaml", "a: &x 1\n", (1, 4), "anchors"),
    ("yaml", "a: *x\n", (1, 4), "aliases"),
    ("yaml", "a: !x 1\n", (1, 4), "tags"),
    ("yaml", "a: 1\n---\nb: 1\n", (2, 1), "one flow"),
    ("yaml", "say: {{name}}\n", (1, 7), "a key must be a text"),
]


@pytest.mark.parametrize(("format", "text", "at", "words"), REFUSED, ids=lambda v: str(v)[:20])
def test_refused(format: str, text: str, at: tuple[int, int] | None, words: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(text, format, "x")
    assert words in caught.value.message
    span = caught.value.span
    assert (span and (span.line, span.column)) == at


def test_json_as_people_write_it() -> None:
    text = '\ufeff// a flow\n{"a": "http://x", /* two\nlines */ "b": [1, 2,], // end\n}\n'
    source = read(text, None, "x")
    assert source.data == {"a": "http://x", "b": [1, 2]}
    assert source.span(("b", 1)) == Span(3, 19, 3, 20)
    assert source.span(("b", 7, "x")) == source.span(("b",)) == Span(3, 15, 3, 22)


YAML: dict[str, Any] = {
    "yes": "yes", "on": "on", "12:30": "12:30", "2026-01-01": "2026-01-01", "0x10": "0x10", "1_000": "1_000", "~": None,
    "null": None, "true": True, "False": False, "7": 7, "-3": -3, "1.5": 1.5, "1e3": 1000.0, "'5'": "5", '"true"': "true",
}  # fmt: skip


@pytest.mark.parametrize("written", YAML)
def test_yaml_scalars(written: str) -> None:
    assert read(f"a: {written}", "yaml", "x").data["flowDefinition"]["a"] == YAML[written]


def test_yaml_with_a_start_node_is_the_json_document(box: Registry) -> None:
    text = "startNodeId: a\nnodes:\n  - id: a\n    type: message\n    content: {text: Hi}\n    connections: []\n"
    assert compile_text(text, box, source="x.yaml").ok


def test_yaml_and_json_are_one_program(box: Registry) -> None:
    flat = """
flow: seed
start: node_1
steps:
  node_1: {begin: null, next: node_2}
  node_2:
    name: Welcome Message
    say: Hello {{contact.firstName}}!
    quick:
      - {text: Browse Products, to: node_3}
      - {text: Contact Support, to: node_4}
    routes:
      - {keyword: [hi, there], to: node_3}
      - {matches: '/x+/', to: node_3}
      - {reply: media, to: node_3}
      - {timeout: 1h30m, to: end}
    else: {id: end}
  node_3: {name: 'Tag', tag: browsed_products, next: node_5}
  node_4: {handover: User requested support.}
  node_5: {wait: 1h, next: node_6}
  node_6:
    ask: Your email?
    type: email
    into: contact.email
    routes: [{answer: valid, to: node_7}, {answer: invalid, to: end}]
  node_7: {use: comment_reply, with: {text: Hi}, next: end}
  end: {end: done}
layout: {node_2: [120, 80.5]}
"""
    connections: Any = [
        ("node_3", {"type": "button_payload", "value": "BROWSE_PRODUCTS"}),
        ("node_4", {"type": "button_payload", "value": "CONTACT_SUPPORT"}),
        ("node_3", {"type": "keyword", "value": "hi, there"}),
        ("node_3", {"type": "regex", "value": "/x+/"}),
        ("node_3", {"type": "media"}),
        (None, {"type": "timeout", "seconds": 5400}),
        ("end", None),
    ]
    buttons = [{"type": "quick_reply", "text": t} for t in ("Browse Products", "Contact Support")]
    nodes: list[dict[str, Any]] = [
        {"id": "node_1", "type": "start", "to": [("node_2", None)]},
        {"id": "node_2", "type": "message", "content": {"text": "Hello {{contact.firstName}}!", "buttons": buttons}, "to": connections},
        {"id": "node_3", "type": "tag_contact", "tagName": "browsed_products", "to": [("node_5", None)]},
        {"id": "node_4", "type": "human_takeover", "messageToAgent": "User requested support.", "to": []},
        {"id": "node_5", "type": "wait", "durationSeconds": 3600, "to": [("node_6", None)]},
        {
            "id": "node_6", "type": "get_input", "prompt": "Your email?", "inputType": "email", "saveToAttribute": "email",
            "to": [("node_7", {"type": "input_valid", "value": True}), (None, {"type": "input_valid", "value": False})],
        },
        {"id": "node_7", "type": "comment_reply", "text": "Hi", "to": [(None, None)]},
        {"id": "end", "type": "end", "outcome": "done", "to": []},
    ]  # fmt: skip
    for node in nodes:
        node["connections"] = [{"targetNodeId": t, "condition": c} for t, c in node.pop("to")]
    from core.lang import compile_definition

    a = compile_text(flat, box)
    b = compile_definition({"startNodeId": "node_1", "nodes": nodes}, box)
    assert a.program and b.program and a.doc
    assert a.program.as_json() == b.program.as_json()
    assert a.program.hash == b.program.hash
    welcome = a.doc.node("node_2")
    assert welcome and welcome.position == (120, 80.5) and welcome.name == "Welcome Message"
    assert a.doc.slug == "seed"


PLACES: list[tuple[str, str, str]] = [
    ("steps:\n  a:\n    say: Hi\n    quick:\n      - {text: x, wat: 1, to: end}\n    else: end\n", "IF007", "1"),
    ("steps:\n  a:\n    say: Hi {{contact.}}\n", "IF120", "Hi {{contact.}}"),
    ("steps:\n  a:\n    wait: soon\n", "IF006", "soon"),
    ("steps:\n  a:\n    say: Hi\n    next: nowhere\n", "IF102", "nowhere"),
    ("steps:\n  a:\n    branch:\n      - {if: '1 +', to: end}\n", "IF120", "{if: '1 +', to: end}"),
    ("steps:\n  a:\n    ask: x\n    type: shoe\n    next: end\n", "IF112", "shoe"),
    ("steps:\n  a: 3\n", "IF006", "3"),
    ("steps:\n  a: {say: x, ask: y}\n", "IF006", "{say: x, ask: y}"),
    ("steps:\n  a:\n    set: {contact.x: '{{1 +}}'}\n", "IF120", "'{{1 +}}'"),
    ("when:\n  - dm_keyword: {keyword: x, wat: 1}\nsteps:\n  a:\n    say: x\n", "IF007", "1"),
    ("when:\n  - nothing\nsteps:\n  a:\n    say: x\n", "IF113", "nothing"),
]


@pytest.mark.parametrize(("text", "code", "pointed"), PLACES, ids=lambda v: str(v)[:12])
def test_yaml_places(text: str, code: str, pointed: str, box: Registry) -> None:
    found = [d for d in compile_text(text, box, "yaml").diagnostics if d.code == code]
    assert len(found) == 1
    span = found[0].span
    assert span is not None
    line = text.splitlines()[span.line - 1]
    assert line[span.column - 1 : span.end_column - 1] == pointed


def test_source_map(box: Registry) -> None:
    program = compile_text("steps:\n  a:\n    say: Hi\n    next: b\n  b: {end: null}\n", box, "yaml").program
    assert program is not None
    assert program.source_map == {"a": [3, 5, 5, 3], "b": [5, 6, 5, 17]}
