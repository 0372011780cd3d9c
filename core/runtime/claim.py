"""Claiming: which rows may leave now, marked as leaving in the same transaction (durability 3.2, T3 and T4)."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import orjson

from core.runtime import lanes_breaker
from core.runtime.lanes import Lane, ready, save
from core.store.driver import Batch, Db, Pending, Tx

COLUMNS = """o.id, o.user_id, o.account_id, o.contact_id, o.message_log_id, o.run_id, o.wait, o.idem, o.kind, o.automated,
 o.attempt, o.not_after, o.trace_id, o.body, o.epoch, c.contact_id, c.suppressed_until, c.last_inbound_at,
 c.instagram_user_id, v.epoch, v.owner"""
JOINS = "LEFT JOIN contact c ON c.contact_id = o.contact_id LEFT JOIN conversation v ON v.contact_id = o.contact_id"
PRIVATE_MS = 3_600_000 // 750
"""Private replies that have to wait stand in line this far apart."""
IDLE_MS = 200
HEAD = """o.state = 'queued' AND o.next_at <= ? AND NOT EXISTS (SELECT 1 FROM outbox e
 WHERE e.contact_id = o.contact_id AND e.state IN ('queued', 'sending') AND e.id < o.id)"""
"""A contact's rows leave in order: only its first open row may be taken."""

SQLITE = f"""SELECT {COLUMNS} FROM outbox o {JOINS} WHERE o.account_id = ? AND {HEAD}
 ORDER BY o.prio, o.next_at, o.id LIMIT ?"""
POSTGRES = f"""SELECT {COLUMNS} FROM unnest(?::uuid[], ?::int[]) AS l(account_id, n) CROSS JOIN LATERAL (
 SELECT o.* FROM outbox o WHERE o.account_id = l.account_id AND {HEAD} ORDER BY o.prio, o.next_at, o.id LIMIT l.n) o {JOINS}"""


@dataclass(slots=True)
class Sending:
    """A row that leaves. ``claimed`` = monotonic seconds of the claim, ``sending_at`` business time, ``probe`` = it tests a
    breaker."""

    id: int
    user_id: str
    account_id: str
    contact_id: str
    message_log_id: str | None
    run_id: str | None
    wait: int | None
    idem: str
    kind: str
    automated: bool
    attempt: int
    not_after: int | None
    trace_id: str | None
    body: dict[str, Any]
    external_id: str | None = None
    last_inbound: int | None = None
    sending_at: int = 0
    claimed: float = 0.0
    probe: bool = False


_SENDING: Callable[..., Sending] = Sending


