"""Huey's consumer inside our process: no signal handlers of its own, no scheduler, no chatter."""

import logging
import threading
from typing import Any

from huey.consumer import Consumer


class _NoScheduler:
    """Wake-ups are never scheduled (durability 1.4): nothing to look for every second."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop

    def initialize(self) -> None:
        """Nothing to begin."""

    def loop(self, now: Any = None) -> None:
        """Waits for the end."""
        self._stop.wait(60)

    def shutdown(self) -> None:
        """Nothing to end."""


class InProcess(Consumer):  # type: ignore[misc]
    """Worker threads of this process; ``start`` returns, ``stop(graceful=True)`` lets running tasks end."""

    def __init__(self, queue: Any, workers: int, grace: float) -> None:
        logging.getLogger("huey").setLevel(logging.WARNING)
        super().__init__(queue, workers=workers, periodic=False, max_delay=1.0, shutdown_timeout=grace)

    def _create_scheduler(self) -> _NoScheduler:
        return _NoScheduler(self.stop_flag)

    def _set_signal_handlers(self) -> None:
        """The process has its own."""
