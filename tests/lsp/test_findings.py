"""Findings while one writes, and their fixes, in all three notations."""

from pathlib import Path

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from tests.lsp.conftest import Editor

FLOW = 'flow shop\n  expire 1d\n\nhello:\n  say "Grüße 🎉" \n    quick "More" -> more\n    else -> more\n\nmore:\n  say "Bye"\n'
YAML = "flow: shop\nsettings: {expireSeconds: 86400}\nsteps:\n  a: {say: Hi, next: b}\n  b: {say: Bye, next: end}\n"
JSON = '{"startNodeId": "a", "nodes": [{"id": "a", "type": "message", "content": {"text": "Hi"}, "connections": []}]}\n'


@pytest.mark.parametrize(
    "name, right, wrong, code, said",
    [
        ("a.flow", FLOW, FLOW.replace("-> more\n    else", "-> mroe\n    else"), "IF102", "mroe"),
        ("a.yaml", YAML, YAML.replace("next: b", "next: bb"), "IF102", "bb"),
        ("a.json", JSON, JSON.replace('"message"', '"mesage"'), "IF110", '"mesage"'),
        ("b.flow", FLOW, FLOW.replace('say "Bye"', 'sya "Bye"'), "IF001", "sya"),
        ("b.yaml", YAML, YAML.replace("  b:", "\tb:"), "IF001", "\t"),
        ("b.json", JSON, JSON.replace('"nodes":', '"nodes"'), "IF001", "["),
    ],
)
def test_findings_come_and_go(editor: Editor, name: str, right: str, wrong: str, code: str, said: str) -> None:
    sheet = editor.open(name, right)
    assert sheet.findings() == []
    sheet.change(wrong)
    (found,) = [d for d in sheet.findings() if d.severity == lsp.DiagnosticSeverity.Error]
    assert (found.code, found.source) == (code, "instaflow")
    assert sheet.cut(found.range)[: len(said)] == said
    sheet.change(right)
    assert sheet.findings() == []


def test_only_the_last_of_many_changes_is_looked_at(editor: Editor) -> None:
    sheet = editor.open("many.flow", FLOW)
    sheet.findings()
    for n in range(1, 30):
        sheet.change(FLOW.replace('say "Bye"', "sya " + "x" * n))
    sheet.change(FLOW)
    assert sheet.findings() == []


def test_findings_say_what_to_do_and_where_else_to_look(editor: Editor) -> None:
    sheet = editor.open("twice.json", JSON.replace("]}]", ']}, {"id": "a", "type": "end"}]'))
    found = next(d for d in sheet.findings() if d.code == "IF104")
    (related,) = found.related_information or ()
    assert related.message == "the first step with this id" and sheet.cut(related.location.range) == '"a"'
    lost = editor.open("lost.yaml", YAML + "  c: {say: Never, next: end}\n").findings()
    faded = next(d for d in lost if d.code == "IF105")
    assert list(faded.tags or ()) == [lsp.DiagnosticTag.Unnecessary] and "connect it" in faded.message


def test_a_file_is_looked_at_with_what_lies_beside_it(editor: Editor) -> None:
    text = YAML.replace("flow: shop\n", "flow: shop\n").replace(
        "{expireSeconds: 86400}", "{expireSeconds: 86400, language: en}"
    )
    (editor.folder / "de" / "locales").mkdir(parents=True)
    (editor.folder / "de" / "locales" / "de.yaml").write_text("a.text: Hallo\n")
    sheet = editor.open("de/x.yaml", text)
    assert [d.code for d in sheet.findings()] == ["IF601"]
    (editor.folder / "de" / "locales" / "de.yaml").write_text("a.text: Hallo\nb.text: Tschüs\n")
    editor.shown.pop(sheet.uri)
    editor.client.text_document_did_save(lsp.DidSaveTextDocumentParams(sheet.id))
    assert sheet.findings() == []


def test_other_files_are_left_alone(editor: Editor) -> None:
    assert editor.open("ci.yaml", "jobs: {}\n").findings() == []
    assert editor.open("x.test.yaml", "file: x.yaml\nsteps: {a: 1}\n").findings() == []
    assert editor.open("package.json", '{"name": "x"}').findings() == []


