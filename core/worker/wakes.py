"""Coalesced wake-ups: at most one of each kind per 10 ms and process, the first at once, the last never lost."""

import logging
import threading
from collections.abc import Callable
from time import monotonic

from huey import Huey

from core.worker.tasks import tasks

log = logging.getLogger(__name__)

SPACING = 0.010
"""Seconds between two wake-ups of a kind (decision 28)."""


class Coalesced:
    """Calls ``ring`` at once, or, within ``spacing`` of the last time, once at the end of it.

    A ring that fails is forgotten, or does ``otherwise`` at once, in the caller's thread: a worker's own sweep then works
    without the queue, as slowly as it looks (law 1).
    """

    def __init__(
        self, ring: Callable[[], object], spacing: float = SPACING, otherwise: Callable[[], object] | None = None
    ) -> None:
        self._ring, self._spacing, self._otherwise = ring, spacing, otherwise
        self._lock = threading.Lock()
        self._next = 0.0
        self._pending = False
        self._failed = 0.0
        self._tail = threading.Semaphore(0)
        self._thread: threading.Thread | None = None

    def __call__(self) -> None:
        with self._lock:
            now = monotonic()
            if self._pending:
                return
            if now < self._next:
                self._pending = True
                self._later()
                return
            self._next = now + self._spacing
        self._now()

    def _later(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._loop, name="wakes", daemon=True)
            self._thread.start()
        self._tail.release()

    def _loop(self) -> None:
        pause = threading.Event()
        while True:
            self._tail.acquire()
            pause.wait(max(0.0, self._next - monotonic()))
            with self._lock:
                self._pending = False
                self._next = monotonic() + self._spacing
            self._now()

    def _now(self) -> None:
        try:
            self._ring()
        except Exception as e:
            if monotonic() > self._failed:
                log.warning("the queue cannot be rung; the sweep takes over", extra={"error": type(e).__name__})
                self._failed = monotonic() + 60.0
            if self._otherwise is not None:
                self._otherwise()


class Wakes:
    """What a process rings with: ``drain()``, ``dispatch()``, ``chore()``."""

    def __init__(self, queue: Huey) -> None:
        made = tasks(queue)
        self.drain = Coalesced(made.drain)
        self.dispatch = Coalesced(made.dispatch)
        self.chore = Coalesced(made.chore)
