"""The effect ``send``: from a flow's message to outbox rows and log rows, or to the recorded reason why not."""

from collections.abc import Mapping
from typing import Any

from core.model.limits import PRIVATE_REPLY_MS, WINDOW_MS
from core.runtime.box import Box, EventRow, Live
from core.runtime.log import log_row, outbound_type
from core.runtime.notices import notice
from core.runtime.outbox import ANSWER, BROADCAST, FOLLOW_UP, OutboxRow, parts
from core.runtime.ownership import take_over
from core.runtime.taps import wrap
from core.runtime.uploads import placed
from core.runtime.work import Work
from core.store.ids import new_id, same_id

HOUR_MS = 3_600_000
LIVE_REPLY_MS = 4 * HOUR_MS
"""A live broadcast lasts four hours at most; a private reply is possible while it runs (reference 1.5)."""


def send(work: Work, box: Box, row: EventRow, live: Live, n: int, message: Mapping[str, Any], node: str) -> None:
    """One message of a flow. ``n`` = the effect's place in the step: it makes the idempotency key."""
    to, not_after, refused = _address(work, box, live)
    if refused is None and _brake(work, box):
        refused = "bot_brake"
        take_over(work, box, "bot_brake", keep=None)
        box.conversation.status = "pending_human"
        notice(box, "bot_brake", box.conversation.id, {"runId": live.state.id}, work.now)
    if refused is not None:
        _record(work, box, live, message, node, "skipped", refused)
        return
    private = "comment_id" in to
    bodies = _bodies(work, box, live, message, node, private)
    for part, body in enumerate(bodies):
        log_id = _record(work, box, live, body["message"], node, "queued", body.get("note"))
        box.outbox.append(
            OutboxRow(
                user_id=box.account.user_id,
                account_id=box.account.id,
                contact_id=box.contact.id,
                conversation_id=box.conversation.id,
                message_log_id=log_id,
                run_id=live.state.id,
                flow_id=live.flow_id,
                node_id=node,
                event_id=row.id,
                idem=same_id(live.state.id, live.state.seq, n, part),
                kind="send",
                epoch=box.conversation.epoch,
                prio=prio_of(row, live),
                not_after=not_after,
                body={"to": to, **body},
                trace_id=row.trace_id,
                created_at=work.now,
            )
        )
    if private and bodies:
        live.extra["private"] = True
    box.contact.automated_count += len(bodies)
    box.contact.dirty = True


def _bodies(
    work: Work, box: Box, live: Live, message: Mapping[str, Any], node: str, private: bool
) -> list[dict[str, Any]]:
    """The sends that the message needs; uploads that are not to be had are left out and recorded."""
    message, lost = placed(work.tx, box.account.id, message)
    if lost:
        _record(work, box, live, {"media": lost}, node, "skipped", "upload_missing")
    if not any(message.get(k) for k in ("text", "media", "buttons", "cards")):
        return []
    return parts(_dressed(box, live, message), private, bool(box.account.setting("privateReplyButtons")))


def say(work: Work, box: Box, row: EventRow, text: str) -> None:
    """A sentence that no run says: the answer to an old button. Not said outside the window."""
    contact = box.contact
    last = contact.last_inbound_at
    if contact.opted_out_at is not None or contact.external_id is None or last is None or last + WINDOW_MS <= work.now:
        return
    id_ = new_id()
    log_row(box, id_, "outbound", "text", {"text": text}, work.now, automated=True, status="queued")
    box.outbox.append(
        OutboxRow(
            user_id=box.account.user_id,
            account_id=box.account.id,
            contact_id=contact.id,
            conversation_id=box.conversation.id,
            message_log_id=id_,
            event_id=row.id,
            idem=same_id("say", row.id),
            kind="send",
            epoch=box.conversation.epoch,
            not_after=last + WINDOW_MS,
            body={"to": {"id": contact.external_id}, "message": {"text": text}},
            trace_id=row.trace_id,
            created_at=work.now,
        )
    )


def prio_of(row: EventRow, live: Live) -> int:
    """An answer, what comes by timer, or a broadcast."""
    if live.state.trigger.get("type") == "broadcast":
        return BROADCAST
    return FOLLOW_UP if row.kind == "timer" else ANSWER


def _address(work: Work, box: Box, live: Live) -> tuple[dict[str, Any], int | None, str | None]:
    """To whom, until when, and why not. The private reply to a comment is for somebody who has not written since: who has is written to
    as everybody else, also when the comment is old, and when an old button begins the comment's flow again."""
    contact, trigger = box.contact, live.state.trigger
    if contact.opted_out_at is not None:
        return {}, None, "opted_out"
    comment, last = trigger.get("commentId"), contact.last_inbound_at
    at = int(trigger.get("at", live.started_at))
    answered = contact.external_id is not None and last is not None and last > at
    if comment and not live.extra.get("private") and not answered:
        until = at + (LIVE_REPLY_MS if trigger.get("live") else PRIVATE_REPLY_MS)
        return {"comment_id": comment}, until, None if until > work.now else "comment_too_old"
    if contact.external_id is None:
        return {}, None, "no_answer_to_private_reply"
    to = {"id": contact.external_id}
    if trigger.get("type") == "follow" and not live.extra.get("private"):
        live.extra["private"] = True  # tried once without a window (decision 9)
        return to, None, None
    if contact.external_id == box.account.ig_id:
        return to, None, None
    if last is None or last + WINDOW_MS <= work.now:
        return {}, None, "no_answer_to_private_reply" if comment else "window_closed"
    return to, last + WINDOW_MS, None


def _brake(work: Work, box: Box) -> bool:
    """More automated messages to one contact in an hour than the account allows (decision 25)."""
    limit, contact = box.account.setting("botBrake"), box.contact
    if work.now - contact.automated_since >= HOUR_MS:
        contact.automated_since, contact.automated_count = work.now, 0
    return bool(limit) and contact.automated_count >= limit


def _dressed(box: Box, live: Live, message: Mapping[str, Any]) -> dict[str, Any]:
    """With the account's disclosure before the first automated message, and payloads that name the run and its wait."""
    dressed = dict(message)
    disclosure = box.account.setting("disclosure")
    if disclosure and not box.contact.profile.get("disclosed"):
        box.contact.profile["disclosed"] = True
        dressed["text"] = "\n\n".join(filter(None, (disclosure, message.get("text"))))
    if message.get("buttons"):
        dressed["buttons"] = [wrap(b, live.state.id, live.state.wait) for b in message["buttons"]]
    if message.get("cards"):
        dressed["cards"] = [
            {**c, "buttons": [wrap(b, live.state.id, live.state.wait) for b in c["buttons"]]} if c.get("buttons") else c
            for c in message["cards"]
        ]
    return dressed


def _record(
    work: Work, box: Box, live: Live, message: Mapping[str, Any], node: str, status: str, reason: str | None
) -> str:
    id_ = new_id()
    log_row(
        box,
        id_,
        "outbound",
        outbound_type(message),
        dict(message),
        work.now,
        automated=True,
        flow_id=live.flow_id,
        node_id=node,
        run_id=live.state.id,
        status=status,
        reason=reason,
    )
    return id_
