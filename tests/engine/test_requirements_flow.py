"""The conversation of the requirements, event by event."""

import pytest

from core.cli.bench_engine import requirements
from core.model.event import Replied, Started, TimerFired
from core.model.run import RunStatus


@pytest.fixture
def conversation(play):
    p = play(requirements())
    p(Started(p.first, {"type": "dm_keyword", "text": "hi"}))
    return p


def kinds(result):
    return [e.kind for e in result.effects]


def test_the_browsing_branch_ends_with_a_stored_address(conversation):
    p = conversation
    assert p.last.effects[0].data["message"]["text"].startswith("Hello Ana! Welcome")
    assert [b["payload"] for b in p.last.effects[0].data["message"]["buttons"]] == [
        "BROWSE_PRODUCTS",
        "CONTACT_SUPPORT",
    ]
    assert (p.run.wait, p.run.wait_kind, p.run.seq) == (1, "reply", 1)

    tap = p(Replied("Browse Products", "BROWSE_PRODUCTS"))
    assert kinds(tap) == ["contact.tag", "timer.start"]
    assert tap.effects[1].data == {"wait": 2, "seconds": 3600}
    assert tap.path == [("node_2", "node_2#payload:BROWSE_PRODUCTS"), ("node_3", "node_3#next")]

    assert p(TimerFired(1)).disposition == "stale"
    asked = p(TimerFired(2))
    assert asked.effects[0].data["message"]["text"] == "Can I get your email for updates?"

    assert p(Replied("not an address")).disposition == "unmatched"
    again = p(Replied("not an address", final=True))
    assert [e.data["message"]["text"] for e in again.effects] == [
        "That is no address.",
        "Can I get your email for updates?",
    ]
    done = p(Replied("it is Ana@Mail.example, thanks"))
    assert done.effects[0].data == {"name": "email", "value": "ana@mail.example"}
    assert kinds(done) == ["contact.set", "send", "run.ended"]
    assert p.run.status is RunStatus.DONE
    assert p(Replied("hello?")).disposition == "stale"


def test_the_support_branch_hands_over_and_ends(conversation):
    result = conversation(Replied("Contact support"))
    assert [(e.kind, e.data) for e in result.effects] == [
        ("conversation.handover", {"message": "User requested support."}),
        ("run.ended", {"outcome": "handover"}),
    ]
    assert conversation.run.outcome == "handover"
