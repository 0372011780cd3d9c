"""Every rule of durable execution is broken once and must be told."""

from collections.abc import Callable

import pytest

from core.store.ids import new_id
from core.store.invariants import RULES, violations
from core.store.store import Store
from core.store.tables import runtime
from tests.store.rows import T0, event, run, send, tenant

Ids = dict[str, str]


def sql(text: str) -> Callable[[Store, Ids], None]:
    def apply(store: Store, ids: Ids) -> None:
        with store.write() as tx:
            tx.exec_driver_sql(text)

    return apply


def orphan_timer(store: Store, ids: Ids) -> None:
    with store.write() as tx:
        tx.execute(
            runtime.timer.insert().values(
                user_id=ids["user_id"],
                account_id=ids["account_id"],
                contact_id=ids["contact_id"],
                run_id=new_id(),
                wait=1,
                fire_at=T0,
            )
        )


def two_foreground(store: Store, ids: Ids) -> None:
    sql("DROP INDEX uq_run_foreground")(store, ids)
    run(store, ids)


BREAK: dict[str, Callable[[Store, Ids], object]] = {
    "an event is pending without a mailbox row": sql("DELETE FROM mailbox"),
    "an event is neither": sql("UPDATE inbound_event SET state = 7 WHERE state = 1"),
    "an event is done without saying when": sql("UPDATE inbound_event SET done_at = NULL WHERE state = 1"),
    "an event is dead without a dead letter": lambda s, i: event(s, i, "dead", state=2),
    "a call has lost the event": sql("UPDATE outbox SET event_id = 999999"),
    "a call has lost the run": lambda s, i: send(s, i, None, run_id=new_id()),
    "a call is in a state that does not exist": sql("UPDATE outbox SET state = 'lost'"),
    "a call is being sent without a lease": lambda s, i: send(s, i, None, status="queued", state="sending"),
    "a call has lost its message": sql("DELETE FROM message_log"),
    "a call was accepted": sql("UPDATE message_log SET status = 'failed'"),
    "a call has ended": sql("UPDATE message_log SET status = 'queued'"),
    "a call waits": lambda s, i: send(s, i, None, status="sent", state="queued", done_at=None),
    "a contact has two runs": two_foreground,
    "a run is live and has an end": sql("UPDATE run SET ended_at = 5"),
    "a live run has lost its program": sql("UPDATE run SET program_hash = 'ir1:gone'"),
    "a timer belongs to no live run": orphan_timer,
    "an active flow has no published version": sql("UPDATE flow SET published_version_id = NULL"),
    "a published version has lost its program": sql("UPDATE flow_version SET program_hash = 'ir1:gone'"),
    "a message has lost its conversation": sql("DELETE FROM conversation"),
}


@pytest.fixture
def ids(store: Store) -> Ids:
    ids = tenant(store)
    run(store, ids)
    send(store, ids, event(store, ids, "done"))
    event(store, ids, "pending", state=0)
    return ids


def test_a_healthy_database_breaks_no_rule(store: Store, ids: Ids) -> None:
    assert violations(store) == []


def test_every_rule_is_tried() -> None:
    assert [what for what, _ in RULES if not any(what.startswith(start) for start in BREAK)] == []


@pytest.mark.parametrize("what", BREAK)
def test_a_broken_rule_is_told(store: Store, ids: Ids, what: str) -> None:
    BREAK[what](store, ids)
    assert any(sentence.startswith(what) for sentence in violations(store))
