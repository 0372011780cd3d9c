"""What an account may send in a moment: the rate, media, private replies, the soft cap, usage headers."""

import pytest

from core.runtime.claim import SQLITE
from core.runtime.lanes import READY, Lane, cost_of
from core.store.driver import open_db
from tests.runtime_out.conftest import OutHouse


def lane(**more: float) -> Lane:
    return Lane("a", 0.0, 0.0, 0.0, 0, 0, 0, "u", "connected", (), **more)  # type: ignore[arg-type]


def test_a_new_lane_begins_full_and_refills_with_time() -> None:
    bucket = lane()
    bucket.refill(100.0, 0, 1_000_000)
    assert bucket.room(500) == 25
    for _ in range(25):
        assert bucket.take({"message": {"text": "x"}}, True) == (0, False)
    assert bucket.room(1) == 0 and bucket.take({"message": {}}, True)[0] == 11
    bucket.refill(100.0, 0, 1_000_100)
    assert bucket.room(500) == 10


def test_audio_and_video_cost_ten_times_as_much() -> None:
    assert cost_of({"message": {"media": [{"type": "audio"}]}}, 100.0) == 10.0
    assert cost_of({"message": {"media": [{"type": "image"}]}}, 100.0) == 1.0
    assert cost_of({"message": {"media": [{"type": "video"}]}}, 1.0) == 1.0


def test_no_cap_takes_everything() -> None:
    bucket = lane()
    bucket.refill(0.0, 0, 5)
    assert bucket.room(64) == 64 and bucket.take({"message": {"media": [{"type": "video"}]}}, True) == (0, False)


def test_the_rate_is_shared_through_the_database(house: OutHouse) -> None:
    contacts = [house.new_contact(f"4{i:014d}") for i in range(30)]
    house.put(*(house.row("x", contact=c) for c in contacts))
    house.dispatcher(send_rate=40).once()
    assert len(house.graph.seen) == 10
    house.dispatcher(send_rate=40).once()
    assert len(house.graph.seen) == 10
    house.clock.move(seconds=1)
    house.dispatcher(send_rate=40).once()
    assert len(house.graph.seen) == 20


@pytest.mark.parametrize("live", [False, True])
def test_private_replies_have_an_hourly_allowance_that_does_not_hold_answers_up(house: OutHouse, live: bool) -> None:
    house.put(house.row("warm"))
    dispatcher = house.dispatcher(send_rate=100)
    dispatcher.once()
    house.run("UPDATE lane SET private_tokens = 1, refilled_at = ?, tokens = 20", house.clock.real())
    people = [house.new_contact(None) for _ in range(3)]
    more = {"live": True} if live else {}
    bodies = [{"to": {"comment_id": f"17{i}"}, "message": {"text": "psst"}, **more} for i in range(3)]
    house.put(*(house.row(contact=p, body=b) for p, b in zip(people, bodies, strict=True)))
    house.put(house.row("answer"))
    dispatcher.once()
    assert house.states()[1:] == (["sent"] * 4 if live else ["sent", "queued", "queued", "sent"])
    house.clock.move(hours=1)
    dispatcher.once()
    assert house.states() == ["sent"] * 5


def test_the_soft_cap_holds_automation_but_not_people(house: OutHouse) -> None:
    quiet = house.new_account("17841400000000109", settings='{"softCapPerHour": 2}')
    crowd = [house.new_contact(f"3{i:014d}", quiet) for i in range(5)]
    house.put(*(house.row("auto", contact=c, account=quiet) for c in crowd[:4]))
    house.put(house.row("person", contact=crowd[4], account=quiet, automated=False))
    dispatcher = house.dispatcher()
    dispatcher.once()
    assert house.states() == ["sent", "sent", "queued", "queued", "sent"]
    house.clock.move(hours=1)
    dispatcher.once()
    assert house.states() == ["sent"] * 5


def test_a_spent_allowance_pauses_before_meta_refuses(house: OutHouse) -> None:
    used = {"X-App-Usage": '{"call_count":100,"total_time":3}'}
    house.graph.answer = lambda s: (*house.graph.accept(s), used)
    house.put(house.row("a"), house.row("b"))
    dispatcher = house.dispatcher()
    dispatcher.once()
    assert house.states() == ["sent", "queued"]
    assert house.one("SELECT pause_reason FROM lane") == ("usage",)
    house.clock.move(minutes=2)
    dispatcher.once()
    assert house.states() == ["sent", "sent"]


def test_a_claim_reads_indexes_only_however_much_waits(sqlite_url: str) -> None:
    with open_db(sqlite_url).read() as tx:
        claims = " | ".join(row[3] for row in tx.all("EXPLAIN QUERY PLAN " + SQLITE, ("a", 0, 1)))
        ready = " | ".join(row[3] for row in tx.all("EXPLAIN QUERY PLAN " + READY))
    assert "SCAN" not in claims and "TEMP B-TREE" not in claims and "ix_outbox_queued" in claims
    assert "SEARCH o USING" in ready and "ix_outbox_queued" in ready and "TEMP B-TREE" not in ready
