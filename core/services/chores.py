"""Chores: slow work that may be lost and derived again, each a row with a lease (durability 3.7)."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import delete, select, update

from core.services import account_setup, account_tokens, trigger_posts
from core.services.house import House
from core.store.tables.system import chore

log = logging.getLogger(__name__)

Chore = Callable[[House, Mapping[str, Any]], int | None]
"""Gets the chore's row; answers None when it is done, or the milliseconds after which to try again."""

CHORES: Mapping[str, Chore] = {
    "account.connect": account_setup.finish,
    "account.refresh": account_tokens.refresh_chore,
    "trigger.post": trigger_posts.resolve_chore,
}

LEASE_MS = 120_000
BACK_OFF_MS = (5_000, 30_000, 300_000, 1_800_000, 7_200_000)


def run_due(house: House, limit: int = 10, kinds: Mapping[str, Chore] = CHORES) -> int:
    """Carries out chores that are due, one after the other; answers how many. Any number of workers may call it."""
    done = 0
    for row in _due(house, limit, kinds):
        if _lease(house, row):
            done += 1
            _perform(house, row, kinds[row["kind"]])
    return done


def _due(house: House, limit: int, kinds: Mapping[str, Chore]) -> list[Mapping[str, Any]]:
    now = house.clock.real()
    wanted = select(chore).where(chore.c.due_at <= now, chore.c.lease_until <= now, chore.c.kind.in_(list(kinds)))
    with house.store.read() as tx:
        return [dict(r) for r in tx.execute(wanted.order_by(chore.c.due_at).limit(limit)).mappings()]


def _lease(house: House, row: Mapping[Any, Any]) -> bool:
    mine = (chore.c.id == row["id"]) & (chore.c.lease_until == row["lease_until"]) & (chore.c.due_at == row["due_at"])
    values = {"lease_until": house.clock.real() + LEASE_MS, "attempts": chore.c.attempts + 1}
    with house.store.write() as tx:
        return tx.execute(update(chore).where(mine).values(**values)).rowcount == 1


def _perform(house: House, row: Mapping[Any, Any], work: Chore) -> None:
    error = None
    try:
        again = work(house, row)
    except Exception as e:
        log.exception("a chore failed", extra={"chore": row["kind"], "key": row["key"]})
        again, error = back_off(row), f"{type(e).__name__}: {e}"
    same = (chore.c.id == row["id"]) & (chore.c.due_at == row["due_at"])
    with house.store.write() as tx:
        if again is None:
            tx.execute(delete(chore).where(same))
        else:
            values = {"due_at": house.clock.real() + again, "lease_until": 0, "error": error}
            tx.execute(update(chore).where(same).values(**values))
        tx.execute(update(chore).where(chore.c.id == row["id"]).values(lease_until=0))


def back_off(row: Mapping[Any, Any]) -> int:
    """Milliseconds until the next try, by the tries so far."""
    return BACK_OFF_MS[min(row["attempts"], len(BACK_OFF_MS) - 1)]
