"""How calls ended, written down: outbox row, message log, lane, account, contact and the event a flow waits for (T5)."""

import logging
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, NamedTuple

from core.model.ports import Outcome
from core.observe import Line, tell
from core.runtime import results_side
from core.runtime.claim import Sending
from core.runtime.lanes_breaker import Breakers
from core.runtime.merge import identify
from core.runtime.post import LETTER, Posting, post_many
from core.runtime.senders import ABANDONED, Way
from core.store.driver import Tx, Writes

log = logging.getLogger(__name__)

ATTEMPTS = 8
BACKOFF_SECONDS = 2
LONGEST_SECONDS = 900
OPEN = "state = 'sending'"
"""The fence of every settling: with the attempt in the key it touches only the row as it was claimed."""

SETS = ("state", "attempt", "next_at", "provider_id", "settled_by", "error_code", "error", "done_at", "lease_until")


class Ended(NamedTuple):
    """A call and how it ended; ``by`` = response or lookup."""

    sending: Sending
    outcome: Outcome
    by: str = "response"


@dataclass(slots=True)
class Written:
    """What one settling writes, gathered so that each table is written once."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)
    logs: list[tuple[Any, ...]] = field(default_factory=list)
    posts: list[Posting] = field(default_factory=list)
    dead: list[tuple[Any, ...]] = field(default_factory=list)
    identified: list[tuple[str, str, str]] = field(default_factory=list)
    side: results_side.Side = field(default_factory=results_side.Side)


@dataclass(slots=True)
class Results:
    """Settles calls. ``way`` tells how a kind is carried out; ``counts`` are the outcomes by status and code; ``lines`` wait for
    the caller's commit, who then calls ``told``; ``paused`` = until when pauses were told, by account."""

    way: Callable[[str], Way | None]
    breakers: Breakers = field(default_factory=Breakers)
    jitter: random.Random = field(default_factory=random.Random)
    counts: Counter[str] = field(default_factory=Counter)
    lines: list[Line] = field(default_factory=list)
    paused: dict[str, int] = field(default_factory=dict)

    def told(self) -> None:
        """After the commit: logs what was settled."""
        if self.lines:
            lines, self.lines = self.lines, []
            tell(log, lines)

    def settle(self, tx: Tx, ended: Sequence[Ended], now: int, real: int) -> bool:
        """Writes how calls ended, in the caller's transaction; True when events were posted (wake the drainers)."""
        out = Written()
        for one in ended:
            self._one(one, out, now, real)
        return self._write(tx, out, now, real)

    def drop(self, tx: Tx, dropped: Sequence[tuple[Sending, str, str]], now: int) -> bool:
        """Rows that may not leave: ``(row, state, reason)``; the log says skipped, a flow that waits gets a failure."""
        out = Written()
        done = sorted([(state, reason, now, s.id) for s, state, reason in dropped], key=lambda r: r[3])
        for s, state, reason in dropped:
            if s.message_log_id:
                out.logs.append(("skipped", None, reason, s.message_log_id))
            _post(out, s, "failure", None, reason)
            self.counts[f"{state}:{reason}"] += 1
            self._line(s, state, reason)
        if out.posts:
            post_many(tx, out.posts, now)
        tx.update("outbox", ("id",), ("state", "error_code", "done_at"), done, "state = 'queued'")
        _logs(tx, out.logs)
        return bool(out.posts)

    def give_up(self, tx: Tx, sending: Sending, now: int) -> bool:
        """Nobody will ever know: a flow that waits gets a failure. True when an event was posted."""
        out = Written()
        _post(out, sending, "failure", None, "unknown")
        if out.posts:
            post_many(tx, out.posts, now)
        return bool(out.posts)

    def _one(self, one: Ended, out: Written, now: int, real: int) -> None:
        s, o = one.sending, one.outcome
        way = self.way(s.kind)
        status = o.status
        if status == "unknown" and (way is None or not way.settle):
            status = "retry" if way is not None and way.repeatable else "failed"
        self.counts[f"{status}:{o.code}" if o.code else status] += 1
        self._line(s, status, o.code)
        if status == "sent":
            self._sent(one, out, now)
        elif status == "unknown":
            out.rows.append(
                ("sending", s.attempt, 0, None, None, o.code[:50], o.message or None, None, real, s.id, s.attempt)
            )
        elif status in ("throttled", "account") or o.code == ABANDONED:
            _back(out, s, o)
        elif status == "retry":
            self._again(one, out, now, real)
        else:
            self._failed(out, one, "failed", now)
        if one.by != "response":
            return
        if way is not None and way.graph:
            self._side(one, status, out, real)
        elif s.probe:
            out.side.unprobe.append(s.account_id)

    def _sent(self, one: Ended, out: Written, now: int) -> None:
        """Accepted. With a code it counts as done although nothing new was sent: a comment that was answered already, by others,
        or by a first try of ours whose answer was lost."""
        s, o, by = one
        code = o.code[:50] or None
        out.rows.append(("sent", s.attempt, 0, o.provider_id or None, by, code, None, now, None, s.id, s.attempt))
        if s.message_log_id:
            reason = str((o.data or {}).get("reason") or o.code) if o.code else s.body.get("note")
            skipped = o.code and s.attempt <= 1
            out.logs.append(("skipped" if skipped else "sent", o.provider_id or None, reason, s.message_log_id))
        if o.recipient_id and s.external_id is None and "comment_id" in s.body.get("to", ()):
            out.identified.append((s.account_id, s.contact_id, o.recipient_id))
        _post(out, s, "success", o.data, "")

    def _again(self, one: Ended, out: Written, now: int, real: int) -> None:
        s, o, _ = one
        retries = s.body.get("retries")
        most = 1 + int(retries) if isinstance(retries, int) else ATTEMPTS
        delay = max(
            o.after, int(self.jitter.uniform(0.05, min(LONGEST_SECONDS, BACKOFF_SECONDS * 2**s.attempt)) * 1000)
        )
        if s.attempt >= most or (s.not_after is not None and now + delay >= s.not_after):
            self._failed(out, one, "failed" if isinstance(retries, int) else "dead", now)
            return
        code, message = o.code[:50] or None, o.message or None
        out.rows.append(("queued", s.attempt, real + delay, None, None, code, message, None, None, s.id, s.attempt))

    def _failed(self, out: Written, one: Ended, state: str, now: int) -> None:
        dead = state == "dead"
        message = "a call is a dead letter" if dead else "a call failed"
        level = logging.WARNING if dead else logging.INFO
        self.lines.append((level, message, {"code": one.outcome.code, **ids_of(one.sending)}))
        _failed(out, one, state, now)

    def _line(self, s: Sending, outcome: str, code: str) -> None:
        if log.isEnabledFor(logging.DEBUG):
            took = round((monotonic() - s.claimed) * 1000) if s.claimed else None
            more = {"outcome": outcome, "code": code, "attempt": s.attempt, "ms": took}
            self.lines.append((logging.DEBUG, "send settled", {**more, **ids_of(s)}))

    def _side(self, one: Ended, status: str, out: Written, real: int) -> None:
        s, o, _ = one
        results_side.note(out.side, s, o, status, real)
        if status in ("throttled", "account") or o.code == ABANDONED:
            if s.probe and status != "account":
                out.side.unprobe.append(s.account_id)
            return
        good = status not in ("unknown", "retry")
        if s.probe:
            out.side.probed[s.account_id] = good
        elif self.breakers.note(s.account_id, good, real):
            out.side.trip.add(s.account_id)

    def _write(self, tx: Tx, out: Written, now: int, real: int) -> bool:
        """Mailboxes first, as the drainers lock them first; then rows in the order of their ids."""
        if out.posts:
            post_many(tx, out.posts, now)
        for account_id, contact_id, external_id in out.identified:
            identify(tx, account_id, contact_id, external_id, now)
        out.rows.sort(key=lambda r: r[-2])
        with tx.together() as batch:
            batch.update("outbox", ("id", "attempt"), SETS, out.rows, OPEN)
            _logs(batch, out.logs)
            batch.insert("dead_letter", LETTER, out.dead)
        self.lines += results_side.write(tx, out.side, self.breakers, self.paused, now, real)
        return bool(out.posts or out.identified)


