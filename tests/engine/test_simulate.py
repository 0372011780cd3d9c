"""Whole conversations in memory, by the JSON that the preview and flow tests speak."""

import pytest

from core.cli.bench_engine import requirements
from core.engine import ScriptError, Shelf, simulate
from core.model.limits import EVENTS_PER_RUN
from tests.engine.conftest import edge, program, say, state

NOW = 1_772_000_000_000


def playing(p, *events, **more):
    return simulate(Shelf([p]), p.hash, {"now": NOW, "contact": {"firstName": "Ana"}, "events": list(events), **more})


def spoken(answer):
    return [
        entry["message"].get("text")
        if entry["who"] == "flow"
        else entry.get("code") or entry.get("kind") or entry["who"]
        for entry in answer["transcript"]
    ]


def test_the_requirements_conversation():
    answer = playing(
        requirements(),
        {"type": "start", "trigger": {"type": "dm_keyword", "text": "hi"}},
        {"type": "tap", "title": "browse products"},
        {"type": "advance", "minutes": 59},
        {"type": "advance", "minutes": 1},
        {"type": "text", "text": "not an address"},
        {"type": "text", "text": "Ana@Mail.example"},
        {"type": "text", "text": "bye"},
    )
    hello = "Hello Ana! Welcome to our page. How can I help you today?"
    question = "Can I get your email for updates?"
    assert spoken(answer) == [
        "contact",
        hello,
        "contact",
        "contact.tag",
        question,
        "contact",
        "That is no address.",
        question,
        "contact",
        "contact.set",
        "Thank you!",
        "run.ended",
        "contact",
        "over",
    ]
    assert answer["transcript"][4]["at"] == NOW + 3_600_000
    assert (answer["contact"]["email"], answer["tags"]) == ("ana@mail.example", ["browsed_products"])
    assert (answer["run"]["status"], answer["node"], answer["buttons"]) == ("done", "node_7", [])
    assert [s["disposition"] for s in answer["steps"]] == [
        "handled",
        "handled",
        "handled",
        "unmatched",
        "handled",
        "handled",
    ]
    assert "Sends “Can I get your email for updates?”." in answer["steps"][2]["sentences"]


def test_the_same_script_gives_the_same_answer():
    script = [
        {"type": "text", "text": "hi"},
        {"type": "tap", "payload": "BROWSE_PRODUCTS"},
        {"type": "advance", "hours": 2},
    ]
    assert playing(requirements(), *script) == playing(requirements(), *script)


def test_where_it_rests():
    answer = playing(requirements(), {"type": "text", "text": "hi"}, {"type": "tap", "payload": "BROWSE_PRODUCTS"})
    assert answer["timers"] == [{"wait": 2, "at": NOW + 3_600_000}]
    assert (answer["run"]["waitKind"], answer["node"], answer["now"]) == ("timer", "node_5", NOW)


def test_nothing_happens_without_an_event():
    answer = playing(requirements())
    assert (answer["run"], answer["transcript"], answer["node"]) == (None, [], None)


def sending(*waits):
    states, last = {}, None
    for i, seconds in reversed(list(enumerate(waits))):
        wait = {"kind": "timer", "seconds": seconds, "edges": [edge(f"w{i}", "next", f"s{i}")]}
        states = {f"w{i}": state(f"w{i}", wait=wait), f"s{i}": state(f"s{i}", do=[say(f"m{i}")], to=last), **states}
        last = f"w{i}"
    return program(states)


def test_a_message_outside_the_window_is_noted():
    p = sending(3600, 24 * 3600)
    answer = playing(p, {"type": "start", "trigger": {"type": "ref"}}, {"type": "advance", "days": 3})
    assert spoken(answer) == ["m0", "window_closed", "m1", "run.ended"]


def test_a_comment_allows_one_private_reply_until_the_contact_writes():
    p = sending(1, 1)
    answer = playing(p, {"type": "start", "trigger": {"type": "comment_keyword"}}, {"type": "advance", "seconds": 5})
    assert spoken(answer) == ["private_reply", "m0", "window_closed", "m1", "run.ended"]


@pytest.mark.parametrize(
    ("kind", "days", "said"), [("comment_keyword", 6, "private_reply"), ("comment_keyword", 8, "window_closed"), ("live_comment", 1, "window_closed")]
)  # fmt: skip
def test_a_private_reply_can_be_too_late(kind, days, said):
    wait = state("w", wait={"kind": "timer", "seconds": days * 86400, "edges": [edge("w", "next", "m")]})
    answer = playing(
        program({"w": wait, "m": state("m", do=[say("Hi")])}),
        {"type": "start", "trigger": {"type": kind}},
        {"type": "advance", "days": days},
    )
    assert spoken(answer)[0] == said


@pytest.mark.parametrize(("ago", "said"), [(3600, "Hi"), (90_000, "window_closed"), (None, "window_closed")])
def test_the_contact_may_have_written_before(ago, said):
    start = {"type": "start", "trigger": {"type": "reaction"}, **({"wroteAgo": ago} if ago else {})}
    assert spoken(playing(program({"m": state("m", do=[say("Hi")])}), start))[0] == said


