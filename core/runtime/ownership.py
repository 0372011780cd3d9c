"""Who speaks: automation or a person. A change of owner raises the epoch, which fences every automated send (decision 18)."""

from collections.abc import Mapping
from typing import Any

from core.model.run import RunStatus
from core.runtime import lines
from core.runtime.box import Box, Live
from core.runtime.log import log_row
from core.runtime.notices import notice
from core.runtime.work import Work
from core.store.ids import new_id


def take_over(work: Work, box: Box, reason: str, by: str | None = None, keep: str | None = None) -> None:
    """A person speaks from now on: queued automated sends are cancelled, runs paused, no trigger fires.

    ``keep`` = the run that handed over: what it has queued is still said.
    """
    conversation = box.conversation
    conversation.human_at, conversation.dirty = work.now, True
    if by is not None:
        conversation.agent_id = by
    if conversation.owner == "human":
        return
    conversation.owner = "human"
    conversation.epoch += 1
    _silence(work, box, reason, keep)
    lines.owner(box, "a conversation was taken over", reason=reason, by=by)
    for live in box.runs:
        if live.state.status == RunStatus.WAITING and live.state.id != keep:
            live.state.status, live.pause_reason, live.dirty = RunStatus.PAUSED, "takeover", True


def silence(work: Work, box: Box, reason: str) -> None:
    """Cancels what automation has queued for the contact, without a change of owner."""
    _silence(work, box, reason, None)


def _silence(work: Work, box: Box, reason: str, keep: str | None) -> None:
    epoch, kept = box.conversation.epoch, []
    for row in box.outbox:
        if row.run_id == keep or not row.automated:
            row.epoch = epoch
            kept.append(row)
        elif row.message_log_id in box.logs:
            box.logs[row.message_log_id][15:17] = ["skipped", reason]
    box.outbox = kept
    if keep is not None:
        work.tx.run(
            "UPDATE outbox SET epoch = ? WHERE contact_id = ? AND state IN ('queued', 'sending') AND automated AND run_id = ?",
            (epoch, box.contact.id, keep),
        )
    params: list[Any]
    only, params = ("AND epoch < ? ", [epoch]) if keep is not None else ("", [])
    logs = work.tx.all(
        "UPDATE outbox SET state = 'cancelled', error_code = ?, done_at = ?"
        f" WHERE contact_id = ? AND state = 'queued' AND automated {only}RETURNING message_log_id",
        [reason[:50], work.now, box.contact.id, *params],
    )  # what a dispatcher has claimed meanwhile is not cancelled, and its log row must not say so
    cancelled = [m for (m,) in logs if m]
    if cancelled:
        where, params = work.tx.within("message_log_id", cancelled)
        work.tx.run(f"UPDATE message_log SET status = 'skipped', reason = ? WHERE {where}", [reason, *params])


def hand_over(work: Work, box: Box, live: Live, data: Mapping[str, Any]) -> None:
    """The flow asks for a person: pending_human, a note for the agents, a notification."""
    take_over(work, box, "handover", keep=live.state.id)
    box.conversation.status = "pending_human"
    message = data.get("message")
    if message:
        box.notes.append((new_id(), box.account.user_id, box.conversation.id, None, str(message), work.now))
        log_row(box, new_id(), "outbound", "note", {"text": str(message)}, work.now, automated=True, status="sent")
    told = {"message": message, "team": data.get("team"), "flowId": live.flow_id}
    notice(box, "handover", f"{box.conversation.id}:{work.now}", told, work.now)


def give_back(box: Box, timeout: bool = False) -> None:
    """Automation speaks again; the agents' queue is left, but not by a ``timeout``: nobody has answered yet."""
    conversation = box.conversation
    lines.owner(box, "a conversation was handed back", timeout=timeout)
    conversation.owner, conversation.human_at, conversation.dirty = "automation", None, True
    conversation.epoch += 1
    if conversation.status == "pending_human" and not timeout:
        conversation.status = "open"
