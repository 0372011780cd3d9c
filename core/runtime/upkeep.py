"""What every installation does without being asked: old rows go, tokens are renewed (decision 40, reference 4.1). Real time."""

from core.runtime.chores import Chore, Desk, schedule
from core.store.driver import Tx
from core.store.retention import prune

DAY_MS = 24 * 3600 * 1000
AFTER_START_MS = 60_000
"""After a start there is more urgent work."""
PRUNED = 2_000
"""Rows that one round of retention touches: other chores wait meanwhile."""
SOON_MS = 1_000
PRUNE_EVERY_MS = 6 * 3_600_000

UNPLANNED = """SELECT instagram_account_id, user_id, token_issued_at, token_expires_at FROM instagram_account a
 WHERE status = 'connected' AND login = 'instagram' AND access_token IS NOT NULL AND NOT EXISTS
 (SELECT 1 FROM chore c WHERE c.kind = 'account.refresh' AND c.key = CAST(a.instagram_account_id AS VARCHAR(36)))"""


def plan_upkeep(tx: Tx, real: int) -> None:
    """At a worker's start: the chores that must be there are there, once, also after a restored backup."""
    schedule(tx, "retention", "all", real + AFTER_START_MS, real)
    for account_id, user_id, issued, expires in tx.all(UNPLANNED):
        due = max(renewal(issued or real, expires), real + AFTER_START_MS)
        schedule(tx, "account.refresh", account_id, due, real, user_id=user_id, account_id=account_id)


def renewal(issued: int, expires: int | None) -> int:
    """When a token of those times is renewed first: after 30 days, ten days before its end at the latest, and not before
    it is a day old (Instagram refuses that).

    >>> [renewal(0, days * DAY_MS) // DAY_MS for days in (60, 35, 5)]
    [30, 25, 1]
    """
    end = issued + 60 * DAY_MS if expires is None else expires
    return max(issued + DAY_MS, min(issued + 30 * DAY_MS, end - 10 * DAY_MS))


def retention(desk: Desk, chore: Chore) -> int | None:
    """Chore ``retention``: old rows go, a little at a time, then every six hours."""
    return SOON_MS if prune(desk.db, desk.clock.real(), PRUNED).more else PRUNE_EVERY_MS
