"""Every event against every state that a run can rest in, and what the operations wish."""

import pytest

from core.model.event import (
    Cancelled,
    Repeated,
    Replied,
    ResultArrived,
    Retried,
    Returned,
    Started,
    TimerFired,
    TurnCame,
)
from core.model.run import RunStatus
from tests.engine.conftest import NOW, edge, program, say, state

WAITS = {
    "reply": {"kind": "reply", "payload": {"YES": 0}, "timeout": [60, 0]},
    "timer": {"kind": "timer", "seconds": 60},
    "result": {"kind": "result", "effect": "shop.order", "args": {}, "seconds": 10, "retries": 1, "outcome": {"*": 0}},
    "human": {"kind": "human", "outcome": {"*": 0}},
}
EVENTS = {
    "reply": Replied("Yes", "YES"),
    "other": Replied("hm"),
    "timer": TimerFired(1),
    "late timer": TimerFired(7),
    "result": ResultArrived(1, "success"),
    "late result": ResultArrived(0, "success"),
    "return": Returned(),
    "turn": TurnCame(),
    "repeat": Repeated(),
    "retry": Retried(),
    "start": Started("x"),
    "cancel": Cancelled("stopped"),
}
TABLE = {
    "reply": "reply handled, other unmatched, timer handled, result stale, return stale, turn stale, repeat reprompted",
    "timer": "reply unmatched, other unmatched, timer handled, result stale, return stale, turn stale, repeat ignored",
    "result": "reply unmatched, other unmatched, timer handled, result handled, return stale, turn stale, repeat ignored",
    "human": "reply unmatched, other unmatched, timer stale, result stale, return handled, turn stale, repeat ignored",
    "turn": "reply unmatched, other unmatched, timer stale, result stale, return stale, turn handled, repeat ignored",
}
ALWAYS = "late timer stale, late result stale, retry stale, start stale, cancel handled"
CASES = [(kind, *case.rsplit(" ", 1)) for kind, cases in TABLE.items() for case in f"{cases}, {ALWAYS}".split(", ")]


def resting(play, kind):
    """A run that rests in a wait of that kind."""
    wait = {**WAITS["reply" if kind == "turn" else kind], "edges": [edge("w", "next", None)]}
    p = play(program({"w": state("w", do=[say("?")], wait=wait)}))
    p(Started(p.first), foreground_held=kind == "turn")
    assert p.run.wait_kind == kind
    p.context.foreground_held = False
    return p


@pytest.mark.parametrize(("kind", "event", "disposition"), CASES)
def test_every_event_in_every_wait(play, kind, event, disposition):
    p = resting(play, kind)
    before = p.run
    result = p(EVENTS[event])
    assert result.disposition == disposition
    if disposition in ("stale", "unmatched", "ignored"):
        assert (result.run, result.effects, result.path) == (before, [], [])
    else:
        assert result.run.seq == before.seq + 1


@pytest.mark.parametrize("event", EVENTS)
def test_a_run_that_is_over_takes_nothing(play, event):
    p = play(program({"a": state("a")}))
    p(Started(p.first))
    assert p.run.status is RunStatus.DONE
    assert p(EVENTS[event]).disposition in ("stale", "ignored")


def test_cancelling_stops_the_timer_and_says_why(play):
    p = resting(play, "timer")
    result = p(Cancelled("interrupted"))
    assert [(e.kind, e.data) for e in result.effects] == [
        ("timer.stop", {"wait": 1}),
        ("run.ended", {"outcome": "interrupted"}),
    ]
    assert (p.run.status, p.run.outcome) == (RunStatus.CANCELLED, "interrupted")


def test_a_held_foreground_stops_before_the_operations_of_the_question(play):
    wait = {**WAITS["reply"], "edges": [edge("ask", "next", None)]}
    p = play(
        program(
            {
                "a": state("a", do=[say("News!")], to="ask"),
                "ask": state("ask", do=[["tag", "asked"], say("?")], wait=wait),
            }
        )
    )
    first = p(Started(p.first), foreground_held=True)
    assert (first.disposition, [e.data for e in first.effects]) == ("turn", [{"message": {"text": "News!"}}])
    assert (p.run.wait, p.run.wait_kind) == (1, "turn")
    assert p(TurnCame()).disposition == "ignored"
    came = p(TurnCame(), foreground_held=False)
    assert [e.kind for e in came.effects] == ["contact.tag", "send", "timer.start"]
    assert (p.run.wait, p.run.wait_kind) == (2, "reply")


def test_operations(play):
    name = ["var", "contact", "firstName"]
    ops = [
        ["set", "flow", "n", ["+", ["var", "n"], 1]],
        ["set", "contact", "plan", ["tpl", ["plan-", [["var", "n"]]]]],
        ["tag", ["tpl", ["is-", [["var", "contact", "plan"]]]]],
        ["tag", "vip"],
        ["untag", "vip"],
        ["untag", "old"],
        ["unset", "contact", "city"],
        ["fx", "comment_reply", {"text": ["tpl", ["Hi ", [name]]]}],
        ["unset", "flow", "gone"],
        ["handover", {"message": ["tpl", ["for ", [name]]], "team": "sales"}],
        ["send", {"text": ["tpl", [[["var", "contact", "city"]]]]}],
    ]
    p = play(program({"a": state("a", do=ops)}, params=[{"name": "n", "default": 1}, {"name": "gone", "default": 1}]))
    context = {"contact": {"firstName": "Ana", "city": "Rome"}, "tags": frozenset({"old", "vip"})}
    result = p(Started(p.first), **context)
    assert [(e.kind, e.data) for e in result.effects] == [
        ("contact.set", {"name": "plan", "value": "plan-2"}),
        ("contact.tag", {"name": "is-plan-2"}),
        ("contact.untag", {"name": "vip"}),
        ("contact.untag", {"name": "old"}),
        ("contact.unset", {"name": "city"}),
        ("comment_reply", {"text": "Hi Ana"}),
        ("conversation.handover", {"message": "for Ana", "team": "sales"}),
        ("run.ended", {"outcome": "end"}),
    ]
    assert p.run.frames[-1].vars == {"n": 2}
    assert {e.node for e in result.effects} == {"a"}


