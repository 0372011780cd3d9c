"""A contact who was known by a comment only turns out to be somebody: ``recipient_id`` came with the private reply (decision 5)."""

import orjson

from core.runtime.post import encode, post_mailbox
from core.store.driver import Tx

MOVED = ("inbound_event", "message_log", "outbox", "run", "timer", "step_trace")
"""Tables whose rows go along; the contact's other rows stay with the provisional one, which points to the new."""


def identify(tx: Tx, account_id: str, contact_id: str, external_id: str, now: int) -> str:
    """The contact behind ``external_id``, now that a provisional one proves to be them; answers its id.

    Nobody by that id yet: the provisional contact takes it. Somebody: open runs, timers, sends, log and pending events move
    there, and ``merged_into`` tells who still has the old id. A contact that has an id already is left alone.
    Call it in the transaction that settles the send; wake the drainers afterwards.
    """
    row = tx.one("SELECT instagram_user_id, merged_into FROM contact WHERE contact_id = ?", (contact_id,))
    if row is None or row[0] is not None or row[1] is not None:
        return contact_id if row is None or row[1] is None else str(row[1])
    known = tx.one(
        "SELECT contact_id, user_id FROM contact_identity WHERE instagram_account_id = ? AND external_id = ?",
        (account_id, external_id),
    )
    if known is None:
        return _take(tx, account_id, contact_id, external_id, now)
    target = str(known[0])
    post_mailbox(tx, {contact_id: account_id, target: account_id}, now)
    conversation = tx.one("SELECT conversation_id, owner, epoch FROM conversation WHERE contact_id = ?", (target,))
    _give_way(tx, contact_id, target, now)
    if conversation is not None:
        _same_owner(tx, contact_id, conversation[1], conversation[2], now)
    for table in MOVED:
        tx.run(f"UPDATE {table} SET contact_id = ? WHERE contact_id = ?", (target, contact_id))
    if conversation is not None:
        for table in ("message_log", "outbox"):
            tx.run(f"UPDATE {table} SET conversation_id = ? WHERE contact_id = ?", (conversation[0], target))
    tx.run("UPDATE contact_identity SET contact_id = ? WHERE contact_id = ?", (target, contact_id))
    tx.run("UPDATE contact SET merged_into = ?, updated_at = ? WHERE contact_id = ?", (target, now, contact_id))
    return target


def _same_owner(tx: Tx, contact_id: str, owner: str, epoch: int, now: int) -> None:
    """What comes along obeys the other conversation's owner: under a person it pauses, else it speaks in its epoch."""
    if owner != "human":
        tx.run(
            "UPDATE outbox SET epoch = ? WHERE contact_id = ? AND state IN ('queued', 'sending') AND automated",
            (epoch, contact_id),
        )
        return
    for run_id, text in tx.all(
        "SELECT run_id, body FROM run WHERE contact_id = ? AND ended_at IS NULL AND status = 'waiting'", (contact_id,)
    ):
        body = encode({**orjson.loads(text), "status": "paused"})
        tx.run(
            "UPDATE run SET status = 'paused', pause_reason = 'takeover', body = ?, updated_at = ? WHERE run_id = ?",
            (body, now, run_id),
        )


def _take(tx: Tx, account_id: str, contact_id: str, external_id: str, now: int) -> str:
    made = tx.insert(
        "contact_identity",
        ("instagram_account_id", "external_id", "contact_id", "user_id"),
        [(account_id, external_id, contact_id, _owner(tx, contact_id))],
        "ON CONFLICT DO NOTHING",
    )
    if not made:  # somebody was faster: now they are known
        return identify(tx, account_id, contact_id, external_id, now)
    tx.run(
        "UPDATE contact SET instagram_user_id = ?, updated_at = ? WHERE contact_id = ?", (external_id, now, contact_id)
    )
    return contact_id


def _owner(tx: Tx, contact_id: str) -> str:
    row = tx.one("SELECT user_id FROM contact WHERE contact_id = ?", (contact_id,))
    assert row is not None
    return str(row[0])


def _give_way(tx: Tx, contact_id: str, target: str, now: int) -> None:
    """One foreground a contact: the moved run goes on in the background when the other one waits for a reply already."""
    held = tx.one("SELECT 1 FROM run WHERE contact_id = ? AND foreground AND ended_at IS NULL", (target,))
    if held is not None:
        tx.run(
            "UPDATE run SET foreground = ?, status = 'cancelled', outcome = 'interrupted', ended_at = ?, updated_at = ?"
            " WHERE contact_id = ? AND foreground AND ended_at IS NULL",
            (False, now, now, contact_id),
        )
