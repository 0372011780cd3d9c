"""Rules about a lowered flow, in the cases where they speak and where they keep silent."""

from typing import Any

import pytest

from core.host.registry import Registry
from core.lang import check_triggers, compile_definition, compile_text

EXPIRES = "settings: {expireSeconds: 60}\n"
LOOP = "a:\n    set: {n: '{{n|default(0) + 1}}'}\n    next: b\n  b:\n    branch: [{if: n < 5, to: a}]\n    else: end\n"
CASES: list[tuple[str, list[str]]] = [
    ("steps:\n  a:\n    say: Hi\n", []),
    ("steps:\n  a:\n    wait: 0s\n    next: a\n", ["error IF201", "warning IF207", "warning IF511"]),
    ("steps:\n  a:\n    wait: 1h\n    next: a\n", ["warning IF207"]),
    (EXPIRES + "steps:\n  a:\n    wait: 1h\n    next: a\n", []),
    ("steps:\n  " + LOOP, ["warning IF201"]),
    ("steps:\n  a:\n    say: x\n    quick: [{text: x, to: end}]\n", ["warning IF202"]),
    (EXPIRES + "steps:\n  a:\n    say: x\n    quick: [{text: x, to: end}]\n", []),
    (EXPIRES + "steps:\n  a:\n    say: x\n    quick: [{text: x}]\n", ["error IF202", "warning IF103"]),
    ("steps:\n  a:\n    say: x\n    routes: [{reply: any, to: end}]\n", []),
    ("steps:\n  a:\n    ask: x\n    next: end\n", ["info IF202"]),
    ("steps:\n  a:\n    ask: x\n    routes: [{answer: valid, to: end}, {timeout: 1h, to: end}]\n", []),
    ("steps:\n  a:\n    run: other\n    next: end\n", []),
    ("steps:\n  a:\n    call: http.request\n    next: end\n", []),
    (
        "steps:\n  a:\n    say: x\n    next: a2\n  a2:\n    use: nothing.installed\n    next: a3\n  a3:\n    say: y\n",
        ["error IF110"],
    ),
    (
        "steps:\n  a:\n    say: x\n    buttons: [{text: y, to: b}]\n    routes: [{timeout: 1h, to: end}]\n  b: {say: z}\n",
        [],
    ),
    ("status: active\nsteps:\n  a:\n    say: Hi\n", ["info IF108"]),
    ("status: active\nwhen: [welcome_message]\nsteps:\n  a:\n    say: Hi\n", []),
]


@pytest.mark.parametrize(("text", "said"), CASES, ids=range(len(CASES)))
def test_checks(text: str, said: list[str], box: Registry) -> None:
    found = compile_text(text, box, "yaml").diagnostics
    told = sorted(f"{d.severity} {d.code}" for d in found if d.code != "IF304")  # variables: test_names.py
    assert told == said, [d.message for d in found]


def test_a_loop_names_its_steps(box: Registry) -> None:
    found = compile_text("steps:\n  " + LOOP, box, "yaml").diagnostics[0]
    assert set(found.path) == {"a", "b"} and found.path[0] == found.path[-1]


TEXTS: list[tuple[str, bool, list[str]]] = [
    ("x" * 1000, False, []),
    ("é" * 501, False, ["warning IF503"]),
    ("é" * 501, True, ["error IF503"]),
    ("x" * 641, True, ["error IF503"]),
    ("x" * 640, True, []),
    ("x" * 950 + "{{name|default('')}}", False, ["info IF503"]),
]


@pytest.mark.parametrize(("text", "buttons", "said"), TEXTS, ids=range(len(TEXTS)))
def test_texts_are_measured_in_bytes(text: str, buttons: bool, said: list[str], box: Registry) -> None:
    shown: dict[str, Any] = {"text": text}
    if buttons:
        shown["buttons"] = [{"type": "url", "text": "Open", "url": "https://a.example"}]
    flow = {"startNodeId": "a", "nodes": [{"id": "a", "type": "message", "content": shown, "connections": []}]}
    assert [f"{d.severity} {d.code}" for d in compile_definition(flow, box).diagnostics] == said


COMMENT = {"type": "comment_keyword", "keyword": "win"}
PRIVATE: list[tuple[dict[str, Any], list[str]]] = [
    ({"text": "Hi {{contact.username}}"}, []),
    ({"text": "Hi {{contact.firstName|default('you')}}"}, []),
    ({"text": "Hi {{contact.firstName}}"}, ["warning IF408"]),
    ({"text": "Hi", "mediaUrl": "https://a.example/a.png"}, ["warning IF405"]),
    ({"text": "Hi", "buttons": [{"type": "url", "text": "Open", "url": "https://a.example"}]}, ["warning IF405"]),
    ({"text": "x" * 1001}, ["error IF503"]),
]


@pytest.mark.parametrize(("content", "said"), PRIVATE, ids=range(len(PRIVATE)))
def test_private_replies(content: dict[str, Any], said: list[str], box: Registry) -> None:
    nodes = [
        {
            "id": "a",
            "type": "comment_reply",
            "text": "Look!",
            "connections": [{"targetNodeId": "b", "condition": None}],
        },
        {"id": "b", "type": "message", "content": content, "connections": [{"targetNodeId": "c", "condition": None}]},
        {"id": "c", "type": "message", "text": "{{contact.firstName}}", "connections": []},
    ]
    done = compile_definition({"startNodeId": "a", "nodes": nodes}, box)
    found = [f"{d.severity} {d.code}" for d in check_triggers([COMMENT], done.program, box)]
    assert sorted(found) == sorted([*said, "error IF404"]), "the second message has no answer before it"
    assert {d.code for d in check_triggers([{"type": "dm_keyword", "keyword": "x"}], done.program, box)} == {"IF406"}
    assert check_triggers([], done.program, box) == []


def test_triggers_are_looked_at(box: Registry) -> None:
    found = check_triggers([{"type": "dm_keyword"}, {"type": "moon"}, {}, {"type": 3}], None, box)
    assert {d.place[:2] for d in found} == {("triggers", i) for i in range(4)}
    assert all(d.severity == "error" for d in found)
