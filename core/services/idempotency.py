"""The memory behind the Idempotency-Key header: one row a person and key, kept for a day."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from core.model.errors import ServiceError
from core.services.actor import Actor
from core.services.house import House
from core.store.tables.people import idempotency as table

KEPT_MS = 24 * 3600 * 1000
ABANDONED_MS = 60 * 1000
"""A first request that has not finished by then died with its process."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What the first request answered."""

    status: int
    response: dict[str, Any]


def begin(house: House, who: Actor, key: str, route: str, digest: str) -> Stored | None:
    """None when this is the first request with the key, else its answer. Raises ServiceError 409 on a misuse."""
    now = house.clock.real()
    mine = (table.c.user_id == who.user_id) & (table.c.key == key)
    with house.store.write() as tx:
        row = tx.execute(select(table).where(mine)).mappings().first()
        over = row is not None and (
            row["created_at"] < now - KEPT_MS or (row["status"] is None and row["created_at"] < now - ABANDONED_MS)
        )
        if over:
            tx.execute(delete(table).where(mine))
        if row is None or over:
            _insert(tx, who, key, route, digest, now)
            return None
    if row["route"] != route or row["body_hash"] != digest:
        raise ServiceError(409, "idempotency_conflict", "The Idempotency-Key was used with another body or address")
    if row["status"] is None:
        raise _busy()
    return Stored(row["status"], row["response"])


def _insert(tx: Any, who: Actor, key: str, route: str, digest: str, now: int) -> None:
    values = {"user_id": who.user_id, "key": key, "route": route, "body_hash": digest, "created_at": now}
    try:
        with tx.begin_nested():
            tx.execute(table.insert().values(**values))
    except IntegrityError as e:
        raise _busy() from e


def _busy() -> ServiceError:
    message = "The first request with this Idempotency-Key is not finished"
    return ServiceError(409, "idempotency_in_progress", message, {"retryAfter": 1})


def finish(house: House, who: Actor, key: str, status: int, response: dict[str, Any]) -> None:
    """Keeps the answer."""
    mine = (table.c.user_id == who.user_id) & (table.c.key == key)
    with house.store.write() as tx:
        tx.execute(update(table).where(mine).values(status=status, response=response))


def forget(house: House, who: Actor, key: str) -> None:
    """The first request was refused: the key is free again."""
    with house.store.write() as tx:
        tx.execute(delete(table).where((table.c.user_id == who.user_id) & (table.c.key == key)))
