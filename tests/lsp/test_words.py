"""Completion and documentation, in all three notations. The pointer is at ``¦``."""

import pytest

from core.cli.lsp import words
from core.lang.expressions.names import FILTERS, FUNCTIONS, ROOTS
from core.lang.text.words import HEADER, OPTIONS, STEPS
from tests.lsp.conftest import Editor

HEAD = 'flow shop\n  param prize = "a print"\n\nhello:\n  ask text "Colour?" into colour\n  tag vip\n'
TAIL = '\nmore:\n  say "Bye"\n\n"two words":\n  say "x"\n'
FLOW = [
    ("¦", {"flow"}, {"say", "layout"}),
    ("flow x\n¦", {"layout"}, {"flow", "say"}),
    ("flow x\n  ¦", {"when", "expire", "never"}, {"say", "layout"}),
    ("flow x\n  when ¦", {"dm", "comment", "story_mention"}, {"dm_keyword"}),
    ('flow x\n  when dm "hi" ¦', {"match", "cooldownSeconds"}, set()),
    ("flow x\n  status ¦", {"active", "draft"}, set()),
    (HEAD + "  ¦" + TAIL, {"say", "ask", "call", "goto"}, {"quick", "when"}),
    (HEAD + "  if tagged vip:\n    ¦" + TAIL, {"say", "goto"}, {"quick"}),
    (HEAD + '  say "Hi"\n    ¦' + TAIL, {"quick", "link", "on", "else"}, {"say", "card", "retry"}),
    (HEAD + "  carousel\n    ¦" + TAIL, {"card"}, {"image"}),
    (HEAD + '  carousel\n    card "A"\n      ¦' + TAIL, {"image", "button"}, {"card"}),
    (HEAD + '  say "Hi"\n    quick "A" -> ¦' + TAIL, {"hello", "more", "two words", "end", "???"}, {"say"}),
    (HEAD + "  goto mo¦" + TAIL, {"more", "end"}, set()),
    (HEAD + "  ask ¦" + TAIL, {"email", "phone", "choice"}, {"say"}),
    (HEAD + '  ask email "x" into contact.¦' + TAIL, {"firstName"}, {"vip"}),
    (HEAD + "  call ¦" + TAIL, {"http.request"}, set()),
    (HEAD + '  call http.request url="https://x.example" ¦' + TAIL, {"method", "into"}, {"say"}),
    (HEAD + "  do ¦" + TAIL, {"message", "wait"}, set()),
    (HEAD + "  do wait ¦" + TAIL, {"durationSeconds"}, set()),
    (HEAD + "  untag ¦" + TAIL, {"vip"}, {"more"}),
    (HEAD + '  say "Hi"\n    on ¦' + TAIL, {"keyword", "timeout"}, {"say"}),
    (HEAD + "  if ¦" + TAIL, {"colour", "prize", "contact", "window", "tagged", "matches"}, {"say"}),
    (HEAD + "  if contact.¦" + TAIL, {"firstName", "username"}, {"colour"}),
    (HEAD + "  if tagged ¦" + TAIL, {"vip"}, {"colour"}),
    (HEAD + "  set colour = ¦" + TAIL, {"prize", "contact"}, {"say"}),
    (HEAD + '  say "Hi {{¦' + TAIL, {"colour", "prize", "contact", "last"}, {"upper", "say"}),
    (HEAD + '  say "Hi {{contact.¦}}"' + TAIL, {"firstName"}, {"colour"}),
    (HEAD + '  say "Hi {{colour|¦}}"' + TAIL, {"upper", "default"}, {"colour"}),
    (HEAD + '  say "Hi {{last.¦}}"' + TAIL, {"text", "payload"}, {"firstName"}),
    (HEAD + '  say "wait ¦"' + TAIL, set(), {"30m", "say", "email"}),
]


@pytest.mark.parametrize("text, there, absent", FLOW, ids=lambda v: v[-40:] if isinstance(v, str) else "")
def test_in_the_text_language(editor: Editor, text: str, there: set[str], absent: set[str]) -> None:
    found = set(editor.open("c.flow", "flow x\n").complete(text))
    assert there <= found and not absent & found


