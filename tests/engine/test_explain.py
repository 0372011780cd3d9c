"""Steps in sentences."""

import pytest

from core.engine import Result, explain
from core.engine.explain import sentence_of
from core.model.effect import Effect
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
from core.model.run import RunState
from tests.engine.conftest import edge, program, say, state


def test_a_step_as_a_story(play):
    wait = {"kind": "timer", "seconds": 5400, "edges": []}
    ask = {"kind": "reply", "payload": {"YES": 0}, "edges": [edge("q", "payload:YES", "t")]}
    p = play(
        program(
            {
                "q": state("q", do=[say("Well?", "Yes")], wait=ask),
                "t": state("t", do=[["tag", "sure"], ["set", "contact", "plan", "pro"]], to="w"),
                "w": state("w", wait=wait),
            }
        )
    )
    started = Started(p.first, {"type": "ref"})
    assert explain(started, p(started)) == [
        "The flow starts (ref).",
        "Sends “Well?” with the buttons Yes.",
        "Waits for an answer.",
    ]
    tap = Replied("Yes", "YES")
    assert explain(tap, p(tap)) == [
        "The contact tapped “Yes”.",
        "q: takes the exit payload “YES”.",
        "t: goes on.",
        "Tags the contact sure.",
        "Sets the contact's plan to “pro”.",
        "Waits 1 h 30 min.",
    ]
    done = TimerFired(2)
    assert explain(done, p(done))[-1] == "The flow is over (end)."


@pytest.mark.parametrize("disposition", ["handled", "unmatched", "ignored", "early", "stale", "reprompted", "turn"])
@pytest.mark.parametrize(
    "event",
    [
        Started("x"),
        Replied("hm"),
        Replied(media=({"type": "image"},)),
        TimerFired(1),
        ResultArrived(1, "failure", error="503"),
        Returned(),
        TurnCame(),
        Repeated(),
        Retried(),
        Cancelled("expired"),
    ],
)
def test_every_event_and_disposition_has_a_sentence(event, disposition):
    run = RunState("r", "c")
    assert all(s.endswith((".", "”.")) for s in explain(event, Result(run, [], [("a", "a#next")], disposition)))


@pytest.mark.parametrize(
    ("kind", "data", "sentence"),
    [
        ("send", {"message": {"media": [{"type": "image", "url": "https://a.example/i.png"}], "cards": [{}, {}]}}, "Sends image https://a.example/i.png and 2 cards."),
        ("comment_reply", {"text": "hi"}, "Replies to the comment in public: “hi”."),
        ("contact.untag", {"name": "x"}, "Takes the tag x off the contact."),
        ("contact.unset", {"name": "x"}, "Clears the contact's x."),
        ("conversation.handover", {"message": "help"}, "Hands over to a person: help."),
        ("call", {"effect": "shop.order"}, "Calls shop.order."),
        ("run.failed", {"code": "IFR01", "message": "too many"}, "Stops with IFR01: too many."),
        ("acme.ping", {}, "Asks for acme.ping."),
        ("timer.start", {"wait": 1, "seconds": 5}, ""),
    ],
)  # fmt: skip
def test_effects(kind, data, sentence):
    assert sentence_of(Effect(kind, data)) == sentence
