"""Does the queue answer? Asked on a thread of its own, with a time limit: it must not hold up who wants to know."""

import threading
from time import monotonic

from core.worker.queue import open_queue

SECONDS = 1.0
FRESH_SECONDS = 2.0
"""An answer holds for so long: /readyz is public and may be asked often."""


class QueueProbe:
    """``probe()`` is True when the queue of that address answered within a second. Any thread."""

    def __init__(self, url: str, seconds: float = SECONDS) -> None:
        self._queue, self._seconds = open_queue(url), seconds
        self._lock = threading.Lock()
        self._asked, self._told = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._works = False
        self._until = 0.0

    def __call__(self) -> bool:
        with self._lock:
            if monotonic() >= self._until:
                self._told.clear()
                self._asked.set()
                if self._thread is None:
                    self._thread = threading.Thread(target=self._loop, name="queue-probe", daemon=True)
                    self._thread.start()
                if not self._told.wait(self._seconds):
                    self._works = False
                self._until = monotonic() + FRESH_SECONDS
            return self._works

    def _loop(self) -> None:
        while True:
            self._asked.wait()
            self._asked.clear()
            try:
                self._queue.pending_count()
                self._works = True
            except Exception:
                self._works = False
            self._told.set()
