"""Events whose contact was merged into another, or deleted while they were on their way."""

from typing import Any

import orjson

from core.runtime import contacts
from core.runtime.accounts import AccountInfo
from core.runtime.inbox import contact_of
from core.runtime.load import Raw
from core.runtime.post import post_mailbox
from core.runtime.work import Work

MERGED = 15
"""Place of merged_into among the contact's columns."""


def is_misplaced(raw: Raw) -> bool:
    """The contact is gone, or is another one now."""
    return raw.contact is None or raw.conversation is None or raw.contact[MERGED] is not None


def place(work: Work, raw: Raw, contact_id: str, account: AccountInfo) -> int:
    """Moves the pending events to the contact that they belong to; without one they are stored and done. Answers
    how many there were."""
    target = raw.contact[MERGED] if raw.contact is not None else _found_or_made(work, raw, account)
    ids = [row[0] for row in raw.events]
    where, params = work.tx.within("id", ids, "bigint")
    if target is None or target == contact_id:
        work.tx.run(
            f"UPDATE inbound_event SET state = 1, disposition = 'no_contact', done_at = ? WHERE {where}",
            [work.now, *params],
        )
    else:
        post_mailbox(work.tx, {target: account.id}, work.ready)
        work.tx.run(f"UPDATE inbound_event SET contact_id = ? WHERE {where}", [target, *params])
    work.tx.run(
        "DELETE FROM mailbox WHERE contact_id = ? AND NOT EXISTS"
        " (SELECT 1 FROM inbound_event e WHERE e.contact_id = ? AND e.state = 0)",
        (contact_id, contact_id),
    )
    return len(ids)


def _found_or_made(work: Work, raw: Raw, account: AccountInfo) -> str | None:
    if account.status == "disconnected":
        return None  # its people may just have been erased: they do not come back
    for row in raw.events:
        payload: Any = orjson.loads(row[4]) if row[4] else {}
        external = contact_of(payload) if payload.get("kind") and payload.get("ig_id") else None
        if external is not None:
            key = (account.id, external)
            found = contacts.find(work.tx, [key]).get(key)
            return found or contacts.make(work.tx, {key: account.user_id}, work.now)[key]
    return None
