"""The message log and the conversation's own fields: what people see of everything that is said (decisions 4 and 8)."""

from collections.abc import Mapping
from typing import Any

from core.model.inbound import Inbound
from core.runtime.box import Box, EventRow
from core.runtime.work import Work
from core.store.ids import new_id

COLUMNS = (
    "message_log_id",
    "user_id",
    "instagram_account_id",
    "contact_id",
    "conversation_id",
    "direction",
    "type",
    "content",
    "timestamp",
    "is_automated",
    "flow_id",
    "node_id",
    "run_id",
    "author_id",
    "mid",
    "status",
    "reason",
    "edit_count",
)
CONTENT, TYPE, MID, EDITS = 7, 6, 14, 17
"""Places of the columns that a later event may still change in memory."""

MEDIA = {
    "image": "image",
    "video": "video",
    "audio": "audio",
    "file": "file",
    "story_mention": "story_mention",
    "unsupported_type": "unsupported",
    "ephemeral": "unsupported",
    "template": "template",
    "like_heart": "text",
}
"""Attachment types by the type of the log row; every other one is something shared."""
_SHARED = "share"


def log_row(
    box: Box,
    id_: str,
    direction: str,
    type_: str,
    content: dict[str, Any],
    at: int,
    *,
    automated: bool = False,
    flow_id: str | None = None,
    node_id: str | None = None,
    run_id: str | None = None,
    author_id: str | None = None,
    mid: str | None = None,
    status: str = "received",
    reason: str | None = None,
) -> None:
    """One row of the log; the conversation follows with its newest message. ``at`` in milliseconds."""
    account, conversation = box.account, box.conversation
    box.logs[id_] = [id_, account.user_id, account.id, box.contact.id, conversation.id, direction, type_, content, at]
    box.logs[id_] += [automated, flow_id, node_id, run_id, author_id, mid, status, reason, 0]
    if conversation.last_message_at is None or at >= conversation.last_message_at:
        conversation.last_message_id, conversation.last_message_at = id_, at
        conversation.dirty = True


def inbound_type(event: Inbound) -> str:
    """The log type of a message, tap or comment.

    >>> inbound_type({"kind": "message", "text": "hi", "reply_to": {"story": {"id": "1"}}})
    'story_reply'
    >>> inbound_type({"kind": "message", "payload": "YES", "tap": "quick_reply", "text": "Yes"})
    'quick_reply_response'
    """
    kind = event["kind"]
    if kind in ("comment", "live_comment"):
        return "comment"
    if kind == "postback":
        return "button_response" if event.get("payload", "").startswith("ifl1.") else "postback"
    if event.get("tap") == "quick_reply":
        return "quick_reply_response"
    attachments = event.get("attachments")
    if attachments:
        return MEDIA.get(attachments[0]["type"], _SHARED)
    if event.get("unsupported"):
        return "unsupported"
    return "story_reply" if "story" in event.get("reply_to", ()) else "text"


def outbound_type(message: Mapping[str, Any]) -> str:
    """The log type of a message of ours.

    >>> outbound_type({"text": "hi"}), outbound_type({"media": [{"type": "video"}]}), outbound_type({"cards": [{}]})
    ('text', 'video', 'template')
    """
    if message.get("cards") or any(b.get("type") != "quick_reply" for b in message.get("buttons") or ()):
        return "template"
    media = message.get("media")
    return MEDIA.get(media[0].get("type", ""), _SHARED) if media else "text"


CONTENT_KEYS = ("text", "title", "payload", "attachments", "reply_to", "referral", "comment", "standby")


def content_of(event: Inbound) -> dict[str, Any]:
    """What the log keeps of an event: everything a person may want to see."""
    return {key: event[key] for key in CONTENT_KEYS if key in event}  # type: ignore[literal-required]


def log_inbound(work: Work, box: Box, row: EventRow) -> None:
    """A message, tap or comment of the contact: one row; a closed conversation opens again."""
    event, conversation = row.payload, box.conversation
    comment = event["kind"] in ("comment", "live_comment")
    log_row(box, new_id(), "inbound", inbound_type(event), content_of(event), row.at, mid=event.get("mid"))
    if not comment:
        conversation.unread += 1
    if conversation.status == "closed":
        conversation.status, conversation.closed_at = "open", None
    conversation.dirty = True


def seen(work: Work, box: Box, row: EventRow) -> None:
    """A read receipt: that message of ours and all earlier ones (reference 1.4)."""
    mid, at = row.payload.get("mid") or None, row.at
    work.tx.run(
        "UPDATE message_log SET status = 'seen', seen_at = ? WHERE conversation_id = ? AND direction = 'outbound'"
        " AND status = 'sent' AND timestamp <= COALESCE((SELECT max(m.timestamp) FROM message_log m"
        " WHERE m.instagram_account_id = ? AND m.mid = ?), ?)",
        (at, box.conversation.id, box.account.id, mid, at),
    )
    row.disposition = "seen"
