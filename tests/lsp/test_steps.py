"""Going to steps, finding who leads to them, renaming them, seeing them in an outline. The pointer is at ``¦``."""

import pytest
from lsprotocol import types as lsp

from core.host.manager import load
from core.lang import compile_text
from tests.lsp.conftest import Editor

FLOW = """flow shop
  expire 1d
  eventually step more

hello:
  say "Grüße 🎉"
    quick "More" -> more
    quick "Again" -> hello.wait1
    else:
      goto more
  wait 2h
  say "Still?" @again
    quick "Yes" -> hello
    else -> again

more:
  say "Bye"

layout
  hello 0 0
  hello.wait1 1 1
  again 2 2
  more 3 3
"""
YAML = """flow: shop
start: hello
steps:
  hello:
    say: Grüße 🎉
    quick:
      - {text: More, to: more}
    routes:
      - {timeout: 2h, to: more}
    else: hello
  more: {say: Bye, next: {id: hello}}
locales:
  de:
    hello.text: Hallo
    hello.button.MORE: Mehr
layout:
  hello: [0, 0]
properties:
  - eventually: step hello
"""
JSON = """{"startNodeId": "a", "nodes": [
  {"id": "a", "type": "message", "content": {"text": "🎉 a"}, "connections": [{"targetNodeId": "b", "condition": null}]},
  {"id": "b", "type": "message", "content": {"text": "b"}, "connections": [{"targetNodeId": "a", "condition": null}]}],
 "sections": ["a"], "locales": {"de": {"a.text": "x"}}}
"""


def pointed(text: str, at: str) -> str:
    """The text with the pointer where ``¦`` stands in ``at``, which is a piece of it."""
    assert at.replace("¦", "") in text
    return text.replace(at.replace("¦", ""), at, 1)


@pytest.mark.parametrize(
    "name, text, at, where",
    [
        ("s.flow", FLOW, "-> mo¦re", [("s.flow", "more")]),
        ("s.flow", FLOW, "-> ag¦ain", [("s.flow", "again")]),
        ("s.flow", FLOW, "-> hello.wa¦it1", [("s.flow", "wait 2h")]),
        ("s.flow", FLOW, "step mo¦re", [("s.flow", "more")]),
        ("s.flow", FLOW, "Gr¦üße", []),
        ("s.yaml", YAML, "to: mo¦re}\n    routes", [("s.yaml", "more")]),
        ("s.yaml", YAML, "else: he¦llo", [("s.yaml", "hello")]),
        ("s.yaml", YAML, "{id: he¦llo}", [("s.yaml", "hello")]),
        ("s.json", JSON, '"targetNodeId": "¦b"', [("s.json", '"b"')]),
    ],
)
def test_go_to_a_step(editor: Editor, name: str, text: str, at: str, where: list[tuple[str, str]]) -> None:
    assert editor.open(name, text).definition(pointed(text, at)) == where


def test_go_to_a_flow_beside(editor: Editor) -> None:
    editor.open("two/other.yaml", YAML)
    sheet = editor.open("two/this.flow", "flow x\n")
    assert sheet.definition("flow x\n\na:\n  run oth¦er\n") == [("other.yaml", "")]
    assert editor.open("two/this.yaml", YAML).definition("steps:\n  a: {run: o¦ther, next: end}\n") == [
        ("other.yaml", "")
    ]


def test_who_leads_to_a_step(editor: Editor) -> None:
    sheet = editor.open("r.flow", FLOW)
    assert sheet.references(pointed(FLOW, "mo¦re:")) == [
        (3, "more"),
        (7, "more"),
        (10, "more"),
        (16, "more"),
        (23, "more"),
    ]
    assert (16, "more") not in sheet.references(pointed(FLOW, "mo¦re:"), named=False)
    yaml = editor.open("r.yaml", YAML).references(pointed(YAML, "  hel¦lo:\n"))
    assert [line for line, _ in yaml] == [2, 4, 10, 11, 17, 19]
    assert len(editor.open("r.json", JSON).references(pointed(JSON, '{"id": "¦a"'))) == 4


