"""A few threads for chores that somebody waits for: profiles, which a newcomer's first answer needs within two seconds."""

import logging
import threading
from collections.abc import Callable
from time import monotonic

from core.model.errors import StoreUnavailable
from core.runtime.chores import Chore
from core.store.driver import Db

log = logging.getLogger(__name__)

THREADS = 8
"""Calls under way at once: twenty newcomers at 300 ms a call are through in a second."""
IDLE_SECONDS = 5.0
"""So long a thread keeps its connection to the database for the next call."""
URGENT = frozenset({"profile"})


class Crew:
    """Threads that come when they are called, call each other while there is work, and go when nothing is left.

    ``lease`` takes one urgent chore or answers None, ``carry_out`` does it.
    """

    def __init__(
        self, db: Db, lease: Callable[[], Chore | None], carry_out: Callable[[Chore], None], threads: int = THREADS
    ) -> None:
        self._db, self._lease, self._carry_out, self._most = db, lease, carry_out, threads
        self._change = threading.Condition()
        self._threads: set[threading.Thread] = set()
        self._idle = self._calls = 0
        self._stopping = False

    def call(self) -> None:
        """There may be work. Any thread; returns at once. When all are busy, the first that is free looks anyway."""
        with self._change:
            if self._stopping:
                return
            if self._idle > self._calls:
                self._calls += 1
                self._change.notify()
            elif len(self._threads) < self._most:
                thread = threading.Thread(target=self._work, name="profiles", daemon=True)
                self._threads.add(thread)
                thread.start()

    def stop(self, seconds: float) -> None:
        """Begins nothing more and waits for what is under way."""
        with self._change:
            self._stopping = True
            self._change.notify_all()
        until = monotonic() + seconds
        for thread in list(self._threads):
            thread.join(max(0.0, until - monotonic()))

    def _work(self) -> None:
        while True:
            try:
                while not self._stopping and (chore := self._lease()) is not None:
                    self.call()
                    self._carry_out(chore)
            except StoreUnavailable as e:
                log.warning("profiles wait for the database", extra={"error": str(e)})
            except Exception as e:
                log.error("a profile thread failed", extra={"error": type(e).__name__}, exc_info=e)
            if not self._called():
                break
        self._db.close()

    def _called(self) -> bool:
        """Waits for the next call; False = there is none, and this thread is no longer of the crew."""
        with self._change:
            self._idle += 1
            called = self._change.wait_for(lambda: self._calls > 0 or self._stopping, IDLE_SECONDS)
            self._idle -= 1
            if called and not self._stopping:
                self._calls -= 1
                return True
            self._threads.discard(threading.current_thread())
            return False
