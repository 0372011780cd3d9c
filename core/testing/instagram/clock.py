"""The clock of the fake: real time with an offset that may be moved, or a clock that stands still until it is moved."""

import time


class FakeClock:
    """``frozen_at`` (milliseconds since 1970 UTC) stops the real part, which makes every byte reproducible."""

    def __init__(self, frozen_at: int | None = None, offset: int = 0) -> None:
        self._frozen_at = frozen_at
        self.offset = offset

    def now(self) -> int:
        """Business time, milliseconds since 1970 UTC."""
        real = time.time_ns() // 1_000_000 if self._frozen_at is None else self._frozen_at
        return real + self.offset

    def tokens(self) -> int:
        """The time that tokens and codes live by: real time, which only a clock that stands still lets one move."""
        return time.time_ns() // 1_000_000 if self._frozen_at is None else self.now()

    def advance(self, milliseconds: int) -> int:
        """Moves business time (back too) and answers the new offset.

        >>> FakeClock(1000).advance(500)
        500
        """
        self.offset += int(milliseconds)
        return self.offset


def iso(milliseconds: int) -> str:
    """The Graph API's way to write a time.

    >>> iso(1795392001000)
    '2026-11-23T00:00:01+0000'
    """
    return time.strftime("%Y-%m-%dT%H:%M:%S+0000", time.gmtime(milliseconds / 1000))
