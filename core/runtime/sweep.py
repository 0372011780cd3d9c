"""Every 250 ms: work that no wake-up told of, runs that expired, people who forgot to hand back (decision 28)."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from core.model.accounts import DEFAULTS
from core.model.errors import StoreUnavailable
from core.model.ports import Clock
from core.runtime.post import Posting, post_mailbox, post_many
from core.store.driver import Db, Tx

log = logging.getLogger(__name__)

EVERY = 0.25
SLOW_EVERY = 20
"""Rounds between two looks at what is never urgent: expiry, human time-outs, the orphan check."""
BATCH = 500
HOUR_MS = 3_600_000
AGAIN_MS = 6 * HOUR_MS
"""What was asked and came to nothing (a dead letter) is asked again so much later, under a new key."""

_NEW = "NOT EXISTS (SELECT 1 FROM inbound_event e WHERE e.account_id = due.account_id AND e.dedupe_key = due.key)"
"""What is asked already, or was in vain a while ago, is not found: it must not stand before the others."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a round found: mailboxes ready, chores due, orphans put right, runs expired, conversations handed back."""

    ready: bool
    chores: bool
    orphans: int = 0
    expired: int = 0
    timeouts: int = 0


def sweep(db: Db, clock: Clock, slow: bool = True) -> Found:
    """One round. Orphans (pending events without a mailbox, which must not happen) get their mailbox back and are logged."""
    now, real = clock.now(), clock.real()
    ready = db.peek("SELECT 1 FROM mailbox WHERE ready_at <= ? LIMIT 1", (max(now, real),)) is not None
    chores = db.peek("SELECT 1 FROM chore WHERE due_at <= ? AND lease_until <= ? LIMIT 1", (real, real)) is not None
    if not slow:
        return Found(ready, chores)
    orphans, expired, timeouts = _orphans(db, now), _expired(db, now), _timeouts(db, now)
    return Found(ready or bool(orphans or expired or timeouts), chores, orphans, expired, timeouts)


def _orphans(db: Db, now: int) -> int:
    sql = (
        "SELECT DISTINCT e.contact_id, e.account_id FROM inbound_event e WHERE e.state = 0 AND e.received_at < ? AND"
        " NOT EXISTS (SELECT 1 FROM mailbox m WHERE m.contact_id = e.contact_id) LIMIT 500"
    )
    with db.read() as tx:
        rows = tx.all(sql, (now - 1000,))
    if not rows:
        return 0
    log.error("pending events without a mailbox were found", extra={"contacts": len(rows)})
    with db.write() as tx:
        post_mailbox(tx, {c: a for c, a in rows if c}, now)
    return len(rows)


def _expired(db: Db, now: int) -> int:
    with db.read() as tx:
        rows = tx.all(
            "SELECT user_id, account_id, contact_id, key, run_id FROM (SELECT user_id, account_id, contact_id, run_id,"
            f" expires_at, 'expire:' || run_id || ':' || ((? - expires_at) / {AGAIN_MS}) AS key FROM run"
            " WHERE ended_at IS NULL AND expires_at IS NOT NULL AND expires_at <= ?) AS due"
            f" WHERE {_NEW} ORDER BY expires_at LIMIT {BATCH}",
            (now, now),
        )
    postings = [
        Posting(user, account, contact, "command", key, {"do": "cancel", "runId": run, "reason": "expired"})
        for user, account, contact, key, run in rows
    ]
    _post(db, postings, now)
    return len(rows)


def _timeouts(db: Db, now: int) -> int:
    """A person who neither wrote nor handed back within the account's time (24 h): automation has the conversation again."""
    with db.read() as tx:
        due = [row for wait, accounts in _waits(tx).items() for row in _silent(tx, now - wait, accounts)]
    postings = [
        Posting(
            *(user, account, contact, "command", key),
            {"do": "hand_back", "how": "stop", "by": None, "timeout": True, "since": at},
        )
        for user, account, contact, key, at in due
    ]
    _post(db, postings, now)
    return len(due)


def _waits(tx: Tx) -> dict[int, list[str]]:
    """The accounts in which a person speaks somewhere, by their time-out: who waits longer must not stand before the others."""
    found: dict[int, list[str]] = {}
    for account_id, settings in tx.all(
        "SELECT instagram_account_id, settings FROM instagram_account WHERE instagram_account_id IN"
        " (SELECT instagram_account_id FROM conversation WHERE owner = 'human')"
    ):
        hours = _hours(settings, DEFAULTS["humanTimeoutHours"])
        found.setdefault(int(hours * HOUR_MS), []).append(account_id)
    return found


def _silent(tx: Tx, before: int, accounts: Sequence[str]) -> list[tuple[Any, ...]]:
    where, params = tx.within("instagram_account_id", accounts)
    return tx.all(
        "SELECT user_id, account_id, contact_id, key, human_at FROM (SELECT user_id, instagram_account_id AS account_id,"
        " contact_id, human_at, 'timeout:' || conversation_id || ':' || human_at || ':' ||"
        f" ((? - human_at) / {AGAIN_MS}) AS key FROM conversation"
        f" WHERE owner = 'human' AND human_at <= ? AND {where}) AS due"
        f" WHERE {_NEW} ORDER BY human_at LIMIT {BATCH}",
        [before, before, *params],
    )


def _hours(settings: str, default: float) -> float:
    value = orjson.loads(settings).get("humanTimeoutHours")
    return value if isinstance(value, (int, float)) and value > 0 else default


def _post(db: Db, postings: list[Posting], now: int) -> None:
    if postings:
        with db.write() as tx:
            post_many(tx, postings, now, prio=5)


class Sweep:
    """The thread. What it finds it hands to the wakes."""

    def __init__(
        self, db: Db, clock: Clock, drain: Callable[[], None], dispatch: Callable[[], None], chore: Callable[[], None]
    ) -> None:
        self._db, self._clock = db, clock
        self._drain, self._dispatch, self._chore = drain, dispatch, chore
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="sweep", daemon=True)
        self.at = 0

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def stop(self, seconds: float = 5.0) -> None:
        """Ends after the running transaction."""
        self._stop.set()
        self._thread.join(seconds)

    def _loop(self) -> None:
        rounds = 0
        while not self._stop.is_set():
            try:
                found = sweep(self._db, self._clock, slow=rounds % SLOW_EVERY == 0)
                self.at = self._clock.real()
                if found.ready:
                    self._drain()
                if found.chores:
                    self._chore()
                if rounds % 2 == 0:
                    self._dispatch()
            except StoreUnavailable:
                log.warning("the sweep waits for the database")
                self._stop.wait(1.0)
            except Exception:
                log.exception("the sweep failed")
                self._stop.wait(1.0)
            rounds += 1
            self._stop.wait(EVERY)
        self._db.close()
