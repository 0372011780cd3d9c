"""Sends whose outcome nobody knows are settled by look-up, and never doubled."""

from datetime import UTC, datetime
from typing import Any

from core.runtime.match_sent import same_message
from tests.runtime_out.conftest import OutHouse
from tests.runtime_out.graph import DROP, Seen, error

IG = "17841400000000101"


def listing(house: OutHouse, *messages: tuple[str, str, int]) -> Any:
    """A conversation as Graph lists it: (mid, text, milliseconds)."""
    rows = [
        {
            "id": mid,
            "created_time": datetime.fromtimestamp(at // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000"),
            "from": {"id": IG, "username": "bella.bakery"},
            "message": text,
        }
        for mid, text, at in messages
    ]
    return 200, {"data": [{"id": "thread", "messages": {"data": rows}}]}


def lost(house: OutHouse) -> None:
    """One send whose answer was swallowed; its lease and grace are over now."""
    house.put(house.row("Hello"), house.row("next"))
    house.graph.answer = lambda s: DROP
    house.dispatcher().once()
    assert house.states() == ["sending", "queued"]
    house.clock.move(seconds=61)


def test_it_had_arrived_found_in_the_conversation(house: OutHouse) -> None:
    at = house.clock.now()
    lost(house)
    house.graph.answer = lambda s: listing(house, ("mid.x", "Hello", at)) if s.method == "GET" else None
    house.dispatcher().once()
    first = house.one("SELECT state, provider_id, settled_by FROM outbox ORDER BY id LIMIT 1")
    assert first == ("sent", "mid.x", "lookup") and house.states() == ["sent", "sent"]
    assert house.log()[0] == ("sent", None) and house.graph.texts() == ["Hello", "next"]
    look = house.graph.lookups()[0]
    assert look.query["user_id"] == "836120000000201" and look.query["platform"] == "instagram"


def test_it_had_not_arrived_and_is_sent_again(house: OutHouse) -> None:
    lost(house)
    house.graph.answer = None
    dispatcher = house.dispatcher()
    dispatcher.once()
    house.clock.move(minutes=1)
    dispatcher.once()
    assert house.states() == ["sent", "sent"] and house.graph.texts() == ["Hello", "Hello", "next"]


def test_a_message_that_another_row_claims_is_not_ours(house: OutHouse) -> None:
    at = house.clock.now()
    lost(house)
    house.put(house.row("old", contact=house.new_contact("836120000000333")))
    house.run(
        "UPDATE message_log SET mid = 'mid.known' WHERE message_log_id IN (SELECT message_log_id FROM outbox WHERE state = 'queued' AND contact_id = ?)",
        house.contact,
    )
    house.graph.answer = lambda s: listing(house, ("mid.known", "Hello", at)) if s.method == "GET" else None
    house.dispatcher().once()
    assert house.one("SELECT state, error_code FROM outbox ORDER BY id LIMIT 1") == ("queued", "not_arrived")


def test_an_older_message_with_the_same_words_is_not_ours(house: OutHouse) -> None:
    at = house.clock.now() - 60_000
    lost(house)
    house.graph.answer = lambda s: listing(house, ("mid.old", "Hello", at)) if s.method == "GET" else None
    house.dispatcher().once()
    assert house.one("SELECT state FROM outbox ORDER BY id LIMIT 1") == ("queued",)


def test_what_cannot_be_asked_three_times_is_for_a_person(house: OutHouse) -> None:
    lost(house)
    house.graph.answer = lambda s: error(100, 33) if s.method == "GET" else None
    dispatcher = house.dispatcher()
    for _ in range(3):
        dispatcher.once()
        house.clock.move(seconds=6)
        dispatcher._settler.asked_at.clear()
    assert house.states()[0] == "review" and house.log()[0] == ("needs_review", "unknown")
    assert house.one("SELECT kind FROM notification") == ("needs_review",)
    dispatcher.once()
    assert house.states() == ["review", "sent"] and len(house.graph.lookups()) == 3


def test_a_busy_conversation_that_does_not_reach_back_is_not_proof_of_absence(house: OutHouse) -> None:
    at = house.clock.now()
    lost(house)
    many = [(f"mid.{i}", "other", at + 30_000) for i in range(20)]
    house.graph.answer = lambda s: listing(house, *many) if s.method == "GET" else None
    house.dispatcher().once()
    assert house.one("SELECT state, asked FROM outbox ORDER BY id LIMIT 1") == ("sending", 1)


def test_a_crash_between_claim_and_answer_is_settled_the_same_way(house: OutHouse) -> None:
    house.put(house.row("Hello"))
    now = house.clock.now()
    house.run(
        "UPDATE outbox SET state = 'sending', attempt = 1, lease_owner = 'dead', lease_until = ?, sending_at = ?",
        now + 30_000,
        now,
    )
    dispatcher = house.dispatcher()
    dispatcher.once()
    assert house.graph.seen == []  # the lease, and then the grace
    house.clock.move(seconds=89)
    dispatcher.once()
    assert house.graph.seen == []
    house.clock.move(seconds=2)
    house.graph.answer = lambda s: listing(house, ("mid.x", "Hello", now)) if s.method == "GET" else None
    dispatcher.once()
    assert house.states() == ["sent"] and house.graph.sends() == []


def test_an_echo_that_comes_before_the_answer_wins(house: OutHouse) -> None:
    house.put(house.row("Hello"))

    def answer(seen: Seen) -> None:
        house.run("UPDATE outbox SET state = 'sent', provider_id = 'mid.echo', settled_by = 'echo'")
        house.run("UPDATE message_log SET status = 'sent', mid = 'mid.echo'")

    house.graph.answer = answer
    house.dispatcher().once()
    assert house.one("SELECT state, provider_id, settled_by FROM outbox") == ("sent", "mid.echo", "echo")
    assert house.one("SELECT status, mid FROM message_log") == ("sent", "mid.echo")


def test_a_late_answer_does_not_touch_a_row_that_was_taken_again(house: OutHouse) -> None:
    house.put(house.row("Hello"))
    house.graph.answer = lambda s: house.run("UPDATE outbox SET attempt = 2, lease_owner = 'other'")
    house.dispatcher().once()
    assert house.one("SELECT state, attempt, lease_owner FROM outbox") == ("sending", 2, "other")


def test_a_private_reply_is_simply_tried_again(house: OutHouse) -> None:
    house.put(house.row(body={"to": {"comment_id": "1790"}, "message": {"text": "Hi"}}))
    house.graph.answer = lambda s: DROP if s.number == 0 else error(100, 2534025)
    dispatcher = house.dispatcher()
    dispatcher.once()
    house.clock.move(seconds=61)
    dispatcher.once()
    house.clock.move(minutes=1)
    dispatcher.once()
    assert house.states() == ["sent"] and house.graph.lookups() == []
    assert house.log() == [("sent", "comment_already_answered")], "the first try arrived, its answer did not"


def test_a_short_lease_and_grace_work(house: OutHouse) -> None:
    house.put(house.row("Hello"))
    house.graph.answer = lambda s: DROP if s.method == "POST" else None
    dispatcher = house.dispatcher(lease_seconds=1.0, settle_grace_seconds=1.0)
    dispatcher.once()
    house.clock.move(seconds=1)
    house.graph.answer = None
    dispatcher.once()
    house.clock.move(seconds=10)
    dispatcher.once()
    assert house.states() == ["sent"] and house.graph.texts() == ["Hello", "Hello"]


def test_the_comparison_of_messages() -> None:
    body = {"message": {"text": "Cafe\u0301  ok", "buttons": [{"type": "quick_reply", "text": "Yes"}]}}
    assert same_message(body, {"text": "Café ok"}) and not same_message(body, {"text": "Café"})
    assert not same_message(body, {"text": "Café ok", "attachments": [{"type": "image"}]})
    assert same_message({"message": {"media": [{"type": "image"}]}}, {"attachments": [{"type": "image"}]})
    assert not same_message({"message": {"media": [{"type": "image"}]}}, {"attachments": [{"type": "video"}]})
    cards = {"message": {"cards": [{"title": "A"}]}}
    shown = {"type": "template", "payload": {"generic": {"elements": [{"title": "A"}]}}}
    assert same_message(cards, {"attachments": [shown]}) and same_message(
        cards, {"attachments": [{"type": "template"}]}
    )
    assert not same_message({"message": {"cards": [{"title": "B"}]}}, {"attachments": [shown]})
    template = {"message": {"text": "Pick", "buttons": [{"type": "postback", "text": "A"}]}}
    assert same_message(template, {"attachments": [{"type": "template"}]})
    assert not same_message(template, {"attachments": [shown]})
    assert same_message({"text": "Thanks!"}, {"text": "Thanks!"}) and not same_message(
        {"text": "Thanks!"}, {"text": "x"}
    )
