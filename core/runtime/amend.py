"""Later words about an earlier message: edits, deletions, reactions (reference 1.4)."""

from typing import Any

import orjson

from core.runtime.box import Box, EventRow
from core.runtime.log import CONTENT, EDITS, MID, TYPE, log_row
from core.runtime.post import encode
from core.runtime.work import Work
from core.runtime.write import TRACE
from core.store.ids import new_id

OF, EVENT = TRACE.index("event_id"), TRACE.index("event")
"""Places in a trace that is not written yet."""


def edited(work: Work, box: Box, row: EventRow) -> None:
    """The text is replaced and the edit counted; no trigger looks at it. A late older edit changes nothing."""
    event = row.payload
    number, text, mid = event.get("number", 1), event.get("text", ""), event.get("mid")
    row.disposition = "edited"
    if number == 0:  # a new message in disguise: the chore that the inbox made reads it
        row.disposition = "fetching"
        return
    waiting = _waiting(box, mid)
    if waiting is not None:
        if number > waiting[EDITS]:
            waiting[CONTENT], waiting[EDITS] = {**waiting[CONTENT], "text": text}, number
        return
    found = _stored(work, box, mid)
    if found is None:
        row.disposition = "unknown_message"
    elif number > found[2]:
        content = encode({**orjson.loads(found[1]), "text": text})
        work.tx.run(
            "UPDATE message_log SET content = ?, edit_count = ? WHERE message_log_id = ?", (content, number, found[0])
        )


def deleted(work: Work, box: Box, row: EventRow) -> None:
    """The contact took a message back: its content is blanked in the log and in the inbox, the dedupe key stays."""
    mid = row.payload.get("mid")
    row.disposition = "deleted"
    waiting = _waiting(box, mid)
    if waiting is not None:
        waiting[CONTENT], waiting[TYPE] = {}, "deleted"
    else:
        work.tx.run(
            "UPDATE message_log SET content = '{}', type = 'deleted' WHERE instagram_account_id = ? AND mid = ?",
            (box.account.id, mid),
        )
    for earlier in box.done:
        if earlier.payload.get("mid") == mid:
            earlier.payload = {**earlier.payload, "text": ""}
            box.traces = [(*t[:EVENT], None, *t[EVENT + 1 :]) if t[OF] == earlier.id else t for t in box.traces]
    work.tx.run(
        "UPDATE step_trace SET event = NULL WHERE contact_id = ? AND event_id IN"
        " (SELECT id FROM inbound_event WHERE account_id = ? AND dedupe_key = ?)",
        (box.contact.id, box.account.id, f"mid:{mid}"),
    )
    work.tx.run(
        "UPDATE inbound_event SET payload = NULL WHERE account_id = ? AND dedupe_key = ?",
        (box.account.id, f"mid:{mid}"),
    )


def reacted(work: Work, box: Box, row: EventRow) -> None:
    """A reaction is a row of its own, named after the message it stands on; taking it back removes the row."""
    found: dict[str, Any] = row.payload.get("reaction", {})
    mid = f"reaction:{found.get('mid', '')}"
    for id_ in [i for i, values in box.logs.items() if values[MID] == mid]:
        del box.logs[id_]
    work.tx.run(
        "DELETE FROM message_log WHERE instagram_account_id = ? AND mid = ? AND contact_id = ?",
        (box.account.id, mid, box.contact.id),
    )
    row.disposition = "reaction"
    if found.get("action") != "unreact":
        log_row(box, new_id(), "inbound", "reaction", dict(found), row.at, mid=mid)


def _waiting(box: Box, mid: str | None) -> list[Any] | None:
    """The row of that message among those that are not written yet."""
    if mid is None:
        return None
    return next((values for values in box.logs.values() if values[MID] == mid), None)


def _stored(work: Work, box: Box, mid: str | None) -> tuple[Any, ...] | None:
    return work.tx.one(
        "SELECT message_log_id, content, edit_count FROM message_log WHERE instagram_account_id = ? AND mid = ?",
        (box.account.id, mid),
    )
