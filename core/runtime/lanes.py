"""Lanes: what each account may send now. Token buckets in the row, so that any number of dispatchers share them (durability 3.6)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.store.driver import Tx, Writes

FOREVER = 1 << 52
"""``paused_until`` of a lane that only a reconnection opens."""
PRIVATE_PER_HOUR = 750
MEDIA_PER_SECOND = 10
HOUR_MS = 3_600_000
MIN_BURST = 1.0
BURST_SECONDS = 0.25
"""A bucket holds a quarter of a second's sends: no second sees more than 1.25 times the rate."""

READY = """
WITH RECURSIVE a(id) AS (
  SELECT (SELECT account_id FROM outbox WHERE state = 'queued' ORDER BY account_id LIMIT 1)
  UNION ALL
  SELECT (SELECT o.account_id FROM outbox o WHERE o.state = 'queued' AND o.account_id > a.id ORDER BY o.account_id LIMIT 1)
  FROM a WHERE a.id IS NOT NULL
)
SELECT a.id, l.tokens, l.private_tokens, l.hour_tokens, l.refilled_at, l.paused_until, l.failures, i.user_id, i.status,
  i.instagram_user_id, i.instagram_page_id, i.login, i.access_token, i.instagram_username, i.settings
FROM a LEFT JOIN lane l ON l.account_id = a.id LEFT JOIN instagram_account i ON i.instagram_account_id = a.id
WHERE a.id IS NOT NULL
"""
"""A skip scan: one index look-up for each account that has something queued, however many rows it has."""

LOCK = """
SELECT account_id, tokens, private_tokens, hour_tokens, refilled_at, failures FROM lane
WHERE account_id = ANY(?::uuid[]) AND paused_until <= ? FOR UPDATE SKIP LOCKED
"""


@dataclass(slots=True)
class Lane:
    """An account that has something queued, as one claim sees it. ``account`` = what an AccountView is made from; ``spent`` =
    its next row has to wait for the bucket, and nothing may pass it."""

    account_id: str
    tokens: float
    private: float
    hour: float
    refilled_at: int
    paused_until: int
    failures: int
    user_id: str
    status: str
    account: tuple[Any, ...]
    rate: float = 0.0
    private_cap: int = 0
    hour_cap: int = 0
    touched: bool = False
    probing: bool = False
    spent: bool = False

    def refill(self, rate: float, hour_cap: int, now: int) -> None:
        """Fills the buckets up for the time that has passed. ``rate`` 0 = no cap on anything."""
        self.rate, self.hour_cap = rate, hour_cap
        passed = max(now - self.refilled_at, 0)
        self.refilled_at = now
        if rate > 0:
            self.private_cap = PRIVATE_PER_HOUR
            self.tokens = min(max(rate * BURST_SECONDS, MIN_BURST), self.tokens + passed * rate / 1000)
            self.private = min(PRIVATE_PER_HOUR, self.private + passed * PRIVATE_PER_HOUR / HOUR_MS)
        if hour_cap > 0:
            self.hour = min(hour_cap, self.hour + passed * hour_cap / HOUR_MS)

    def room(self, wanted: int) -> int:
        """How many plain sends fit now, at most ``wanted``."""
        return wanted if self.rate <= 0 else min(wanted, int(self.tokens))

    def take(self, body: Mapping[str, Any], automated: bool) -> tuple[int, bool]:
        """Pays for one row: (0, _) when paid. Else the milliseconds until there may be enough, and True when only this sort of
        row has to wait (private replies, the hour's soft cap) while others may pass it."""
        if self.rate <= 0 and self.hour_cap <= 0:
            return 0, False
        message = "message" in body
        private = 1.0 if self.private_cap and message and "comment_id" in (body.get("to") or ()) else 0.0
        if body.get("live"):
            private = 0.0
        hour = 1.0 if self.hour_cap and automated and message else 0.0
        wait = max(
            _short(private - self.private, PRIVATE_PER_HOUR / HOUR_MS),
            _short(hour - self.hour, self.hour_cap / HOUR_MS),
        )
        if wait:
            return wait, True
        cost = cost_of(body, self.rate) if self.rate > 0 else 0.0
        wait = _short(cost - self.tokens, self.rate / 1000)
        if wait == 0:
            self.tokens, self.private, self.hour = self.tokens - cost, self.private - private, self.hour - hour
            self.touched = True
        return wait, False

    def wait(self) -> int:
        """Milliseconds until one more plain send fits."""
        return _short(1.0 - self.tokens, self.rate / 1000) if self.rate > 0 else 0


_LANE: Callable[..., Lane] = Lane


def cost_of(body: Mapping[str, Any], rate: float) -> float:
    """What a send takes out of the account's bucket: audio and video may go out at 10 a second only.

    >>> cost_of({"message": {"text": "Hi"}}, 100.0), cost_of({"message": {"media": [{"type": "video"}]}}, 100.0)
    (1.0, 10.0)
    """
    message = body.get("message") or {}
    heavy = any(m.get("type") in ("audio", "video") for m in message.get("media") or ())
    return max(min(rate / MEDIA_PER_SECOND, rate * BURST_SECONDS), 1.0) if heavy else 1.0


def _short(missing: float, rate: float) -> int:
    if missing <= 1e-9:
        return 0
    return HOUR_MS if rate <= 0 else int(missing / rate) + 1


def ready(tx: Tx, real: int, sqlite: bool) -> list[Lane]:
    """The accounts that have something queued and may send, locked against other dispatchers. Makes missing lanes."""
    rows = tx.all(READY)
    missing = [(r[0], r[7]) for r in rows if r[1] is None and r[7] is not None]
    if missing:
        tx.insert("lane", ("account_id", "user_id"), missing, "ON CONFLICT (account_id) DO NOTHING")
        rows = tx.all(READY)
    lanes = [_LANE(*r[:9], r[9:]) for r in rows if r[1] is not None and r[5] <= real and r[8] == "connected"]
    if sqlite or not lanes:
        return lanes
    by_id = {lane.account_id: lane for lane in lanes}
    locked = []
    for account_id, *buckets, failures in tx.all(LOCK, (list(by_id), real)):
        lane = by_id[account_id]
        lane.tokens, lane.private, lane.hour, lane.refilled_at = buckets
        lane.failures = failures
        locked.append(lane)
    return locked


def save(tx: Writes, lanes: Sequence[Lane]) -> None:
    """Writes the buckets of the lanes that were taken from."""
    rows = [(x.tokens, x.private, x.hour, x.refilled_at, x.account_id) for x in lanes if x.touched]
    rows.sort(key=lambda row: row[4])
    tx.update("lane", ("account_id",), ("tokens", "private_tokens", "hour_tokens", "refilled_at"), rows)


def pause(tx: Tx, account_id: str, until: int, reason: str) -> None:
    """Nothing leaves before ``until`` (real milliseconds); a longer pause stays."""
    tx.run(
        "UPDATE lane SET paused_until = ?, pause_reason = ? WHERE account_id = ? AND paused_until < ?",
        (until, reason[:100], account_id, until),
    )


def pause_all(tx: Tx, until: int, reason: str) -> None:
    """The app as a whole must be quiet."""
    tx.run("UPDATE lane SET paused_until = ?, pause_reason = ? WHERE paused_until < ?", (until, reason[:100], until))


def reopen(tx: Tx, account_id: str) -> None:
    """After a reconnection: sends may leave again."""
    tx.run(
        "UPDATE lane SET paused_until = 0, pause_reason = NULL, failures = 0, probing = 0 WHERE account_id = ?",
        (account_id,),
    )
