"""A queue within this process that does not poll: tests, and a tree that is one process."""

import threading
from typing import Any

from huey.storage import MemoryStorage


class BellMemory(MemoryStorage):  # type: ignore[misc]
    """``dequeue`` waits up to ``read_timeout`` seconds for a task."""

    blocking = True

    def __init__(self, name: str = "huey", read_timeout: float = 1.0, **options: Any) -> None:
        super().__init__(name, **options)
        self._patience = read_timeout
        self._bell = threading.Semaphore(0)

    def enqueue(self, data: bytes, priority: float | None = None) -> None:
        """Adds and rings."""
        super().enqueue(data, priority)
        self._bell.release()

    def dequeue(self) -> Any:
        """The next task, or None when none came in time."""
        self._bell.acquire(timeout=self._patience)
        return super().dequeue()
