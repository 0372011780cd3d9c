"""The conversation of the requirements, event by event."""

import pytest

from core.model.event import Replied, Started, TimerFired
from core.model.run import RunStatus
from tests.engine.conftest import edge, program, say, state

HELLO = ["tpl", ["Hello ", [["var", "contact", "firstName"]], "! Welcome to our page. How can I help you today?"]]


def requirements():
    """The completed flow of the requirements, as the compiler lowers it."""
    buttons = [
        {"type": "quick_reply", "text": "Browse Products", "payload": "BROWSE_PRODUCTS"},
        {"type": "quick_reply", "text": "Contact Support", "payload": "CONTACT_SUPPORT"},
    ]
    welcome = {
        "kind": "reply",
        "payload": {"BROWSE_PRODUCTS": 0, "CONTACT_SUPPORT": 1},
        "title": {"browse products": 0, "contact support": 1},
        "interrupt": "keywords",
        "edges": [
            edge("node_2", "payload:BROWSE_PRODUCTS", "node_3"),
            edge("node_2", "payload:CONTACT_SUPPORT", "node_4"),
        ],
    }
    email = {
        "kind": "reply",
        "input": {"type": "email", "save": ["contact", "email"], "retries": 0, "valid": 0, "invalid": 1},
        "edges": [edge("node_6", "valid", "node_7"), edge("node_6", "invalid", "node_8")],
    }
    return program(
        {
            "node_1": state("node_1", to="node_2"),
            "node_2": state("node_2", do=[["send", {"text": HELLO, "buttons": buttons}]], wait=welcome),
            "node_3": state("node_3", do=[["tag", "browsed_products"]], to="node_5"),
            "node_4": state("node_4", do=[["handover", {"message": "User requested support."}]], outcome="handover"),
            "node_5": state(
                "node_5", wait={"kind": "timer", "seconds": 3600, "edges": [edge("node_5", "next", "node_6")]}
            ),
            "node_6": state("node_6", do=[say("Can I get your email for updates?")], wait=email),
            "node_7": state("node_7", do=[say("Thank you!")]),
            "node_8": state("node_8", do=[say("That is no e-mail address.")], to="node_6"),
        }
    )


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
        "That is no e-mail address.",
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
