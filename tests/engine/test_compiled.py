"""Flows as their authors write them, compiled and played: compiler and engine agree about the program."""

from pathlib import Path

import pytest

from core.cli.bench_engine import requirements
from core.engine import Shelf, simulate
from core.host.manager import load
from core.lang import compile_definition, compile_text

FOLDER = Path(__file__).parents[2] / "flows_examples"
EXAMPLES = sorted(p for p in FOLDER.iterdir() if p.suffix in (".flow", ".json", ".yaml") and ".test." not in p.name)


@pytest.fixture(scope="module")
def registry():
    return load(entry_points=False)


def compiled(registry, nodes, **more):
    found = compile_definition({"startNodeId": nodes[0]["id"], "nodes": nodes, **more}, registry)
    assert found.ok, found.diagnostics
    return found.program


def played(program, *events, **more):
    answer = simulate(Shelf([program]), program.hash, {"events": list(events), **more})
    assert answer["run"]["error"] is None, answer["run"]["error"]
    return answer


def texts(answer):
    return [t["message"]["text"] for t in answer["transcript"] if t["who"] == "flow" and "text" in t["message"]]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.name)
def test_an_example_plays_whatever_is_answered(registry, path):
    program = compile_text(path.read_text(), registry, format=path.suffix[1:]).program
    for words in ("yes", "nonsense", "ana@mail.example"):
        answer = simulate(
            Shelf([program]),
            program.hash,
            {
                "contact": {"firstName": "Ana"},
                "events": [{"type": "text", "text": words}, {"type": "advance", "days": 1}] * 8,
            },
        )
        assert answer["run"]["error"] is None
        handed = any(t["who"] == "effect" and t["kind"] == "conversation.handover" for t in answer["transcript"])
        assert texts(answer) or handed


def test_the_bench_plays_the_requirements_flow(registry):
    path = next(p for p in EXAMPLES if p.name == "requirements.json")
    program = compile_text(path.read_text(), registry, format="json").program
    script = [
        {"type": "start", "trigger": {"type": "dm_keyword", "text": "hi"}},
        {"type": "tap", "payload": "BROWSE_PRODUCTS"},
        {"type": "advance", "hours": 1},
        {"type": "text", "text": "ana@mail.example"},
    ]
    mine, theirs = played(requirements(), *script), played(program, *script)
    assert [s["path"] for s in mine["steps"]] == [s["path"] for s in theirs["steps"]]
    assert [[e["kind"] for e in s["effects"]] for s in mine["steps"]] == [
        [e["kind"] for e in s["effects"]] for s in theirs["steps"]
    ]


def to(target, kind=None, **more):
    return {"targetNodeId": target, "condition": {"type": kind, **more} if kind else None}


def test_a_choice_by_tap_title_and_number(registry):
    nodes = [
        {"id": "a", "type": "get_input", "prompt": "Size?", "inputType": "choice", "options": ["Small", "Extra large"],
         "saveToVariable": "size", "connections": [to("b", "input_valid", value=True)]},
        {"id": "b", "type": "message", "content": {"text": "{{size|upper}}!"}, "connections": []},
    ]  # fmt: skip
    program = compiled(registry, nodes)
    for event in (
        {"type": "tap", "title": "Extra large"},
        {"type": "text", "text": "extra large please"},
        {"type": "text", "text": "2"},
    ):
        assert texts(played(program, {"type": "start"}, event)) == ["Size?", "EXTRA LARGE!"]


def test_conditions_attributes_and_tags(registry):
    nodes = [
        {"id": "s", "type": "start", "connections": [to("set")]},
        {"id": "set", "type": "set_attribute", "target": "contact.plan", "value": "pro", "connections": [to("tag")]},
        {"id": "tag", "type": "tag_contact", "tagName": "vip", "connections": [to("if")]},
        {"id": "if", "type": "condition", "connections": [
            to("no", "attribute_equals", attribute="plan", value="free"),
            to("yes", "expression", value="tagged vip and contact.score > 3"), to("no")]},
        {"id": "yes", "type": "message", "content": {"text": "Welcome, {{contact.name|default('friend')}}"}},
        {"id": "no", "type": "message", "content": {"text": "no"}},
    ]  # fmt: skip
    program = compiled(registry, nodes)
    assert texts(played(program, {"type": "start"}, contact={"score": "7"})) == ["Welcome, friend"]
    assert texts(played(program, {"type": "start"}, contact={"score": 2})) == ["no"]


def test_until_a_time_in_the_contacts_zone(registry):
    nodes = [
        {"id": "w", "type": "wait", "until": "09:00", "connections": [to("m")]},
        {"id": "m", "type": "message", "content": {"text": "Good morning"}},
    ]
    program = compiled(registry, nodes)
    more = {"now": "2026-06-01T12:00:00Z", "contact": {"timezone": "Europe/Berlin"}}
    early = played(program, {"type": "start"}, {"type": "advance", "hours": 18, "minutes": 59}, **more)
    due = played(program, {"type": "start"}, {"type": "advance", "hours": 19}, **more)
    assert (texts(early), texts(due)) == ([], ["Good morning"])