def test_closing_takes_the_findings_back(editor: Editor) -> None:
    sheet = editor.open("gone.flow", FLOW.replace("say", "sya"))
    assert sheet.findings()
    editor.client.text_document_did_close(lsp.DidCloseTextDocumentParams(sheet.id))
    editor.wait(lambda: editor.shown[sheet.uri].version is None)
    assert list(editor.shown[sheet.uri].diagnostics) == []


def test_an_untitled_text_is_looked_at_too(editor: Editor) -> None:
    uri = "untitled:Untitled-1"
    item = lsp.TextDocumentItem(uri, "instaflow", 1, FLOW.replace("sya", "say").replace("say", "sya", 1))
    editor.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
    editor.wait(lambda: uri in editor.shown)
    assert [d.code for d in editor.shown[uri].diagnostics] == ["IF001"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_positions_are_counted_as_the_editor_counts(tmp_path: Path, encoding: str) -> None:
    editor = Editor(tmp_path, [encoding])
    try:
        assert editor.server.capabilities.position_encoding == encoding
        sheet = editor.open("a.flow", FLOW.replace('say "Grüße 🎉" \n', 'say "Grüße 🎉" oops\n'))
        (found,) = [d for d in sheet.findings() if d.code == "IF001"]
        assert sheet.cut(found.range, "utf-8" if encoding == "utf-8" else "utf-16-le") == "oops"
    finally:
        editor.close()


def test_fixes_are_actions(editor: Editor) -> None:
    wrong = FLOW.replace("-> more\n    else", "-> mroe\n    else").replace(
        'say "Bye"', 'say "Bye {{contact.firstName}}"'
    )
    sheet = editor.open("fix.flow", wrong)
    errors = [d for d in sheet.findings() if d.code == "IF102"]
    (action,) = [a for a in sheet.actions(errors[0].range) if a.kind == lsp.CodeActionKind.QuickFix]
    assert action.title == "Write 'more'" and action.is_preferred
    assert action.edit and action.edit.changes
    assert sheet.applied(action.edit.changes[sheet.uri]) == wrong.replace("mroe", "more")
    every = sheet.actions()
    assert [a.title for a in every if not a.is_preferred and a.kind == "quickfix"] == [
        "Write {{contact.firstName|default('there')}}"
    ]
    (whole,) = sheet.actions(only=["source.fixAll"])
    assert whole.edit and whole.edit.changes
    assert sheet.applied(whole.edit.changes[sheet.uri]) == wrong.replace("mroe", "more")


@pytest.mark.parametrize(
    "name, wrong, right",
    [
        ("fix.yaml", YAML.replace("next: b", "next: bb"), YAML),
        ("fix.json", JSON.replace('"message"', '"mesage"'), JSON),
    ],
)
def test_fixes_in_yaml_and_json(editor: Editor, name: str, wrong: str, right: str) -> None:
    sheet = editor.open(name, wrong)
    (action,) = [a for a in sheet.actions() if a.kind == lsp.CodeActionKind.QuickFix]
    assert action.edit and action.edit.changes and sheet.applied(action.edit.changes[sheet.uri]) == right


def test_format(editor: Editor) -> None:
    sheet = editor.open("f.flow", "flow   x\nhello:\n    say   'Hi'   # a\n")
    assert sheet.format() == 'flow x\n\nhello:\n  say "Hi"  # a\n'
    sheet.change('flow x\n\nhello:\n  say "Hi"  # a\n')
    assert sheet.format() == sheet.text
    sheet.change("flow   x\r\n\r\nhello:\r\n  say 'Hi'\r\n")
    assert sheet.format() == 'flow x\r\n\r\nhello:\r\n  say "Hi"\r\n'
    assert (
        editor.open("f.json", '{"startNodeId":"a","nodes":[]}').format()
        == '{\n  "startNodeId": "a",\n  "nodes": []\n}\n'
    )
    commented = editor.open("f.yaml", YAML.replace("next: b}", "next: b}  # why"))
    assert commented.format() is None
    editor.wait(lambda: any("comments" in m for m in editor.told))


def test_a_rename_that_cannot_be_is_refused_with_a_sentence(editor: Editor) -> None:
    sheet = editor.open("r.flow", FLOW)
    for new, why in (("hello", "already"), ("a/b", "characters"), ("", "characters")):
        with pytest.raises(JsonRpcException, match=why):
            sheet.rename(FLOW.replace("more:", "mo¦re:"), new)
