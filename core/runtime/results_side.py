"""What an outcome means beyond its own row: the lane pauses, the account stops, a person cannot be reached, the owner is told."""

import logging
from dataclasses import dataclass, field

from core.model.ports import Outcome
from core.observe import Line
from core.runtime import lanes
from core.runtime.claim import Sending
from core.runtime.lanes_breaker import Breakers
from core.runtime.post import encode
from core.store.driver import Tx
from core.store.ids import new_id

NOTIFICATION = ("notification_id", "user_id", "account_id", "kind", "cause", "data", "count", "created_at")
NOTIFIED = "ON CONFLICT (user_id, kind, cause) DO UPDATE SET count = notification.count + 1"
MINUTE_MS = 60_000
SLOW_AT, STOP_AT = 80, 100
"""Percent of Meta's allowance: slower, and not at all (reference 2.6)."""


@dataclass(slots=True)
class Side:
    """Gathered while a batch is settled; ``slow`` = accounts near their allowance."""

    pauses: dict[str, tuple[int, str]] = field(default_factory=dict)
    app_pause: int = 0
    accounts: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    suppressed: dict[str, int] = field(default_factory=dict)
    probed: dict[str, bool] = field(default_factory=dict)
    trip: set[str] = field(default_factory=set)
    unprobe: list[str] = field(default_factory=list)
    slow: set[str] = field(default_factory=set)


def note(side: Side, s: Sending, o: Outcome, status: str, real: int) -> None:
    """Gathers what one outcome means for its account and contact."""
    data = o.data if isinstance(o.data, dict) else {}
    reason = str(data.get("reason") or o.code)
    if status == "throttled":
        until = real + (o.after or MINUTE_MS)
        if data.get("scope") == "app":
            side.app_pause = max(side.app_pause, until)
        _pause(side, s.account_id, until, reason)
    elif status == "account":
        side.accounts[s.account_id] = (s.user_id, reason, o.code)
    elif status == "contact" and o.after:
        side.suppressed[s.contact_id] = max(o.after, side.suppressed.get(s.contact_id, 0))
    if o.usage >= STOP_AT:
        _pause(side, s.account_id, real + (o.after or MINUTE_MS), "usage")
    elif o.usage >= SLOW_AT:
        side.slow.add(s.account_id)


def _pause(side: Side, account_id: str, until: int, reason: str) -> None:
    if until > side.pauses.get(account_id, (0, ""))[0]:
        side.pauses[account_id] = (until, reason)


def write(tx: Tx, side: Side, breakers: Breakers, paused: dict[str, int], now: int, real: int) -> list[Line]:
    """Writes it, lanes in the order of their ids so that two dispatchers cannot deadlock; answers the lines for the log.
    ``paused`` = until when pauses were told: one that only grows longer is not told again."""
    lines: list[Line] = []
    for account_id in sorted({*side.pauses, *side.accounts, *side.probed, *side.trip, *side.unprobe}):
        if account_id in side.trip or side.probed.get(account_id) is False:
            until = breakers.trip(tx, account_id, _failures(tx, account_id), real)
            lines.append(_paused(account_id, "breaker", until - real))
        elif side.probed.get(account_id):
            breakers.close(tx, account_id)
        elif account_id in side.unprobe:
            tx.run("UPDATE lane SET paused_until = 0, probing = 0 WHERE account_id = ? AND probing = 1", (account_id,))
        if account_id in side.pauses:
            until, reason = side.pauses[account_id]
            lanes.pause(tx, account_id, until, reason)
            if paused.get(account_id, 0) <= real:
                lines.append(_paused(account_id, reason, until - real))
            paused[account_id] = until
        if account_id in side.accounts and stop_account(tx, account_id, *side.accounts[account_id], now):
            _, reason, code = side.accounts[account_id]
            ids = {"account": account_id, "reason": reason, "code": code}
            lines.append((logging.WARNING, "an account cannot be used", ids))
    if side.app_pause:
        lanes.pause_all(tx, side.app_pause, "app_limit")
    for contact_id, after in sorted(side.suppressed.items()):
        until = now + after
        tx.run(
            "UPDATE contact SET suppressed_until = ? WHERE contact_id = ? AND suppressed_until < ?",
            (until, contact_id, until),
        )
    return lines


def _paused(account_id: str, reason: str, ms: int) -> Line:
    return logging.WARNING, "an account's sends pause", {"account": account_id, "reason": reason, "ms": ms}


def stop_account(tx: Tx, account_id: str, user_id: str, reason: str, code: str, now: int) -> bool:
    """The account cannot speak: status error with the reason, its lane closed until it reconnects, its rows kept, the owner
    told once. True when it could speak before."""
    stopped = tx.run(
        "UPDATE instagram_account SET status = 'error', status_reason = ?, updated_at = ?"
        " WHERE instagram_account_id = ? AND status = 'connected'",
        (reason[:100], now, account_id),
    )
    lanes.pause(tx, account_id, lanes.FOREVER, reason)
    data = encode({"reason": reason, "code": code})
    told = (new_id(), user_id, account_id, "account_error", f"{account_id}:{reason}"[:200], data, 1, now)
    tx.insert("notification", NOTIFICATION, [told], NOTIFIED)
    return stopped == 1


def _failures(tx: Tx, account_id: str) -> int:
    row = tx.one("SELECT failures FROM lane WHERE account_id = ?", (account_id,))
    return int(row[0]) if row else 0