def test_messages_fill_templates_and_leave_out_what_is_not_shown(play):
    buttons = [
        {"type": "quick_reply", "text": ["tpl", ["For ", [["var", "contact", "firstName"]]]], "payload": "A"},
        {"type": "quick_reply", "text": "Secret", "payload": "B", "if": ["tagged", "vip"]},
        {"type": "quick_reply", "text": "", "contentType": "user_email"},
    ]
    cards = [
        {
            "title": "Mug",
            "subtitle": ["tpl", [[["var", "nothing"]]]],
            "buttons": [{"type": "url", "text": "See", "url": "https://a.example"}],
        }
    ]
    media = [
        {"type": "image", "url": ["tpl", [[["var", "nothing"]]]]},
        {"type": "image", "url": "https://a.example/i.png"},
    ]
    p = play(program({"a": state("a", do=[["send", {"buttons": buttons, "cards": cards, "media": media}]])}))
    assert p(Started(p.first)).effects[0].data["message"] == {
        "media": [{"type": "image", "url": "https://a.example/i.png"}],
        "buttons": [
            {"type": "quick_reply", "payload": "A", "text": "For Ana"},
            {"type": "quick_reply", "contentType": "user_email", "text": ""},
        ],
        "cards": [{"title": "Mug", "buttons": [{"type": "url", "text": "See", "url": "https://a.example"}]}],
    }


def test_parameters_have_defaults_and_what_the_trigger_said_is_the_last_answer(play):
    p = play(
        program(
            {
                "a": state("a", next=[edge("a", "if0", "yes", when=["says", "price"]), edge("a", "next", None)]),
                "yes": state("yes", outcome="yes"),
            },
            params=[{"name": "prize", "default": "a mug"}, {"name": "size"}],
        )
    )
    p(Started(p.first, {"type": "dm_keyword", "text": "what PRICE, please?"}, {"size": "L"}))
    assert (p.run.outcome, p.run.frames[0].vars) == ("yes", {"size": "L", "prize": "a mug"})


def test_a_flow_can_begin_in_the_middle(play):
    wait = {**WAITS["reply"], "edges": [edge("b", "payload:YES", "c")]}
    p = program({"a": state("a", to="b"), "b": state("b", do=[say("?")], wait=wait), "c": state("c", outcome="c")})
    first = play(p)
    first(Started(p.hash, entry=("b", 0)))
    assert (first.run.outcome, first.last.path[0]) == ("c", ("b", "b#payload:YES"))
    second = play(p)
    second(Started(p.hash, entry=("b", -1)))
    assert second.run.wait_kind == "reply"
    third = play(p)
    third(Started(p.hash, entry=("b", 9)))
    assert third.run.error["code"] == "IFR03"


def test_a_split_is_the_same_for_a_contact_when_it_is_sticky(play):
    def splitting(sticky):
        return program(
            {
                "s": state("s", next=[edge("s", "30%", "a", when=["roll", "x", 0.3, sticky]), edge("s", "70%", None)]),
                "a": state("a", outcome="a"),
            }
        )

    def outcome(p, contact, run):
        one = play(p)
        one.run.contact, one.run.id = contact, run
        one(Started(one.first))
        return one.run.outcome

    sticky, fresh = splitting(True), splitting(False)
    share = sum(outcome(fresh, "c", f"run-{i}") == "a" for i in range(1000)) / 1000
    assert 0.25 < share < 0.35
    assert all(len({outcome(sticky, c, f"r{i}") for i in range(5)}) == 1 for c in "abcdef")


def test_timers_wait_by_seconds_time_instant_and_hours(play):
    hours = {"days": {"mon": [["09:00", "17:00"]]}, "zone": "account"}
    at = {"until": {"at": ["var", "contact", "birthday"], "zone": "contact"}}
    for wait, wish in (
        ({"seconds": 90}, {"seconds": 90}),
        ({"until": {"time": "09:00", "zone": "contact"}}, {"until": {"time": "09:00", "zone": "contact"}}),
        (at, {"until": {"zone": "contact", "at": "2026-12-24"}}),
        ({"hours": hours}, {"hours": hours}),
    ):
        p = play(program({"w": state("w", wait={"kind": "timer", **wait, "edges": [edge("w", "next", None)]})}))
        started = p(Started(p.first), contact={"birthday": "2026-12-24"})
        assert [(e.kind, e.data) for e in started.effects] == [("timer.start", {"wait": 1, **wish})]
        p(TimerFired(1), now=NOW + 90_000)
        assert p.run.status is RunStatus.DONE