def test_a_rename_takes_everything_with_it(editor: Editor) -> None:
    after = editor.open("n.flow", FLOW).rename(pointed(FLOW, 'quick "Yes" -> hel¦lo'), "begin")["n.flow"]
    wanted = FLOW.replace("hello", "begin")
    assert after == wanted
    after = editor.open("n.flow", FLOW).rename(pointed(FLOW, "@ag¦ain"), "two words")["n.flow"]
    assert after == FLOW.replace("@again", '@"two words"').replace("-> again", '-> "two words"').replace(
        "\n  again 2", '\n  "two words" 2'
    )
    after = editor.open("n.yaml", YAML).rename(pointed(YAML, "  hel¦lo:\n"), "begin")["n.yaml"]
    assert after == YAML.replace("hello", "begin")
    after = editor.open("n.yaml", YAML).rename(pointed(YAML, "  hel¦lo:\n"), "true")["n.yaml"]
    assert '  "true":\n' in after and '"true.text": Hallo' in after.replace("true.text", '"true.text"').replace(
        '""', '"'
    )
    after = editor.open("n.json", JSON).rename(pointed(JSON, '{"id": "¦a"'), 'x "y"')["n.json"]
    assert after == JSON.replace('"a"', r'"x \"y\""').replace('"a.text"', r'"x \"y\".text"')


@pytest.mark.parametrize(
    "name, text, at", [("m.flow", FLOW, "mo¦re:"), ("m.yaml", YAML, "  mo¦re: {"), ("m.json", JSON, '{"id": "¦b"')]
)
def test_after_a_rename_the_flow_does_the_same(editor: Editor, name: str, text: str, at: str) -> None:
    box = load(entry_points=False)
    notation = name.partition(".")[2]
    after = editor.open(name, text).rename(pointed(text, at), "renamed")[name]
    before, done = (compile_text(t, box, notation) for t in (text, after))
    assert [(d.code, d.severity) for d in done.diagnostics] == [(d.code, d.severity) for d in before.diagnostics]
    assert len(done.program.states) == len(before.program.states)  # type: ignore[union-attr]
    assert "renamed" in done.program.states  # type: ignore[union-attr]


def test_translations_beside_the_file_are_renamed_too(editor: Editor) -> None:
    folder = editor.folder / "tr" / "locales"
    folder.mkdir(parents=True)
    (folder / "de.yaml").write_text(
        "hello.text: Hallo\nx.text: Ixe\nshop:\n  hello.button.MORE: Mehr\nother:\n  hello.text: nicht\n"
    )
    text = YAML.split("locales:")[0]
    found = editor.open("tr/shop.yaml", text).rename(pointed(text, "  hel¦lo:\n"), "begin")
    assert (
        found["de.yaml"]
        == "begin.text: Hallo\nx.text: Ixe\nshop:\n  begin.button.MORE: Mehr\nother:\n  hello.text: nicht\n"
    )


def test_tests_beside_the_file_are_renamed_too(editor: Editor) -> None:
    tests = (
        "file: shop.yaml  # ours\nsplit: {hello: 1}\ntests:\n  - start: {at: hello}\n    steps:\n"
        "      - expect: {say: hello, step: hello}\n      - type: hello\n"
    )
    (editor.folder / "te").mkdir()
    (editor.folder / "te" / "shop.test.yaml").write_text(tests)
    (editor.folder / "te" / "other.test.yaml").write_text(tests.replace("shop", "other"))
    found = editor.open("te/shop.yaml", YAML).rename(pointed(YAML, "  hel¦lo:\n"), "begin")
    assert found.keys() == {"shop.yaml", "shop.test.yaml"}
    assert found["shop.test.yaml"] == (
        "file: shop.yaml  # ours\nsplit: {begin: 1}\ntests:\n  - start: {at: begin}\n    steps:\n"
        "      - expect: {say: hello, step: begin}\n      - type: hello\n"
    )


def test_the_outline(editor: Editor) -> None:
    hello, more = editor.open("o.flow", FLOW).symbols()
    assert (hello.name, more.name) == ("hello", "more")
    assert [(c.name, c.detail) for c in hello.children or ()] == [
        ("hello.wait1", "wait 2h"),
        ("again", 'say "Still?" @again'),
    ]
    assert hello.range.start.line == 4 and hello.range.end.line >= 11
    assert [(s.name, s.detail) for s in editor.open("o.yaml", YAML).symbols()] == [
        ("hello", "message: Grüße 🎉"),
        ("more", "message: Bye"),
    ]
    assert [s.name for s in editor.open("o.json", JSON).symbols()] == ["a", "b"]


def test_names_are_known_while_a_file_cannot_be_read(editor: Editor) -> None:
    sheet = editor.open("b.yaml", YAML)
    sheet.findings()
    assert {"hello", "more"} <= set(
        sheet.complete(YAML.replace("locales:", "  third:\n    say: Hi\n    next: ¦\n   oops\nlocales:"))
    )
    broken = editor.open("b.flow", FLOW.replace('say "Bye"', "sya"))
    assert [s.name for s in broken.symbols()] == ["hello", "more"]
    assert broken.findings()[0].severity == lsp.DiagnosticSeverity.Error