STEP = "flow: shop\nsteps:\n  hello:\n    ask: Colour?\n    into: colour\n    next: bye\n  bye:\n    tag: vip\n    next: end\n"
YAML = [
    ("¦", {"flow", "steps", "when", "settings"}, {"say"}),
    ("flow: x\nwhen:\n  - ¦", {"dm_keyword", "story_mention"}, {"say"}),
    ("flow: x\nwhen:\n  - dm_keyword: {¦", {"keyword", "match"}, {"say"}),
    ("flow: x\nsettings: {¦", {"expireSeconds", "language"}, {"say"}),
    (STEP + "  x:\n    ¦", {"say", "ask", "next", "routes", "quick"}, {"to", "flow"}),
    (STEP + "  x: {¦", {"say", "ask", "next"}, {"to"}),
    (STEP + "  x:\n    say: Hi\n    next: ¦", {"hello", "bye", "end"}, {"say"}),
    (STEP + "  x: {say: Hi, next: b¦", {"hello", "bye", "end"}, {"say"}),
    (STEP + "  x:\n    say: Hi\n    quick:\n      - {text: A, to: ¦", {"hello", "bye", "end"}, {"say"}),
    (STEP + "  x:\n    say: Hi\n    quick:\n      - {¦", {"text", "to", "payload"}, {"say"}),
    (STEP + "  x:\n    say: Hi\n    routes:\n      - ¦", {"keyword", "timeout", "to"}, {"say"}),
    (STEP + "  x:\n    branch:\n    - tagged: ¦", {"vip"}, set()),
    (STEP + "  x:\n    ask: Mail?\n    type: ¦", {"email", "choice"}, {"message"}),
    (STEP + "  x:\n    call: ¦", {"http.request"}, set()),
    (STEP + "  x:\n    use: ¦", {"message", "wait"}, set()),
    (STEP + '  x:\n    say: "Hi {{¦', {"colour", "contact"}, {"say"}),
    (STEP + "  x:\n    say: Hi {{colour|¦}}", {"upper"}, {"colour"}),
]


@pytest.mark.parametrize("text, there, absent", YAML, ids=lambda v: v[-40:] if isinstance(v, str) else "")
def test_in_yaml(editor: Editor, text: str, there: set[str], absent: set[str]) -> None:
    sheet = editor.open("c.yaml", STEP)
    if text.startswith("flow: x"):
        text += "\nsteps:\n  a: {say: Hi}\n" if text.endswith("¦") and "{" not in text else ""
    elif text == "¦":
        text = "¦\nsteps:\n  a: {say: Hi}\n"
    else:
        sheet.findings()
    if "steps:" not in text:
        text += "\nsteps: {}\n"
    found = set(sheet.complete(text))
    assert there <= found and not absent & found


NODES = '{"startNodeId": "a", "nodes": [\n {"id": "a", "type": "message", "content": {"text": "Hi"}, "connections": [{"targetNodeId": "b"}]},\n {"id": "b", "type": "end"}'
JSON = [
    ('{"startNodeId": "¦', NODES.removeprefix('{"startNodeId": "a'), {"a", "b"}),
    (NODES + ', {"id": "c", "type": "¦', '"}]}', {"message", "wait"}),
    (NODES + ', {"id": "c", "type": "end", "connections": [{"targetNodeId": "¦', '"}]}]}', {"a", "b"}),
    (
        NODES + ', {"id": "c", "type": "end", "connections": [{"condition": {"type": "¦',
        '"}}]}]}',
        {"keyword", "timeout"},
    ),
    (NODES + ', {"id": "c", "type": "get_input", "inputType": "¦', '"}]}', {"email"}),
    (NODES + ', {"id": "c", "type": "message", "content": {"text": "Hi {{contact.¦', '}}"}}]}', {"firstName"}),
]