@dataclass(slots=True)
class Claim:
    """What one claim gave. ``dropped`` = (row, state, reason) that must not leave; ``later`` = (next_at, row id) that stand in line
    for their own allowance; ``more`` = there is more right now; ``wait`` = milliseconds until a bucket has something again."""

    taken: list[Sending] = field(default_factory=list)
    dropped: list[tuple[Sending, str, str]] = field(default_factory=list)
    lanes: dict[str, Lane] = field(default_factory=dict)
    later: list[tuple[int, int]] = field(default_factory=list)
    more: bool = False
    wait: int | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a claim: ``slots`` rows at most, ``share`` of them for one account at most (what is under way counts)."""

    owner: str
    lease_ms: int
    slots: int
    share: int
    now: int
    real: int
    rate: float
    slow: frozenset[str] = frozenset()
    blind: frozenset[str] = frozenset()


def claim(db: Db, tx: Tx, terms: Terms, busy: dict[str, int], turn: int) -> Claim:
    """Takes rows, fairly over the accounts; ``busy`` = rows under way by account; ``turn`` rotates who comes first."""
    out = Claim()
    if terms.slots <= 0:
        return out
    lanes = [lane for lane in ready(tx, terms.real, db.kind == "sqlite") if lane.account_id not in terms.blind]
    if not lanes:
        return out
    at = turn % len(lanes)
    wanted = _rooms(lanes[at:] + lanes[:at], terms, busy, out)
    rows = _rows(db, tx, wanted, terms.real)
    for row in rows:
        _judge(row, out.lanes[row[2]], terms, out)
    counts = Counter(s.account_id for s in out.taken)
    out.more = bool(out.dropped or out.later) or any(counts[lane.account_id] >= n > 0 for lane, n in wanted)
    probes = [lane.account_id for lane in out.lanes.values() if lane.probing]
    with tx.together() as batch:
        marked = _mark(batch, terms, out)
        batch.update("outbox", ("id",), ("next_at",), sorted(out.later, key=lambda r: r[1]), "state = 'queued'")
        save(batch, list(out.lanes.values()))
        lanes_breaker.probe(batch, probes, terms.real + terms.lease_ms)
    if marked.rowcount != len(out.taken):
        _still_mine(tx, terms, out)
    return out


def _rooms(lanes: Sequence[Lane], terms: Terms, busy: dict[str, int], out: Claim) -> list[tuple[Lane, int]]:
    """How many rows each account may give: an equal share of the free slots, what its bucket has, one for a breaker's probe."""
    wanted, slots = [], terms.slots
    for place, lane in enumerate(lanes):
        slow = 0.25 if lane.account_id in terms.slow else 1.0
        settings = orjson.loads(lane.account[-1]) if '"softCapPerHour"' in lane.account[-1] else {}
        lane.refill(terms.rate * slow, int(settings.get("softCapPerHour") or 0), terms.real)
        fair = max(slots // (len(lanes) - place), 1)
        n = max(min(fair, slots, terms.share - busy.get(lane.account_id, 0)), 0)
        n = lane.room(min(n, 1) if lane.failures else n)
        if n <= 0:
            if lane.wait():
                out.wait = min(lane.wait(), out.wait or lane.wait())
            continue
        slots -= n
        out.lanes[lane.account_id] = lane
        wanted.append((lane, n))
        if slots <= 0:
            break
    return wanted


def _rows(db: Db, tx: Tx, wanted: Sequence[tuple[Lane, int]], real: int) -> list[tuple[Any, ...]]:
    if not wanted:
        return []
    if db.kind == "sqlite":
        return [row for lane, n in wanted for row in tx.all(SQLITE, (lane.account_id, real, n))]
    return tx.all(POSTGRES, ([lane.account_id for lane, _ in wanted], [n for _, n in wanted], real))


def _judge(row: tuple[Any, ...], lane: Lane, terms: Terms, out: Claim) -> None:
    """Takes the row, drops it for a reason, or leaves it queued until there is a token for it."""
    body = orjson.loads(row[13])
    sending = _SENDING(*row[:13], body)
    sending.external_id, sending.last_inbound = row[18], row[17]
    sending.sending_at, sending.claimed, sending.probe = terms.now, monotonic(), lane.failures > 0
    refused = _refused(row, terms.now)
    if refused is not None:
        out.dropped.append((sending, *refused))
        return
    wait, alone = (0, False) if lane.spent else lane.take(body, bool(row[9]))
    if wait and alone:
        place = len(out.later)
        out.later.append((terms.real + wait + place * PRIVATE_MS, sending.id))
        return
    if wait or lane.spent:
        lane.spent = True
        out.wait = min(wait or IDLE_MS, out.wait or IDLE_MS)
        return
    lane.probing = lane.probing or sending.probe
    sending.attempt += 1
    out.taken.append(sending)


def _refused(row: tuple[Any, ...], now: int) -> tuple[str, str] | None:
    """The fences: the messaging window, the owner's epoch, a contact who cannot be reached."""
    not_after, epoch, contact, suppressed, live_epoch, owner = row[11], row[14], row[15], row[16], row[19], row[20]
    if contact is None:
        return "cancelled", "contact_deleted"
    if not_after is not None and not_after <= now:
        return "expired", "window_closed"
    if row[9] and live_epoch is not None and (epoch != live_epoch or (owner == "human" and row[5] is None)):
        return "cancelled", "taken_over"
    if suppressed > now and row[8] in ("send", "sender_action"):
        return "failed", "suppressed"
    return None


def _mark(tx: Batch, terms: Terms, out: Claim) -> Pending:
    until = terms.real + terms.lease_ms
    rows = [("sending", terms.owner, until, s.attempt, terms.now, s.id) for s in out.taken]
    rows.sort(key=lambda r: r[5])
    sets = ("state", "lease_owner", "lease_until", "attempt", "sending_at")
    return tx.update("outbox", ("id",), sets, rows, "state = 'queued'")


def _still_mine(tx: Tx, terms: Terms, out: Claim) -> None:
    """Some were cancelled between the reading and the marking."""
    where, params = tx.within("id", [s.id for s in out.taken], "bigint")
    sql = f"SELECT id, attempt FROM outbox WHERE {where} AND state = 'sending' AND lease_owner = ?"
    mine: dict[int, int] = dict(tx.all(sql, [*params, terms.owner]))
    out.taken = [s for s in out.taken if mine.get(s.id) == s.attempt]
