"""Echoes: the account's own messages as Instagram repeats them, whoever wrote them (decision 18, durability 3.3)."""

from typing import Any

import orjson

from core.runtime.box import Box, EventRow
from core.runtime.hold import hold
from core.runtime.log import content_of, inbound_type, log_row
from core.runtime.match_sent import in_time, same_message
from core.runtime.ownership import take_over
from core.runtime.work import Work
from core.store.ids import new_id

HOLD_MS = 1000
"""An echo that may belong to a send under way is looked at again after this (real milliseconds)."""
REVIEW_MS = 3_600_000
"""How far back an echo may settle a send that is under review."""
STATE = 5
"""Place of the state among the columns of a send under way."""
HOLDS = 90
"""Times an echo is held at most: then the send is long settled."""


def echo(work: Work, box: Box, row: EventRow) -> None:
    """Ours by its mid, ours by its text while a send is open, another app's, the account's own test, or a person's.

    The open sends are read before the known mids: a send that the dispatcher settles in between is in one of the two.
    """
    mid = row.payload.get("mid")
    if row.known:
        row.disposition = "confirmed"
        return
    sending = _open(work, box)
    if _known(work, box, mid):
        row.disposition = "confirmed"
        return
    held = int(row.payload.get("held", 0))  # type: ignore[call-overload]
    match = next((s for s in sending if _same(row, s)), None)
    if match is not None and mid:
        if _settle(work, match, mid):
            row.disposition = "settled"
        else:  # settled a moment ago: the next look knows its mid
            hold(work, box, row, "echo", HOLD_MS, held + 1)
        return
    if row.payload.get("is_self"):
        row.disposition = "self"
        return
    app = row.payload.get("app_id")
    if app and app != work.app_id:
        _log(box, row, "other_app")
        return
    if (any(s[STATE] == "sending" for s in sending) or _unnamed(work, box)) and held < HOLDS:
        hold(work, box, row, "echo", HOLD_MS, held + 1)
        return
    if mid and _reviewed(work, box, row, mid):
        row.disposition = "settled"
        return
    _log(box, row, "echo")
    if box.account.setting("echoTakeover") and not app:
        take_over(work, box, "echo")
        row.disposition = "taken_over"


def _known(work: Work, box: Box, mid: str | None) -> bool:
    if mid is None:
        return False
    return (
        work.tx.one("SELECT 1 FROM outbox WHERE account_id = ? AND provider_id = ? LIMIT 1", (box.account.id, mid))
        or work.tx.one(
            "SELECT 1 FROM message_log WHERE instagram_account_id = ? AND mid = ? LIMIT 1", (box.account.id, mid)
        )
    ) is not None


def _open(work: Work, box: Box) -> list[tuple[Any, ...]]:
    """Sends to this contact whose outcome is not known yet, the oldest first, and those that are to be tried again: a try
    that seemed lost may have arrived. (The index is partial, and SQLite uses it only for a condition that repeats its own.)"""
    return work.tx.all(
        "SELECT id, idem, body, sending_at, message_log_id, state FROM outbox"
        " WHERE contact_id = ? AND state IN ('queued', 'sending') AND kind = 'send'"
        " AND (state = 'sending' OR (attempt > 0 AND sending_at IS NOT NULL)) ORDER BY id",
        (box.contact.id,),
    )


def _unnamed(work: Work, box: Box) -> bool:
    """A private reply is under way to a comment whose writer Instagram did not name: the echo may be its own."""
    return (
        work.tx.one(
            "SELECT 1 FROM outbox o JOIN contact c ON c.contact_id = o.contact_id WHERE o.account_id = ?"
            " AND o.state = 'sending' AND o.kind = 'send' AND c.instagram_user_id IS NULL LIMIT 1",
            (box.account.id,),
        )
        is not None
    )


def _same(row: EventRow, sending: tuple[Any, ...]) -> bool:
    event = row.payload
    _, idem, body, sending_at, *_ = sending
    if event.get("metadata") == idem:
        return True
    seen = {"text": event.get("text"), "attachments": event.get("attachments")}
    return in_time(row.at, sending_at or 0) and same_message(orjson.loads(body), seen)


def _settle(work: Work, sending: tuple[Any, ...], mid: str) -> bool:
    """The send arrived: its row and its log row say so; the dispatcher's own answer then finds it settled. False = it is
    settled already."""
    id_, _, _, _, log_id, state = sending
    touched = work.tx.run(
        "UPDATE outbox SET state = 'sent', provider_id = ?, settled_by = 'echo', done_at = ?, lease_owner = NULL,"
        " lease_until = NULL WHERE id = ? AND state = ?",
        (mid, work.now, id_, state),
    )
    if touched != 1:
        return False
    if log_id is not None:
        work.tx.run(
            "UPDATE message_log SET status = 'sent', mid = ? WHERE message_log_id = ? AND status = 'queued'",
            (mid, log_id),
        )
    return True


def _reviewed(work: Work, box: Box, row: EventRow, mid: str) -> bool:
    """A send that a person was asked to review after all looks failed: its late echo settles it."""
    seen = {"text": row.payload.get("text"), "attachments": row.payload.get("attachments")}
    for log_id, content in work.tx.all(
        "SELECT message_log_id, content FROM message_log WHERE conversation_id = ? AND timestamp >= ?"
        " AND status = 'needs_review' ORDER BY timestamp",
        (box.conversation.id, row.at - REVIEW_MS),
    ):
        if same_message({"message": orjson.loads(content)}, seen):
            work.tx.run(
                "UPDATE outbox SET state = 'sent', provider_id = ?, settled_by = 'echo', done_at = ?"
                " WHERE account_id = ? AND contact_id = ? AND message_log_id = ? AND state = 'review'",
                (mid, work.now, box.account.id, box.contact.id, log_id),
            )
            work.tx.run("UPDATE message_log SET status = 'sent', mid = ? WHERE message_log_id = ?", (mid, log_id))
            return True
    return False


def _log(box: Box, row: EventRow, reason: str) -> None:
    event = row.payload
    log_row(
        box,
        new_id(),
        "outbound",
        inbound_type({**event, "kind": "message"}),
        content_of(event),
        row.at,
        mid=event.get("mid"),
        status="sent",
        reason=reason,
    )
    row.disposition = reason
