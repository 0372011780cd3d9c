"""A person takes a conversation over: in one transaction, so that nothing automated leaves after it (decision 18)."""

import logging
from collections.abc import Mapping
from typing import Any

import orjson

from core.model.run import RunStatus
from core.services.commands import Asked, post_in
from core.services.house import House
from core.store.driver import Tx

log = logging.getLogger(__name__)


def take_over(house: House, tx: Tx, talk: Mapping[Any, Any], by: str | None, reason: str) -> int:
    """In the caller's transaction: owner human, epoch + 1, queued automated sends cancelled, waiting runs paused.

    The command that goes along takes the mailbox's lock, so that no worker handles the contact meanwhile. Answers the
    conversation's epoch from now on. ``talk`` is the conversation's row; ``by`` becomes its agent (None = nobody yet).
    """
    contact_id, now = talk["contact_id"], house.clock.now()
    of = Asked(talk["user_id"], talk["instagram_account_id"], contact_id)
    post_in(house, tx, [(of, {"do": "take_over", "by": by, "reason": reason})])
    owner, epoch = _fresh(tx, talk["conversation_id"])
    if owner != "human":
        epoch += 1
        _silence(tx, contact_id, reason, now)
        _pause(tx, contact_id, now)
        ids = {"conversation": talk["conversation_id"], "account": of.account_id, "contact": contact_id}
        log.info("a conversation was taken over", extra={"reason": reason, "by": by, **ids})
    tx.run(
        "UPDATE conversation SET owner = 'human', epoch = ?, human_at = ?, updated_at = ?,"
        " assigned_agent_id = COALESCE(?, assigned_agent_id) WHERE conversation_id = ?",
        (epoch, now, now, by, talk["conversation_id"]),
    )
    return epoch


def _fresh(tx: Tx, conversation_id: str) -> tuple[str, int]:
    row = tx.one("SELECT owner, epoch FROM conversation WHERE conversation_id = ?", (conversation_id,))
    assert row is not None
    return row[0], row[1]


def _silence(tx: Tx, contact_id: str, reason: str, now: int) -> None:
    """Who is claimed by a dispatcher meanwhile leaves: only what was really cancelled is told as skipped."""
    rows = tx.all(
        "UPDATE outbox SET state = 'cancelled', error_code = ?, done_at = ?"
        " WHERE contact_id = ? AND state = 'queued' AND automated RETURNING message_log_id",
        (reason, now, contact_id),
    )
    logs = [r[0] for r in rows if r[0]]
    if logs:
        where, params = tx.within("message_log_id", logs)
        tx.run(f"UPDATE message_log SET status = 'skipped', reason = ? WHERE {where}", [reason, *params])


def _pause(tx: Tx, contact_id: str, now: int) -> None:
    waiting = "SELECT run_id, body FROM run WHERE contact_id = ? AND ended_at IS NULL AND status = 'waiting'"
    for run_id, text in tx.all(waiting, (contact_id,)):
        body = orjson.loads(text) if isinstance(text, str | bytes) else text
        body["status"] = str(RunStatus.PAUSED)
        tx.run(
            "UPDATE run SET status = 'paused', pause_reason = 'takeover', body = ?, updated_at = ? WHERE run_id = ?",
            (orjson.dumps(body).decode(), now, run_id),
        )
