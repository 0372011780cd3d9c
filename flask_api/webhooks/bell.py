"""A wake-up that may be rung before the queue is there: importing the queue's libraries takes longer than a webhook may wait."""

import threading
from collections.abc import Callable


class Bell:
    """Call it to ring; ``hang`` gives it the real one and rings that when somebody rang before.

    >>> rung = []
    >>> bell = Bell()
    >>> bell(); bell()
    >>> bell.hang(lambda: rung.append(1))
    >>> bell()
    >>> rung
    [1, 1]
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._missed = False
        self._ring: Callable[[], object] | None = None

    def __call__(self) -> None:
        if self._ring is None:
            with self._lock:
                if self._ring is None:
                    self._missed = True
                    return
        self._ring()

    def hang(self, ring: Callable[[], object]) -> None:
        """From now on ``ring`` is called."""
        with self._lock:
            self._ring = ring
        if self._missed:
            ring()
