"""Timers to the second: a thread that sleeps until the next one is due and turns it into an event (durability 3.2)."""

import logging
import threading
from collections.abc import Callable

from core.model.errors import StoreUnavailable
from core.model.ports import Clock
from core.runtime.post import Posting, post_mailbox, post_many
from core.store.driver import Db
from core.store.ids import new_id

log = logging.getLogger(__name__)

CHUNK = 500
"""Timers of one transaction."""
COLUMNS = "id, user_id, account_id, contact_id, run_id, wait, fire_at"
LONGEST = 1.0
"""Seconds of sleep at most: business time may be moved, and other processes set timers too."""


def fire_due(db: Db, clock: Clock, limit: int = CHUNK) -> tuple[int, int | None]:
    """Turns due timers into events and deletes them, in one transaction. Answers how many, and when the next one is due
    (milliseconds of business time; None = there is none).

    Mailboxes are locked before the timers, as a drain does that stops a timer: the other way round the two deadlock. What
    was stopped or moved while we waited for the lock does not fire.
    """
    now = clock.now()
    with db.read() as tx:
        row = tx.one("SELECT min(fire_at) FROM timer")
    first: int | None = row[0] if row else None
    if first is None or first > now:
        return 0, first
    with db.write() as tx:
        due = tx.all(
            "SELECT id, contact_id, account_id FROM timer WHERE fire_at <= ? ORDER BY fire_at, id LIMIT ?", (now, limit)
        )
        if not due:
            return 0, first
        post_mailbox(tx, {contact_id: account_id for _, contact_id, account_id in due}, now, prio=5)
        where, params = tx.within("id", [row[0] for row in due], "bigint")
        rows = tx.all(f"DELETE FROM timer WHERE {where} AND fire_at <= ? RETURNING {COLUMNS}", [*params, now])
        rows.sort(key=lambda row: (row[6], row[0]))
        postings = [
            Posting(
                *(user_id, account_id, contact_id, "timer", f"timer:{run_id}:{wait}:{at}"),
                {"run": run_id, "wait": wait},
                new_id(),
            )
            for _, user_id, account_id, contact_id, run_id, wait, at in rows
        ]
        post_many(tx, postings, now, prio=5)
    return len(due), now


class Timers:
    """The thread. ``wake`` rings the drainers; ``set`` tells of a new timer that may be the next one."""

    def __init__(self, db: Db, clock: Clock, wake: Callable[[], None]) -> None:
        self._db, self._clock, self._wake = db, clock, wake
        self._stop = threading.Event()
        self._news = threading.Event()
        self._next: int | None = None
        self._thread = threading.Thread(target=self._loop, name="timers", daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def set(self, at: int) -> None:
        """A timer was set for ``at`` (milliseconds of business time)."""
        if self._next is None or at < self._next:
            self._next = at
            self._news.set()

    def stop(self, seconds: float = 5.0) -> None:
        """Ends after the running transaction."""
        self._stop.set()
        self._news.set()
        self._thread.join(seconds)

    def _loop(self) -> None:
        while not self._stop.is_set():
            self._news.clear()
            try:
                fired, self._next = fire_due(self._db, self._clock)
            except StoreUnavailable:
                log.warning("timers wait for the database")
                self._stop.wait(LONGEST)
                continue
            except Exception:
                log.exception("timers could not be fired")
                self._stop.wait(LONGEST)
                continue
            if fired:
                self._wake()
            if fired < CHUNK:
                self._news.wait(self._pause())
        self._db.close()

    def _pause(self) -> float:
        if self._next is None:
            return LONGEST
        return min(max((self._next - self._clock.now()) / 1000, 0.0), LONGEST)
