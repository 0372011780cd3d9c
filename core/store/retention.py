"""Keeps the hot tables small: payloads are blanked, old rows deleted, in small batches, oldest first (decision 40)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from core.store.driver import Db, Tx
from core.store.driver.base import Row

DAY = 24 * 3600 * 1000
BATCH = 500

PAYLOAD_DAYS = 14
"""Payloads of done events and of ended calls."""

CALL_DAYS = 60
"""Ended calls."""

ROW_DAYS = 90
"""Done events (their keys stop redeliveries, at least 7 days), traces and ended runs: later than the calls that name them."""

LETTER_DAYS = 120
"""Dead letters that somebody resolved: later than their events."""


@dataclass(frozen=True, slots=True)
class Walk:
    """One table from its oldest row on. ``born`` orders like ``key``; ``over`` = the row may be touched.

    ``remember`` = go on where the last walk ended (rows stay), else begin at the first row (rows go).
    """

    table: str
    key: str
    born: str
    over: str
    days: int
    act: Callable[[Tx, Sequence[Any]], int]
    type: str = "bigint"
    remember: bool = False


@dataclass(slots=True)
class Pruned:
    """``rows`` touched by table; ``more`` = the budget was used up and there is more to do."""

    rows: dict[str, int] = field(default_factory=dict)
    more: bool = False


def _blank(table: str, column: str, empty: str) -> Callable[[Tx, Sequence[Any]], int]:
    def act(tx: Tx, ids: Sequence[Any]) -> int:
        where, params = tx.within("id", ids, "bigint")
        return tx.run(f"UPDATE {table} SET {column} = {empty} WHERE {where}", params)

    return act


def _delete(table: str, key: str, type: str = "bigint") -> Callable[[Tx, Sequence[Any]], int]:
    def act(tx: Tx, ids: Sequence[Any]) -> int:
        where, params = tx.within(key, ids, type)
        return tx.run(f"DELETE FROM {table} WHERE {where}", params)

    return act


ENDED = "state NOT IN ('queued', 'sending')"
BURIED = """state = 2 AND NOT EXISTS (SELECT 1 FROM dead_letter d
WHERE d.source = 'inbound' AND d.ref_id = inbound_event.id AND d.resolved_at IS NULL)"""

WALKS = (
    Walk(
        "inbound_event",
        "id",
        "received_at",
        "state = 1",
        PAYLOAD_DAYS,
        _blank("inbound_event", "payload", "NULL"),
        remember=True,
    ),
    Walk("outbox", "id", "created_at", ENDED, PAYLOAD_DAYS, _blank("outbox", "body", "'{}'"), remember=True),
    Walk("outbox", "id", "created_at", ENDED, CALL_DAYS, _delete("outbox", "id")),
    Walk(
        "outbox",
        "id",
        "created_at",
        "event_id IS NOT NULL",
        CALL_DAYS,
        _blank("outbox", "event_id", "NULL, run_id = NULL"),
    ),
    Walk("inbound_event", "id", "received_at", f"state = 1 OR {BURIED}", ROW_DAYS, _delete("inbound_event", "id")),
    Walk("dead_letter", "id", "at", "resolved_at IS NOT NULL", LETTER_DAYS, _delete("dead_letter", "id")),
    Walk("step_trace", "id", "at", "1 = 1", PAYLOAD_DAYS, _blank("step_trace", "event", "NULL"), remember=True),
    Walk("step_trace", "id", "at", "1 = 1", ROW_DAYS, _delete("step_trace", "id")),
    Walk("run", "run_id", "started_at", "ended_at IS NOT NULL", ROW_DAYS, _delete("run", "run_id", "uuid"), "uuid"),
)
"""The order matters: calls go before the events and runs they name."""

SMALL = {
    "throttle": ("reset_at", 0),
    "idempotency": ("created_at", 2),
    "mail_token": ("expires_at", 7),
    "refresh_token": ("expires_at", 30),
    "heartbeat": ("at", 1),
}
"""Tables without a walk: the column that says how old a row is, and the days after it."""


def prune(db: Db, now: int, budget: int = 20_000) -> Pruned:
    """Blanks and deletes what is old enough at ``now`` (milliseconds), at most about ``budget`` rows, each batch in a
    transaction of its own. Messages, contacts and the audit log are not touched: they belong to the owner."""
    done = Pruned()
    for table, (column, days) in SMALL.items():
        with db.write() as tx:
            _count(done, table, tx.run(f"DELETE FROM {table} WHERE {column} < ?", [now - days * DAY]))
    for walk in WALKS:
        _walk(db, walk, now - walk.days * DAY, budget, done)
    return done


def _count(done: Pruned, table: str, rows: int) -> int:
    if rows > 0:
        done.rows[table] = done.rows.get(table, 0) + rows
    return rows


def _walk(db: Db, walk: Walk, cut: int, budget: int, done: Pruned) -> None:
    at = _place(db, walk)
    while True:
        if sum(done.rows.values()) >= budget:
            done.more = True
            return
        with db.write() as tx:
            rows = [row for row in _next(tx, walk, at) if row[1] < cut]
            if not rows:
                return
            at = rows[-1][0]
            if ids := [row[0] for row in rows if row[2]]:
                _count(done, walk.table, walk.act(tx, ids))
            if walk.remember:
                _keep_place(tx, walk, at)


def _next(tx: Tx, walk: Walk, at: Any) -> list[Row]:
    after, params = ("", []) if at is None else (f"WHERE {walk.key} > ?", [at])
    sql = f"SELECT {walk.key}, {walk.born}, ({walk.over}) FROM {walk.table} {after} ORDER BY {walk.key} LIMIT {BATCH}"
    return tx.all(sql, params)


def _place(db: Db, walk: Walk) -> Any:
    if not walk.remember:
        return None
    with db.read() as tx:
        row = tx.one("SELECT value FROM setting WHERE key = ?", [f"retention.{walk.table}"])
    return orjson.loads(row[0]) if row else None


def _keep_place(tx: Tx, walk: Walk, at: Any) -> None:
    tx.insert(
        "setting",
        ("key", "value", "updated_at"),
        [(f"retention.{walk.table}", orjson.dumps(at).decode(), 0)],
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    )
