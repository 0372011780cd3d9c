"""A conversation through the inbox and the drain: trigger, tap, window, log."""

from typing import Any

import pytest

from tests.runtime_in import flows
from tests.runtime_in.conftest import texts


def test_a_keyword_starts_a_flow_and_a_tap_goes_on(stage: Any) -> None:
    stage.flow("ask", flows.ask(), flows.KEYWORD)
    [question] = stage.says("What is the PRICE?")
    assert question["to"] == {"id": "p1"}
    payload = question["message"]["buttons"][0]["payload"]
    assert payload.startswith("ifl1.") and payload.endswith(".YES")
    assert texts(stage.taps(payload, text="Yes")) == ["Good"]
    assert stage.all("SELECT direction, type, status FROM message_log ORDER BY message_log_id") == [
        ("inbound", "text", "received"),
        ("outbound", "text", "queued"),
        ("inbound", "quick_reply_response", "received"),
        ("outbound", "text", "queued"),
    ]
    assert stage.all("SELECT status, foreground, outcome FROM run") == [("done", 0, "end")]
    assert stage.all("SELECT count(*) FROM mailbox") == [(0,)]
    assert stage.dispositions() == ["triggered", "handled"]
    assert stage.woken["dispatch"] == 2


def test_what_is_delivered_twice_is_handled_once(stage: Any) -> None:
    stage.flow("say", flows.say(), flows.KEYWORD)
    event = stage.event(text="price")
    assert stage.give(event, event) == 1
    assert stage.give(event) == 0
    assert texts(stage.run()) == ["Hello"]
    assert stage.all("SELECT count(*) FROM mailbox") == [(0,)]


def test_the_conversation_and_the_window_follow(stage: Any) -> None:
    first = stage.clock.now()
    stage.says("hi")
    stage.clock.move(hours=1)
    late = stage.event(text="older")
    late["at"] = first - 5000
    stage.give(late)
    stage.run()
    assert stage.all("SELECT last_inbound_at, consent FROM contact") == [(first, 1)]
    assert stage.all("SELECT status, unread FROM conversation") == [("open", 2)]
    assert stage.one("SELECT last_message_at FROM conversation") == first


@pytest.mark.parametrize("text", ["", "   ", "x" * 5000, "a\x00b", "\ud800"])
def test_odd_texts_are_stored_and_hurt_nobody(stage: Any, text: str) -> None:
    stage.flow("say", flows.say(), {"type": "default_reply"})
    assert texts(stage.says(text)) == ["Hello"]


def test_a_burst_of_short_messages_does_not_run_a_question_three_times(stage: Any) -> None:
    stage.settings({"burstSeconds": None})
    question = {
        "type": "get_input",
        "prompt": "Your e-mail?",
        "inputType": "email",
        "saveToAttribute": "email",
        "retryMessage": "That is none.",
    }
    stage.flow("mail", flows.chain(question), flows.KEYWORD)
    assert texts(stage.says("price")) == ["Your e-mail?"]
    assert [stage.says(words) for words in ("are you there?", "I want a mug")] == [[], []]
    stage.clock.move(seconds=3)
    assert texts(stage.says("a blue one")) == ["That is none."]
    assert stage.says("ana@mail.example") == []
    assert "ana@mail.example" in stage.one("SELECT custom_attributes FROM contact")


def test_a_payload_that_only_looks_like_one_of_ours_is_a_raw_one(stage: Any) -> None:
    stage.flow("raw", flows.say("Hi"), {"type": "default_reply"})
    assert texts(stage.taps(f"ifl1.{'-' * 36}.1.YES")) == ["Hi"]
    assert stage.one("SELECT count(*) FROM dead_letter") == 0
