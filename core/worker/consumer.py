"""Huey's consumer inside our process: no signal handlers of its own, no scheduler, no chatter."""

import logging
import threading
from time import monotonic
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


QUIET_SECONDS = 60.0


class OncePerOutage(logging.Filter):
    """Of Huey's lines about a queue that cannot be read, one a minute, without its trace: the sweep works meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self._until = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        """Lets other lines pass."""
        if not record.exc_info or not record.getMessage().startswith("Error reading from queue"):
            return True
        kind = record.exc_info[0]
        record.msg, record.args = f"{record.getMessage()}: {kind.__name__ if kind else 'error'}", ()
        record.exc_info = record.exc_text = None
        now = monotonic()
        passes = now >= self._until
        if passes:
            self._until = now + QUIET_SECONDS
        return passes


class InProcess(Consumer):  # type: ignore[misc]
    """Worker threads of this process; ``start`` returns, ``stop(graceful=True)`` lets running tasks end."""

    def __init__(self, queue: Any, workers: int, grace: float) -> None:
        logging.getLogger("huey").setLevel(logging.WARNING)
        reader = logging.getLogger("huey.consumer.Worker")
        if not any(isinstance(f, OncePerOutage) for f in reader.filters):
            reader.addFilter(OncePerOutage())
        super().__init__(queue, workers=workers, periodic=False, max_delay=1.0, shutdown_timeout=grace)

    def _create_scheduler(self) -> _NoScheduler:
        return _NoScheduler(self.stop_flag)

    def _set_signal_handlers(self) -> None:
        """The process has its own."""
