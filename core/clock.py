"""The clock of the house: real time, and business time with an offset that the demo and tests may move."""

import time
from collections.abc import Callable


class SystemClock:
    """``offset`` answers the milliseconds to add to business time; without one it is always 0 (decision 31)."""

    def __init__(self, offset: Callable[[], int] | None = None) -> None:
        self._offset = offset

    def real(self) -> int:
        """Milliseconds since 1970 UTC, as the machine says."""
        return time.time_ns() // 1_000_000

    def now(self) -> int:
        """Milliseconds since 1970 UTC, moved by the offset."""
        return self.real() + (self._offset() if self._offset else 0)
