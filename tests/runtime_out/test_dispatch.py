"""The dispatcher sends what may leave, in order and fairly, and writes down how it ended."""

import threading
from collections.abc import Callable

import orjson
import pytest

from tests.runtime_out.conftest import HOUR, OutHouse
from tests.runtime_out.graph import Seen

Eventually = Callable[[Callable[[], bool]], None]


def test_a_queued_text_is_sent_and_logged(house: OutHouse) -> None:
    house.put(house.row("Hello"))
    assert house.dispatcher().once() == 1
    sent = house.graph.sends()[0]
    assert sent.path == "/v26.0/me/messages" and sent.headers["authorization"] == "Bearer IGAAtoken"
    assert sent.json == {"recipient": {"id": "836120000000201"}, "message": {"text": "Hello"}}
    assert house.one("SELECT state, provider_id, settled_by, attempt FROM outbox") == ("sent", "mid.0", "response", 1)
    assert house.one("SELECT status, mid, reason FROM message_log") == ("sent", "mid.0", None)


def test_a_contacts_rows_leave_in_order_and_one_at_a_time(house: OutHouse) -> None:
    other = house.new_contact("836120000000202")
    house.put(*(house.row(f"a{i}") for i in range(5)), *(house.row(f"b{i}", contact=other) for i in range(5)))
    open_, worst, lock = {"836120000000201": 0, "836120000000202": 0}, 0, threading.Lock()

    def answer(seen: Seen) -> None:
        nonlocal worst
        with lock:
            open_[seen.to] += 1
            worst = max(worst, open_[seen.to])
        with lock:
            open_[seen.to] -= 1

    house.graph.answer = answer
    house.dispatcher().once()
    for letter in "ab":
        assert [t for t in house.graph.texts() if t[0] == letter] == [f"{letter}{i}" for i in range(5)]
    assert worst == 1 and house.states() == ["sent"] * 10


def test_a_retried_head_holds_its_contacts_later_rows_back(house: OutHouse) -> None:
    other = house.new_contact("836120000000202")
    house.put(house.row("first"), house.row("second"), house.row("free", contact=other))
    house.graph.answer = lambda s: (500, {"error": {"code": 2}}) if s.text == "first" else None
    dispatcher = house.dispatcher()
    dispatcher.once()
    house.graph.answer = None
    assert house.states() == ["queued", "queued", "sent"]
    house.clock.move(seconds=5)
    dispatcher.once()
    assert house.graph.texts()[-2:] == ["first", "second"] and house.states() == ["sent"] * 3


def test_a_backlog_does_not_hold_other_accounts_up(house: OutHouse, eventually: Eventually) -> None:
    loud, go = house.new_account("17841400000000102"), threading.Event()
    crowd = [house.new_contact(f"9{i:014d}", loud) for i in range(1000)]
    house.put(*(house.row("ad", contact=c, account=loud, prio=9, message_log_id=None) for c in crowd))
    house.put(*(house.row("reply", contact=house.new_contact(f"8{i:014d}")) for i in range(20)))
    house.graph.answer = lambda s: go.wait(20) and None
    dispatcher = house.dispatcher()
    dispatcher.start()
    sending = "SELECT count(*) FROM outbox WHERE state = 'sending' AND account_id = ?"
    eventually(lambda: house.one(sending, house.account) == (20,))
    assert house.one(sending, loud)[0] <= 64
    go.set()
    dispatcher.stop(20.0)


def test_within_an_account_the_smaller_priority_number_goes_first(house: OutHouse) -> None:
    contacts = [house.new_contact(f"7{i:014d}") for i in range(100)]
    house.put(
        *(house.row("ad", contact=c, prio=9) for c in contacts[:99]), house.row("reply", contact=contacts[99], prio=1)
    )
    house.dispatcher().once()
    assert "reply" in house.graph.texts()[:64]


def test_a_take_over_fences_what_automation_has_queued(house: OutHouse) -> None:
    house.put(
        house.row("robot", epoch=0),
        house.row("person", automated=False, epoch=0),
        house.row("farewell", epoch=1, run_id=house.user),
    )
    house.run("UPDATE conversation SET owner = 'human', epoch = 1 WHERE contact_id = ?", house.contact)
    house.dispatcher().once()
    assert house.graph.texts() == ["person", "farewell"]
    assert house.states() == ["cancelled", "sent", "sent"]
    assert house.log() == [("skipped", "taken_over"), ("sent", None), ("sent", None)]


def test_a_broadcast_does_not_speak_while_a_person_does(house: OutHouse) -> None:
    house.run("UPDATE conversation SET owner = 'human', epoch = 3 WHERE contact_id = ?", house.contact)
    house.put(house.row("ad", epoch=3))
    house.dispatcher().once()
    assert house.states() == ["cancelled"] and house.graph.seen == []


