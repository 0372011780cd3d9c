"""The outbox: calls that a transaction wants made, as rows in that transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.runtime.parts import parts
from core.runtime.post import encode
from core.store.driver import Writes

__all__ = ["ANSWER", "BROADCAST", "FOLLOW_UP", "OutboxRow", "enqueue", "parts"]

ANSWER, FOLLOW_UP, BROADCAST = 1, 5, 9
"""Priorities: a person or an answer, what comes by timer, a broadcast (durability 3.6)."""


@dataclass(slots=True, kw_only=True)
class OutboxRow:
    """One call. ``kind`` names the handler, ``idem`` the call for ever (``core.store.ids.same_id``; a second row is ignored).

    ``body``: {"to": {"id": external id} | {"comment_id": id}, "message": …, "live"?: True, "note"?} for ``send``,
    {"to": {"comment_id"}, "text"} for ``comment_reply``, {"to": {"id"}, "action": "typing_on"|"typing_off"|"mark_seen"} for
    ``sender_action``, {"args": {…}, "retries"?: n} for calls with a result.
    ``wait`` (with ``run_id``) is set when a run waits for the result: the event ``result`` then comes back.
    ``automated`` rows leave only while ``epoch`` is the conversation's; a step that hands over writes its farewell with the
    new epoch. ``not_after`` is business time, ``next_at`` real time (0 = at once).
    """

    user_id: str
    account_id: str
    contact_id: str
    idem: str
    kind: str
    body: Mapping[str, Any]
    created_at: int
    automated: bool = True
    epoch: int = 0
    prio: int = ANSWER
    not_after: int | None = None
    conversation_id: str | None = None
    message_log_id: str | None = None
    run_id: str | None = None
    flow_id: str | None = None
    node_id: str | None = None
    event_id: int | None = None
    wait: int | None = None
    trace_id: str | None = None
    next_at: int = field(default=0)


COLUMNS = (
    "user_id",
    "account_id",
    "contact_id",
    "conversation_id",
    "message_log_id",
    "run_id",
    "flow_id",
    "node_id",
    "event_id",
    "wait",
    "idem",
    "kind",
    "automated",
    "epoch",
    "prio",
    "state",
    "next_at",
    "not_after",
    "body",
    "trace_id",
    "created_at",
)


def enqueue(tx: Writes, rows: Sequence[OutboxRow]) -> object:
    """Writes the rows in the caller's transaction; answers as its ``insert`` does, with the number of new rows outside a batch.
    The caller wakes the dispatchers afterwards."""
    return tx.insert("outbox", COLUMNS, [_values(row) for row in rows], "ON CONFLICT (idem) DO NOTHING")


def _values(r: OutboxRow) -> tuple[Any, ...]:
    return (
        r.user_id,
        r.account_id,
        r.contact_id,
        r.conversation_id,
        r.message_log_id,
        r.run_id,
        r.flow_id,
        r.node_id,
        r.event_id,
        r.wait,
        r.idem,
        r.kind,
        r.automated,
        r.epoch,
        r.prio,
        "queued",
        r.next_at,
        r.not_after,
        encode(r.body),
        r.trace_id,
        r.created_at,
    )