@pytest.mark.parametrize("before, behind, there", JSON)
def test_in_json(editor: Editor, before: str, behind: str, there: set[str]) -> None:
    sheet = editor.open("c.json", NODES + "]}")
    assert sheet.complete(NODES + "]}¦") == []
    assert there <= set(sheet.complete(before + behind))


def test_what_is_chosen_takes_the_place_of_what_was_begun(editor: Editor) -> None:
    sheet = editor.open("d.flow", "flow x\n")
    assert sheet.completed(HEAD + "  goto two¦" + TAIL, "two words").endswith('goto "two words"' + TAIL)
    assert sheet.completed(HEAD + '  say "{{contact.fir¦' + TAIL, "firstName").endswith("{{contact.firstName" + TAIL)
    assert sheet.completed(HEAD + "  call http.re¦" + TAIL, "http.request").endswith("call http.request" + TAIL)
    assert "steps:" in editor.open("d.yaml", "").completed("flow: x\nsteps:\n  a: {sa¦}\n", "say")
    assert editor.open("e.yaml", STEP).completed(STEP + "  x:\n    say: Hi\n    next: b¦", "bye").endswith("next: bye")


def test_flows_beside_the_file(editor: Editor) -> None:
    editor.open("with/other.yaml", STEP)
    sheet = editor.open("with/this.flow", "flow x\n")
    assert sheet.complete("flow x\n\na:\n  run ¦") == ["other"]


HOVERS = [
    ("h.flow", HEAD.replace("tag vip", "ta¦g vip"), "Gives the contact a tag"),
    ("h.flow", 'fl¦ow shop\n\na:\n  say "x"\n', "short name"),
    ("h.flow", 'flow shop\n  when comm¦ent "x"\n\na:\n  say "x"\n', "comment"),
    ("h.flow", HEAD + '  say "Hi"\n    qui¦ck "A"\n', "vanishes"),
    ("h.flow", HEAD + '  say "{{contact.first¦Name|default(1)}}"\n', "field of the profile"),
    ("h.flow", HEAD + '  say "{{colour|up¦per}}"\n', "capital letters"),
    ("h.flow", HEAD + '  say "{{col¦our}}"\n', "variable of the flow"),
    ("h.flow", HEAD + "  if window.o¦pen:\n    pass\n", "messaging window"),
    ("h.flow", HEAD + '  call http.re¦quest url="https://x.example"\n', "method"),
    ("h.flow", HEAD + "  goto mo¦re\n" + TAIL, '**more**\n\n`say "Bye"`\n\n1 way here'),
    ("h.flow", HEAD + "  goto nowhe¦re\n" + TAIL, "There is no step `nowhere`"),
    ("h.flow", HEAD + '  say "no¦thing"\n', ""),
    ("h.yaml", STEP.replace("ask:", "as¦k:"), "keeps the answer"),
    ("h.yaml", STEP.replace("next: bye", "next: b¦ye"), "**bye**\n\n`tag_contact: vip`"),
    ("h.yaml", "flow: x\nwhen: [dm_key¦word]\nsteps: {a: {say: x}}\n", ""),
    ("h.json", NODES.replace('"message"', '"mess¦age"') + "]}", "Sends a text"),
    ("h.json", NODES.replace('{"targetNodeId": "b"', '{"targetNodeId": "¦b"') + "]}", "**b**\n\n`end`"),
]


@pytest.mark.parametrize("name, text, about", HOVERS, ids=[h[1][-30:] for h in HOVERS])
def test_documentation_under_the_pointer(editor: Editor, name: str, text: str, about: str) -> None:
    found = editor.open(name, "flow x\n" if name.endswith(".flow") else STEP).hover(text)
    assert (about in found) if about else found == ""


def test_every_word_has_its_line() -> None:
    assert set(words.STEPS) == {*STEPS} and set(words.OPTIONS) == {*OPTIONS}
    assert set(words.HEADER) == {*HEADER, "flow", "layout"}
    assert (
        set(words.FILTER) == set(FILTERS) and set(words.FUNCTION) == set(FUNCTIONS) and set(words.ROOTS) == set(ROOTS)
    )