def test_nothing_leaves_after_its_window(house: OutHouse) -> None:
    house.put(house.row("late", not_after=house.clock.now() + HOUR), house.row("fine"))
    house.clock.move(hours=2)
    house.dispatcher().once()
    assert house.states() == ["expired", "sent"] and house.log()[0] == ("skipped", "window_closed")


def test_what_a_disconnected_account_had_queued_ends_with_its_window(house: OutHouse) -> None:
    house.run("UPDATE instagram_account SET status = 'disconnected', access_token = NULL")
    house.put(house.row("late", not_after=house.clock.now() + HOUR))
    house.dispatcher().once()
    assert house.states() == ["queued"]
    house.clock.move(hours=2)
    house.dispatcher().once()
    assert house.states() == ["expired"] and house.log() == [("skipped", "window_closed")]


def test_a_suppressed_contact_gets_nothing(house: OutHouse) -> None:
    house.run("UPDATE contact SET suppressed_until = ?", house.clock.now() + HOUR)
    house.put(house.row())
    house.dispatcher().once()
    assert house.states() == ["failed"] and house.log() == [("skipped", "suppressed")]
    assert house.graph.seen == []


@pytest.mark.parametrize("outcome", ["success", "failure"])
def test_a_run_that_waits_gets_the_result_as_an_event(house: OutHouse, outcome: str) -> None:
    run = house.user
    house.put(house.row(run_id=run, wait=4))
    if outcome == "failure":
        house.graph.answer = lambda s: (400, {"error": {"code": 100, "message": "bad"}})
    house.dispatcher().once()
    kind, key, payload = house.one("SELECT kind, dedupe_key, payload FROM inbound_event")
    assert kind == "result" and key.startswith("fx:") and house.drains == 1
    data = orjson.loads(payload)
    assert (data["run"], data["wait"], data["outcome"]) == (run, 4, outcome)
    assert house.one("SELECT contact_id FROM mailbox") == (house.contact,)


def test_two_dispatchers_send_nothing_twice(house: OutHouse) -> None:
    contacts = [house.new_contact(f"6{i:014d}") for i in range(30)]
    house.put(*(house.row(f"{c}/{i}", contact=c) for c in contacts for i in range(4)))
    both = [house.dispatcher(), house.dispatcher()]
    for dispatcher in both:
        dispatcher.start()
    for _ in range(2000):
        if len(house.graph.seen) >= 120 and set(house.states()) == {"sent"}:
            break
        threading.Event().wait(0.01)
    for dispatcher in both:
        dispatcher.stop(5.0)
    assert sorted(house.graph.texts()) == sorted(f"{c}/{i}" for c in contacts for i in range(4))
    for c in contacts:
        assert [t for t in house.graph.texts() if t.startswith(c)] == [f"{c}/{i}" for i in range(4)]


def test_a_graceful_stop_waits_for_what_is_under_way_and_writes_it_down(house: OutHouse) -> None:
    begun, go = threading.Event(), threading.Event()

    def answer(seen: Seen) -> None:
        begun.set()
        go.wait(10)

    house.graph.answer = answer
    house.put(house.row("one"), house.row("two"))
    dispatcher = house.dispatcher()
    dispatcher.start()
    assert begun.wait(10)
    stopper = threading.Thread(target=dispatcher.stop, args=(10.0,))
    stopper.start()
    go.set()
    stopper.join(15)
    assert house.states() == ["sent", "queued"] and len(house.graph.seen) == 1


def test_an_unknown_kind_fails_with_a_reason(house: OutHouse) -> None:
    house.put(house.row(kind="carrier.pigeon"))
    house.dispatcher().once()
    assert house.one("SELECT state, error_code FROM outbox") == ("failed", "unknown_kind")


def test_a_private_reply_names_the_person(house: OutHouse) -> None:
    nobody = house.new_contact(None)
    house.put(house.row(contact=nobody, body={"to": {"comment_id": "1790"}, "message": {"text": "Hi"}, "note": "cut"}))
    house.dispatcher().once()
    assert house.graph.sends()[0].json["recipient"] == {"comment_id": "1790"}
    assert house.one("SELECT instagram_user_id FROM contact WHERE contact_id = ?", nobody) == ("836120000000999",)
    assert house.log() == [("sent", "cut")] and house.drains == 1


def test_a_lost_wake_up_costs_nothing_but_a_moment(house: OutHouse) -> None:
    dispatcher = house.dispatcher()
    dispatcher.start()
    house.put(house.row())
    for _ in range(1000):
        if house.states() == ["sent"]:
            return
        threading.Event().wait(0.01)
    pytest.fail("it was not sent")
