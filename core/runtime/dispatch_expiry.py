"""Rows whose time is over while their account is paused or not connected: nobody claims them, so they are looked for (durability 3.2)."""

from collections.abc import Callable
from typing import Any

import orjson

from core.runtime.claim import Sending
from core.runtime.results import Results
from core.store.driver import Tx

BATCH = 500
PAUSED = """SELECT l.account_id FROM lane l LEFT JOIN instagram_account i ON i.instagram_account_id = l.account_id
 WHERE (l.paused_until > ? OR i.status <> 'connected')
 AND EXISTS (SELECT 1 FROM outbox o WHERE o.account_id = l.account_id AND o.state = 'queued') ORDER BY l.account_id"""
OVER = """SELECT id, user_id, account_id, contact_id, message_log_id, run_id, wait, idem, kind, automated, attempt, not_after,
 trace_id, body FROM outbox WHERE account_id = ? AND state = 'queued' AND not_after <= ? ORDER BY id LIMIT ?"""

_SENDING: Callable[..., Sending] = Sending


def expire(tx: Tx, results: Results, now: int, real: int) -> bool:
    """Drops them with the reason; True when events were posted."""
    over: list[Any] = []
    for (account_id,) in tx.all(PAUSED, (real,)):
        over += tx.all(OVER, (account_id, now, BATCH))
        if len(over) >= BATCH:
            break
    dropped = [(_SENDING(*row[:13], orjson.loads(row[13])), "expired", "window_closed") for row in over]
    return results.drop(tx, dropped, now) if dropped else False
