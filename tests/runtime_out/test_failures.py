"""How calls fail: refusals, retries, throttling, dead tokens, people who cannot be reached, breakers."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from core.runtime.lanes import FOREVER
from core.store.invariants import RULES
from tests.runtime_out.conftest import HOUR, OutHouse
from tests.runtime_out.graph import DROP, error

MINUTE = 60_000
Eventually = Callable[[Callable[[], bool]], None]


def test_a_refusal_for_good_is_written_down_with_its_reason(house: OutHouse) -> None:
    house.put(house.row(), house.row("next"))
    house.graph.answer = lambda s: error(100, 2534015) if s.text == "Hi" else None
    house.dispatcher().once()
    assert house.states() == ["failed", "sent"]
    assert house.log()[0] == ("failed", "message_not_allowed")
    assert house.one("SELECT error_code FROM outbox WHERE state = 'failed'") == ("100/2534015",)


def test_retries_back_off_and_end_in_a_dead_letter(house: OutHouse) -> None:
    house.put(house.row(not_after=None))
    house.graph.answer = lambda s: error(1200)
    house.registry.handlers["send"]
    dispatcher = house.dispatcher()
    for attempt in range(1, 9):
        dispatcher.once()
        house.run("UPDATE lane SET paused_until = 0, failures = 0, probing = 0")
        row = house.one("SELECT state, attempt, next_at FROM outbox")
        if row[0] != "queued":
            break
        assert row[1] == attempt and row[2] <= house.clock.real() + 2000 * 2**attempt
        house.clock.move(hours=1)
    assert house.one("SELECT state FROM outbox")[0] in ("dead", "failed") and len(house.graph.seen) == 5


def test_a_host_that_is_down_is_tried_eight_times(house: OutHouse) -> None:
    house.put(house.row(not_after=None))
    house.graph.stop()
    dispatcher = house.dispatcher()
    for _ in range(8):
        dispatcher.once()
        house.run("UPDATE lane SET paused_until = 0, failures = 0, probing = 0")
        house.clock.move(hours=1)
    assert house.one("SELECT state, attempt, error_code FROM outbox") == ("dead", 8, "not_sent")
    assert house.one("SELECT source, contact_id FROM dead_letter") == ("outbox", house.contact)
    assert house.log() == [("failed", "not_sent")]


def test_a_retry_that_would_come_after_the_window_is_not_made(house: OutHouse) -> None:
    house.put(house.row(not_after=house.clock.now() + 20))
    house.graph.answer = lambda s: error(2)
    house.dispatcher().once()
    assert house.states() == ["dead"]


def test_a_throttled_account_pauses_and_the_attempt_does_not_count(house: OutHouse) -> None:
    house.put(house.row(), house.row("b", contact=house.new_contact("836120000000209")))
    usage = {
        "X-Business-Use-Case-Usage": '{"1":[{"type":"instagram","call_count":100,"estimated_time_to_regain_access":3}]}'
    }
    house.graph.answer = lambda s: (*error(613, 2534040), usage)
    dispatcher = house.dispatcher()
    dispatcher.once()
    assert house.states() == ["queued"] * 2
    assert {r[0] for r in house.all("SELECT attempt FROM outbox")} == {0}
    assert house.one("SELECT paused_until FROM lane") == (house.clock.real() + 3 * MINUTE,)
    house.graph.answer, before = None, len(house.graph.seen)
    dispatcher.once()
    assert len(house.graph.seen) == before
    house.clock.move(minutes=4)
    dispatcher.once()
    assert house.states() == ["sent"] * 2


def test_an_app_limit_pauses_every_account(house: OutHouse) -> None:
    other = house.new_account("17841400000000102")
    house.put(house.row(), house.row("x", contact=house.new_contact("836120000000777", other), account=other))
    house.graph.answer = lambda s: error(4)
    house.dispatcher().once()
    assert {r[0] for r in house.all("SELECT paused_until FROM lane")} == {house.clock.real() + MINUTE}


def test_a_dead_token_stops_the_account_at_once_and_keeps_its_rows(house: OutHouse) -> None:
    crowd = [house.new_contact(f"5{i:014d}") for i in range(100)]
    house.put(*(house.row("x", contact=c) for c in crowd))
    house.graph.answer = lambda s: error(190, 463, 401, "Session of IGAAtoken has expired")
    dispatcher = house.dispatcher()
    dispatcher.once()
    assert len(house.graph.seen) <= 64  # those that were under way already
    assert house.states() == ["queued"] * 100
    status = "SELECT status, status_reason FROM instagram_account"
    assert house.one(status) == ("error", "token_expired")
    assert house.one("SELECT paused_until, pause_reason FROM lane") == (FOREVER, "token_expired")
    assert house.one("SELECT kind, cause, user_id FROM notification") == (
        "account_error",
        f"{house.account}:token_expired",
        house.user,
    )
    assert not any("IGAAtoken" in (r[0] or "") for r in house.all("SELECT error FROM outbox"))
    before = len(house.graph.seen)
    dispatcher.once()
    assert len(house.graph.seen) == before


def test_rows_of_a_stopped_account_expire_with_their_window(house: OutHouse) -> None:
    house.put(house.row(run_id=house.user, wait=1), house.row("b", contact=house.new_contact("836120000000209")))
    house.graph.answer = lambda s: error(190)
    dispatcher = house.dispatcher()
    dispatcher.once()
    house.clock.move(hours=25)
    dispatcher.once()
    assert house.states() == ["expired"] * 2 and {r[0] for r in house.log()} == {"skipped"}
    assert house.one("SELECT kind FROM inbound_event") == ("result",)


@pytest.mark.parametrize(("code", "subcode"), [(551, 1545041), (100, 2018001)])
def test_a_person_who_cannot_be_reached_is_left_alone_for_a_day(house: OutHouse, code: int, subcode: int) -> None:
    house.put(house.row(), house.row("next"))
    house.graph.answer = lambda s: error(code, subcode)
    dispatcher = house.dispatcher()
    dispatcher.once()
    assert house.states() == ["failed"] * 2 and len(house.graph.seen) == 1
    assert house.one("SELECT suppressed_until FROM contact") == (house.clock.now() + 24 * HOUR,)


def test_a_closed_window_is_told(house: OutHouse) -> None:
    house.put(house.row())
    house.graph.answer = lambda s: error(10, 2534022)
    house.dispatcher().once()
    assert house.states() == ["failed"] and house.log() == [("failed", "window_closed")]


def test_a_comment_that_was_answered_already_counts_as_done(house: OutHouse) -> None:
    house.put(house.row(body={"to": {"comment_id": "1790"}, "message": {"text": "Hi"}}))
    house.graph.answer = lambda s: error(100, 2534025)
    house.dispatcher().once()
    assert house.states() == ["sent"] and house.log() == [("skipped", "comment_already_answered")]
    assert not [said for said, sql in RULES if "message does not say so" in said and house.all(sql)]


def test_a_breaker_opens_probes_and_closes(house: OutHouse) -> None:
    crowd = [house.new_contact(f"5{i:014d}") for i in range(6)]
    house.put(*(house.row("x", contact=c, not_after=None) for c in crowd))
    house.graph.answer = lambda s: error(2)
    dispatcher = house.dispatcher()
    dispatcher.once()
    assert house.one("SELECT paused_until, failures, pause_reason FROM lane") == (
        house.clock.real() + 5000,
        1,
        "breaker",
    )
    house.run("UPDATE outbox SET next_at = 0")
    before = len(house.graph.seen)
    house.clock.move(seconds=6)
    dispatcher.once()
    assert len(house.graph.seen) == before + 1  # one probe, and it fails: twice as long
    assert house.one("SELECT paused_until, failures FROM lane") == (house.clock.real() + 10_000, 2)
    house.clock.move(seconds=11)
    house.graph.answer = None
    house.run("UPDATE outbox SET next_at = 0")
    dispatcher.once()
    assert house.states() == ["sent"] * 6 and house.one("SELECT failures FROM lane") == (0,)


def test_a_swallowed_answer_is_not_sent_again(house: OutHouse) -> None:
    house.put(house.row(), house.row("next"))
    house.graph.answer = lambda s: DROP
    dispatcher = house.dispatcher()
    dispatcher.once()
    dispatcher.once()
    assert house.states() == ["sending", "queued"] and len(house.graph.seen) == 1


def test_a_token_that_no_key_opens_stops_the_account_with_a_reason(house: OutHouse) -> None:
    house.run("UPDATE instagram_account SET access_token = 's1.00000000.AAAA'")
    house.put(house.row())
    house.dispatcher().once()
    assert house.states() == ["queued"] and house.graph.seen == []
    assert house.one("SELECT status, status_reason FROM instagram_account") == ("error", "token_unreadable")


def test_a_plugin_that_breaks_takes_nobody_with_it(house: OutHouse) -> None:
    class Broken:
        kind = "broken"
        transport = "guarded"

        def perform(self, call: object, http: object) -> object:
            raise RuntimeError("a plugin's own fault")

    handlers = {**house.registry.handlers, "broken": Broken()}
    house.registry = replace(house.registry, handlers=handlers)  # type: ignore[arg-type]
    house.put(
        house.row(kind="broken", run_id=house.user, wait=1),
        house.row("fine", contact=house.new_contact("836120000000209")),
    )
    house.dispatcher().once()
    assert house.states() == ["failed", "sent"]
    assert house.one("SELECT kind FROM inbound_event") == ("result",)
    assert house.one("SELECT error FROM outbox WHERE state = 'failed'") == ("RuntimeError",)


def test_an_outcome_that_cannot_be_written_does_not_stop_the_others(house: OutHouse, eventually: Eventually) -> None:
    house.put(house.row("bad", contact=house.new_contact("836120000000208")), house.row("good"))
    house.graph.answer = lambda s: (200, {"message_id": "x\x00y", "recipient_id": s.to}) if s.text == "bad" else None
    dispatcher = house.dispatcher()
    dispatcher.start()
    eventually(lambda: house.states()[1] == "sent")
    house.put(house.row("later"))
    eventually(lambda: house.states()[2] == "sent")
    dispatcher.stop(5.0)