def _back(out: Written, s: Sending, o: Outcome) -> None:
    """It did not leave and it is not its fault: queued again, the attempt does not count."""
    code = None if o.code == ABANDONED else o.code[:50] or None
    out.rows.append(("queued", s.attempt - 1, 0, None, None, code, o.message or None, None, None, s.id, s.attempt))


def ids_of(s: Sending) -> dict[str, Any]:
    """What a line about a call carries."""
    ids = {"account": s.account_id, "contact": s.contact_id, "run": s.run_id, "trace": s.trace_id}
    return {"outbox": s.id, "kind": s.kind, **ids}


def _failed(out: Written, one: Ended, state: str, now: int) -> None:
    s, o, by = one
    message = o.message or o.code
    out.rows.append((state, s.attempt, 0, None, by, o.code[:50] or None, message, now, None, s.id, s.attempt))
    reason = o.data.get("reason") if isinstance(o.data, dict) and isinstance(o.data.get("reason"), str) else None
    if s.message_log_id:
        out.logs.append(("failed", None, reason or o.code or message, s.message_log_id))
    if state == "dead":
        out.dead.append((s.user_id, s.account_id, s.contact_id, "outbox", s.id, f"{o.code}: {message}"[:1000], now))
    _post(out, s, "failure", o.data, o.code or message)


def _post(out: Written, s: Sending, outcome: str, data: Any, error: str) -> None:
    if s.wait is None or s.run_id is None:
        return
    payload = {"run": s.run_id, "wait": s.wait, "outcome": outcome, "data": data, "error": error}
    out.posts.append(Posting(s.user_id, s.account_id, s.contact_id, "result", f"fx:{s.id}", payload, s.trace_id))


def _logs(tx: Writes, logs: list[tuple[Any, ...]]) -> None:
    """What an echo has settled already stays as the echo wrote it."""
    logs.sort(key=lambda r: r[3])
    tx.update(
        "message_log", ("message_log_id",), ("status", "mid", "reason"), logs, "status IN ('queued', 'needs_review')"
    )