def calling():
    wait = {
        "kind": "result",
        "effect": "shop.order",
        "args": {},
        "seconds": 10,
        "retries": 0,
        "save": "order",
        "outcome": {"success": 0, "failure": 1, "timeout": 2},
        "edges": [edge("c", "ok", "yes"), edge("c", "no", "c"), edge("c", "late", "late")],
    }
    text = ["tpl", ["total ", [["var", "order", "total"]]]]
    return program(
        {"c": state("c", wait=wait), "yes": state("yes", do=[say(text)]), "late": state("late", do=[say("late")])}
    )


@pytest.mark.parametrize(
    ("mock", "events", "expected"),
    [
        ({"outcome": "success", "data": {"total": 5}}, [], ["call", "total 5", "run.ended"]),
        (
            ["failure", {"outcome": "success", "seconds": 4}],
            [{"type": "advance", "seconds": 4}],
            ["call", "call", "total ", "run.ended"],
        ),
        ("timeout", [{"type": "advance", "seconds": 70}], ["call", "late", "run.ended"]),
        (None, [{"type": "result", "outcome": "success", "data": {"total": 1}}], ["call", "total 1", "run.ended"]),
        (None, [{"type": "advance", "minutes": 2}], ["call", "late", "run.ended"]),
    ],
)
def test_calls_are_answered_by_mocks_or_by_events(mock, events, expected):
    mocks = {"shop.order": mock} if mock else {}
    assert spoken(playing(calling(), {"type": "start"}, *events, mocks=mocks)) == expected


def test_a_person_gives_the_conversation_back():
    wait = {"kind": "human", "outcome": {"*": 0}, "edges": [edge("h", "return", "b")]}
    p = program({"h": state("h", do=[["handover", {}]], wait=wait), "b": state("b", do=[say("back")])})
    answer = playing(p, {"type": "start"}, {"type": "return"}, {"type": "return"})
    assert spoken(answer) == ["conversation.handover", "back", "run.ended", "unanswered"]


def test_what_cannot_be_tapped_is_noted():
    link = {"type": "url", "text": "Shop", "url": "https://shop.example"}
    p = program({"a": state("a", do=[["send", {"text": "x", "buttons": [link]}]], wait={"kind": "reply", "edges": []})})
    answer = playing(p, {"type": "start"}, {"type": "tap", "title": "Shop"}, {"type": "tap", "title": "Buy"})
    assert spoken(answer) == ["x", "not_shown", "not_shown"]


def test_it_can_begin_at_a_step_and_with_media():
    assert spoken(playing(requirements(), {"type": "start", "at": "node_7"})) == ["Thank you!", "run.ended"]
    answer = playing(requirements(), {"type": "media", "media": [{"type": "image"}]}, {"type": "media"})
    assert spoken(answer)[-1] == "unanswered"


def test_a_fault_is_told():
    p = program({"a": state("a", to="a")})
    answer = playing(p, {"type": "start"})
    assert spoken(answer) == ["run.failed", "failed"]
    assert answer["run"]["status"] == "errored"


@pytest.mark.parametrize(
    ("script", "wrong"),
    [
        ({"events": [{"type": "dance"}]}, r"events\[0\]: an event has a type"),
        ({"events": [{"type": "text"}]}, r"events\[0\]: 'text' needs text"),
        ({"events": [{"type": "tap", "title": 5}]}, "needs title or payload"),
        ({"events": [{"type": "advance", "hours": -1}]}, "not negative"),
        ({"events": [{"type": "advance", "days": 400, "hours": 1}]}, "400 days"),
        ({"events": [{"type": "media", "media": ["x"]}]}, "list of"),
        ({"events": [{"type": "start", "trigger": 5}]}, "wrong type"),
        ({"events": [{"type": "advance"}] * 501}, "500 events"),
        ({"events": {}}, "'events' must be a list"),
        ({"now": "soon"}, "'now' must be"),
        ({"contact": []}, "'contact' must be an object"),
        ({"contact": {"tags": "vip"}}, "'tags' must be"),
    ],
)
def test_a_script_that_cannot_be_read_says_what_is_wrong(script, wrong):
    p = requirements()
    with pytest.raises(ScriptError, match=wrong):
        simulate(Shelf([p]), p.hash, script)


def test_a_flow_that_calls_in_a_circle_ends_at_the_limit_of_events():
    wait = {"kind": "result", "effect": "e", "args": {}, "seconds": 5, "retries": 0, "outcome": {"success": 0}, "edges": [edge("a", "ok", "a")]}  # fmt: skip
    answer = playing(program({"a": state("a", wait=wait)}), {"type": "start"}, mocks={"e": "success"})
    assert answer["run"]["status"] == "errored" and answer["run"]["error"]["code"] == "IFR06"
    assert len(answer["steps"]) == EVENTS_PER_RUN + 1
