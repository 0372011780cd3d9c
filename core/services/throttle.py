"""Failed attempts per account and per address, counted in the database so that all web processes count together."""

import hashlib
from collections.abc import Sequence

from sqlalchemy import Connection, delete, select

from core.model.errors import ServiceError
from core.services.house import House
from core.services.upsert import upsert
from core.store.tables.people import throttle

WINDOW_MS = 15 * 60 * 1000
PER_ACCOUNT, PER_ADDRESS = 10, 100


def keys(what: str, account: str, address: str) -> list[tuple[str, int]]:
    """The counters of an attempt with their limits; the account's name is hashed."""
    name = hashlib.sha256(account.encode()).hexdigest()[:32]
    return [(f"{what}:account:{name}", PER_ACCOUNT), (f"{what}:address:{address[:64]}", PER_ADDRESS)]


def check(house: House, counted: Sequence[tuple[str, int]]) -> None:
    """Raises ServiceError 429 when one of the counters is full."""
    now = house.clock.real()
    with house.store.read() as tx:
        rows = tx.execute(select(throttle).where(throttle.c.key.in_([k for k, _ in counted]))).mappings().all()
    limits = dict(counted)
    full = [r["reset_at"] for r in rows if r["reset_at"] > now and r["count"] >= limits[r["key"]]]
    if full:
        wait = max(1, (max(full) - now + 999) // 1000)
        raise ServiceError(429, "too_many_requests", "Too many failed attempts; try again later", {"retryAfter": wait})


def count(house: House, counted: Sequence[tuple[str, int]]) -> None:
    """One more failed attempt."""
    now = house.clock.real()
    with house.store.write() as tx:
        tx.execute(delete(throttle).where(throttle.c.reset_at <= now))
        for key, _ in counted:
            row = upsert(tx, throttle).values(key=key, count=1, reset_at=now + WINDOW_MS)
            more = {"count": throttle.c.count + 1}
            tx.execute(row.on_conflict_do_update(index_elements=["key"], set_=more))


def clear(tx: Connection, counted: Sequence[tuple[str, int]]) -> None:
    """The account's own counter starts anew after a success; the address's stays."""
    tx.execute(delete(throttle).where(throttle.c.key == counted[0][0]))
