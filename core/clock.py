"""The clock of the house: real time, and business time with an offset that the demo and tests may move (decision 31)."""

import http.client
import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from core.model.errors import SettingsError

POLL_SECONDS = 0.2
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class SystemClock:
    """``offset`` answers the milliseconds to add to business time; without one it is always 0."""

    def __init__(self, offset: Callable[[], int] | None = None) -> None:
        self._offset = offset

    def real(self) -> int:
        """Milliseconds since 1970 UTC, as the machine says."""
        return time.time_ns() // 1_000_000

    def now(self) -> int:
        """Milliseconds since 1970 UTC, moved by the offset."""
        return self.real() + (self._offset() if self._offset else 0)


def open_clock(url: str) -> SystemClock:
    """The process's clock. ``url`` ("" = none) is where an offset is kept, answered as ``{"offsetMs": n}``; it is read five
    times a second, and the last one holds while nobody answers. Only this machine may move the clock: SettingsError else."""
    if not url:
        return SystemClock()
    if urlsplit(url).hostname not in LOOPBACK:
        raise SettingsError("INSTAFLOW_CLOCK_URL must be an address of this machine: it is for demos and tests")
    reader = OffsetReader(url)
    reader.read()
    threading.Thread(target=reader.follow, name="clock", daemon=True).start()
    return SystemClock(lambda: reader.offset)


class OffsetReader:
    """Keeps ``offset`` (milliseconds) as the address says."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port, self._path = parts.hostname or "", parts.port or 80, parts.path or "/"
        self.offset = 0

    def follow(self) -> None:
        """Reads for ever."""
        while True:
            time.sleep(POLL_SECONDS)
            self.read()

    def read(self) -> None:
        """Reads once; what is not an offset changes nothing."""
        import json

        connection = http.client.HTTPConnection(self._host, self._port, timeout=2)
        try:
            connection.request("GET", self._path)
            answer = json.loads(connection.getresponse().read())
            self.offset = int(answer["offsetMs"])
        except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError):
            return
        finally:
            connection.close()
