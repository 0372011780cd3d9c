"""Old payloads are blanked, old rows deleted, in batches, and the invariants still hold."""

from sqlalchemy import func, select

from core.store.invariants import violations
from core.store.retention import BATCH, CALL_DAYS, DAY, PAYLOAD_DAYS, ROW_DAYS, prune
from core.store.store import Store
from core.store.tables import runtime
from tests.store.rows import T0, event, run, send, tenant


def count(store: Store, table) -> int:
    with store.read() as tx:
        return tx.scalar(select(func.count()).select_from(table)) or 0


def payloads(store: Store) -> list[object]:
    with store.read() as tx:
        return list(tx.scalars(select(runtime.inbound_event.c.payload).order_by(runtime.inbound_event.c.id)))


def test_nothing_young_is_touched(store: Store) -> None:
    ids = tenant(store)
    send(store, ids, event(store, ids, "a"))
    assert prune(store.db, T0 + PAYLOAD_DAYS * DAY).rows == {}
    assert payloads(store) == [{"kind": "message", "text": "a"}]


def test_payloads_are_blanked_keys_stay(store: Store) -> None:
    ids = tenant(store)
    send(store, ids, event(store, ids, "a"))
    event(store, ids, "b", state=0)
    event(store, ids, "c", at=T0 + DAY)
    pruned = prune(store.db, T0 + PAYLOAD_DAYS * DAY + 1)
    assert pruned.rows == {"inbound_event": 1, "outbox": 1}
    assert payloads(store) == [None, {"kind": "message", "text": "b"}, {"kind": "message", "text": "c"}]
    assert prune(store.db, T0 + PAYLOAD_DAYS * DAY + 2).rows == {}
    with store.read() as tx:
        assert tx.scalar(select(runtime.outbox.c.body)) == {}
    assert violations(store) == []


def test_calls_go_first_then_events_and_runs(store: Store) -> None:
    ids = tenant(store)
    over = run(store, ids, status="done", foreground=False, ended_at=T0)
    live = run(store, ids)
    send(store, ids, event(store, ids, "a"), run_id=over)
    open_call = send(store, ids, event(store, ids, "b"), status="queued", state="queued", run_id=live, done_at=None)
    prune(store.db, T0 + CALL_DAYS * DAY + 1)
    assert (count(store, runtime.outbox), count(store, runtime.inbound_event)) == (1, 2)
    assert violations(store) == []
    prune(store.db, T0 + ROW_DAYS * DAY + 1)
    assert (count(store, runtime.outbox), count(store, runtime.inbound_event), count(store, runtime.run)) == (1, 0, 1)
    assert violations(store) == []
    with store.read() as tx:
        assert tx.execute(select(runtime.outbox.c.id, runtime.outbox.c.event_id)).one() == (open_call, None)


def test_dead_events_stay_until_somebody_resolved_them(store: Store) -> None:
    ids = tenant(store)
    numbers = [event(store, ids, key, state=2, done_at=None) for key in ("open", "resolved")]
    with store.write() as tx:
        for number, resolved in zip(numbers, (None, T0), strict=True):
            tx.execute(
                runtime.dead_letter.insert().values(
                    user_id=ids["user_id"],
                    account_id=ids["account_id"],
                    source="inbound",
                    ref_id=number,
                    error="x",
                    at=T0,
                    resolved_at=resolved,
                )
            )
    prune(store.db, T0 + 1000 * DAY)
    with store.read() as tx:
        assert list(tx.scalars(select(runtime.inbound_event.c.id))) == numbers[:1]
        assert list(tx.scalars(select(runtime.dead_letter.c.ref_id))) == numbers[:1]


def test_a_budget_stops_it_and_the_next_call_goes_on(store: Store) -> None:
    ids = tenant(store)
    with store.write() as tx:
        tx.execute(
            runtime.inbound_event.insert(),
            [
                {
                    "user_id": ids["user_id"],
                    "account_id": ids["account_id"],
                    "kind": "message",
                    "dedupe_key": str(n),
                    "source_at": T0,
                    "received_at": T0,
                    "payload": {},
                    "state": 1,
                    "done_at": T0,
                }
                for n in range(BATCH * 2 + 1)
            ],
        )
    now = T0 + PAYLOAD_DAYS * DAY + 1
    first = prune(store.db, now, budget=BATCH)
    assert first.more and first.rows == {"inbound_event": BATCH}
    assert prune(store.db, now).rows == {"inbound_event": BATCH + 1}
    assert not [p for p in payloads(store) if p is not None]
