"""Events from inside the house (timers, results, commands) and the one way into a contact's mailbox."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from core.store.driver import Inserts, Tx

PENDING, DONE, DEAD = 0, 1, 2
"""States of an inbox row."""

MAILBOX = ("contact_id", "account_id", "prio", "ready_at")
MAILBOX_CONFLICT = (
    "ON CONFLICT (contact_id) DO UPDATE SET prio ="
    " CASE WHEN excluded.prio < mailbox.prio THEN excluded.prio ELSE mailbox.prio END"
)
"""Taking the row lock is the point: ids of a contact's events then grow in commit order (durability 3.2, T1). ``ready_at``
stays: a parked contact stays parked."""

EVENT = (
    "user_id",
    "account_id",
    "contact_id",
    "kind",
    "dedupe_key",
    "source_at",
    "payload",
    "received_at",
    "trace_id",
    "state",
    "disposition",
    "done_at",
)
EVENT_CONFLICT = "ON CONFLICT (account_id, dedupe_key) DO NOTHING"


LETTER = ("user_id", "account_id", "contact_id", "source", "ref_id", "error", "at")
"""A dead letter."""


class Posting(NamedTuple):
    """One internal event: ``payload`` is JSON as ``core.model.inbound`` describes it; ``key`` is its dedupe key."""

    user_id: str
    account_id: str
    contact_id: str
    kind: str
    key: str
    payload: Mapping[str, Any]
    trace_id: str | None = None


def encode(value: Any) -> str:
    """JSON text that both stores take: NUL characters and lone surrogates (PostgreSQL and orjson refuse them) replaced.

    >>> encode({"a": "x\\x00y"}) == encode({"a": "x\\ufffdy"})
    True
    """
    try:
        text = orjson.dumps(value).decode()
    except (TypeError, ValueError):
        return orjson.dumps(clean(value), default=str).decode()
    return orjson.dumps(clean(value)).decode() if "\\u0000" in text else text


def clean(value: Any) -> Any:
    """The same value without NUL characters and lone surrogates.

    >>> clean(["a\\ud800", {"k": "\\x00"}])
    ['a?', {'k': '\ufffd'}]
    """
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
    if isinstance(value, Mapping):
        return {clean(k) if isinstance(k, str) else str(k): clean(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(v) for v in value]
    return value


def post(
    tx: Tx,
    *,
    user_id: str,
    account_id: str,
    contact_id: str,
    kind: str,
    key: str,
    payload: Mapping[str, Any],
    now: int,
    prio: int = 1,
    trace_id: str | None = None,
) -> None:
    """An event for the contact, in the caller's transaction: it exists exactly when that commits.

    ``kind`` is timer, result or command; ``now`` business milliseconds. A second event with the same ``key`` is ignored.
    The caller wakes the drainers after its commit.
    """
    post_many(tx, [Posting(user_id, account_id, contact_id, kind, key, payload, trace_id)], now, prio)


def post_many(tx: Inserts, postings: Sequence[Posting], now: int, prio: int = 1) -> None:
    """Like ``post`` for many: mailbox rows first, in the order of contact ids, so that two writers cannot deadlock."""
    post_mailbox(tx, {p.contact_id: p.account_id for p in postings}, now, prio)
    rows = [
        (p.user_id, p.account_id, p.contact_id, p.kind, p.key, now, encode(p.payload), now, p.trace_id, 0, None, None)
        for p in postings
    ]
    tx.insert("inbound_event", EVENT, rows, EVENT_CONFLICT)


def post_mailbox(tx: Inserts, boxes: Mapping[str, str], now: int, prio: int = 1) -> None:
    """Makes sure that the contacts have a mailbox, and takes its lock. ``boxes`` = account by contact."""
    tx.insert("mailbox", MAILBOX, [(c, boxes[c], prio, now) for c in sorted(boxes)], MAILBOX_CONFLICT)
