"""Rate limits of the fake, counted per account over business time, and the usage headers (reference 2.6)."""

import json
from collections import deque

from core.testing.instagram.errors import GraphError

LIMITS: dict[str, tuple[int, int]] = {
    "text": (100, 1000),
    "media": (10, 1000),
    "conversations": (2, 1000),
    "private": (750, 3_600_000),
    "private_live": (100, 1000),
    "profile": (10, 600_000),
    "calls": (24_000, 3_600_000),
}
"""Kind → (calls, milliseconds)."""


class Rates:
    """Remembers the calls of each account; ``on`` False lets everything through (throughput tests)."""

    def __init__(self, on: bool = True) -> None:
        self.on = on
        self.limits = dict(LIMITS)
        self._seen: dict[tuple[str, str], deque[int]] = {}

    def count(self, ig_id: str, kind: str, now: int) -> bool:
        """Counts a call and answers whether it is within the limit; a refused call is not counted."""
        if not self.on:
            return True
        most, span = self.limits[kind]
        seen = self._seen.setdefault((ig_id, kind), deque())
        while seen and not now - span < seen[0] <= now:
            seen.popleft()
        if len(seen) >= most:
            return False
        seen.append(now)
        return True

    def take(self, ig_id: str, kind: str, now: int) -> None:
        """The same; raises error 613 when the limit is reached."""
        if not self.count(ig_id, kind, now):
            raise GraphError(613, 2534040)

    def headers(self, page_id: str, ig_id: str, usage: int | None) -> dict[str, str]:
        """``X-App-Usage`` and ``X-Business-Use-Case-Usage`` in per cent of the hour; ``usage`` overrides."""
        seen = len(self._seen.get((ig_id, "calls"), ()))
        percent = usage if usage is not None else seen * 100 // self.limits["calls"][0]
        wait = 0 if percent < 100 else 12
        app = {"call_count": percent, "total_time": percent // 2, "total_cputime": percent // 2}
        business = {"type": "instagram", **app, "estimated_time_to_regain_access": wait}
        return {"X-App-Usage": json.dumps(app), "X-Business-Use-Case-Usage": json.dumps({page_id: [business]})}
