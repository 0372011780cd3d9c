"""Looking up what a conversation (or a comment) really holds: how an unknown send is settled (durability 3.3, reference 3.2)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from instaflow import Call, HttpRequest, Outcome
from plugins.instagram.graph import Edge, get, login, text

NEWEST = 20
"""Details are there for the newest so many messages of a thread."""
MESSAGES = f"messages.limit({NEWEST}){{id,created_time,from,to,message,attachments}}"
REPLIES = "id,text,timestamp,username,from"


def _find(call: Call) -> HttpRequest | Outcome:
    """``to`` = {"id": the person} or, for an answer to a comment, {"comment_id"}."""
    comment = call.to.get("comment_id", "")
    if comment:
        if not comment.isalnum():
            return Outcome("failed", code="no_comment", message="there is no comment to look at")
        return get(call.account, f"/{comment}/replies", fields=REPLIES, limit="50")
    person = call.to.get("id", "")
    if not person:
        return Outcome("failed", code="no_id", message="there is nobody to look up")
    platform = login(call.account).platform or "instagram"
    return get(call.account, "/me/conversations", platform=platform, user_id=person, fields=MESSAGES)


def _found(call: Call, data: Mapping[str, Any]) -> Outcome:
    """→ {"messages": [{"mid", "at" (ms or None), "own", "text", "attachments": [{"type", "title"?}]}], "whole": bool}.

    ``whole`` = there are no older ones, so what is missing is certainly not there.
    """
    found = data.get("data")
    if not isinstance(found, list):
        return Outcome("unknown", code="no_messages", message="the answer is no list of conversations")
    rows = [r for r in found if isinstance(r, dict)]
    if call.to.get("comment_id"):
        messages = [_reply(call, row) for row in rows]
        return Outcome("sent", data={"messages": messages, "whole": len(rows) < 50})
    if not rows:
        return Outcome("sent", data={"messages": [], "whole": True})
    inside = rows[0].get("messages")
    listed = inside.get("data") if isinstance(inside, dict) else None
    if not isinstance(listed, list):
        return Outcome("unknown", code="no_messages", message="the conversation does not show its messages")
    messages = [_message(call, m) for m in listed if isinstance(m, dict)]
    return Outcome("sent", data={"messages": messages[:NEWEST], "whole": len(listed) < NEWEST})


def _message(call: Call, row: Mapping[str, Any]) -> dict[str, Any]:
    sender = row.get("from")
    return {
        "mid": text(row.get("id")),
        "at": milliseconds(row.get("created_time")),
        "own": isinstance(sender, dict) and text(sender.get("id")) in (call.account.ig_id, call.account.page_id),
        "text": text(row.get("message")),
        "attachments": _attachments(row.get("attachments")),
    }


def _reply(call: Call, row: Mapping[str, Any]) -> dict[str, Any]:
    own = text(row.get("username")) == call.account.username if call.account.username else True
    return {
        "mid": text(row.get("id")),
        "at": milliseconds(row.get("timestamp")),
        "own": own,
        "text": text(row.get("text")),
        "attachments": [],
    }


def _attachments(value: Any) -> list[dict[str, Any]]:
    listed = value.get("data") if isinstance(value, dict) else value
    return [_attachment(a) for a in listed if isinstance(a, dict)] if isinstance(listed, list) else []


def _attachment(a: Mapping[str, Any]) -> dict[str, Any]:
    """Conversations name an attachment by a key of its own where webhooks have a type."""
    out = dict(a)
    if not a.get("type"):
        mime = text(a.get("mime_type"))
        keys = {"image_data": "image", "video_data": "video", "generic_template": "template", "audio_data": "audio"}
        named = next((kind for key, kind in keys.items() if key in a), "file")
        out["type"] = mime.partition("/")[0] if mime.startswith(("image/", "video/", "audio/")) else named
    return out


def milliseconds(value: Any) -> int | None:
    """A time as the Graph API prints it.

    >>> milliseconds("1970-01-01T00:00:02+0000"), milliseconds("soon")
    (2000, None)
    """
    try:
        return int(datetime.strptime(text(value), "%Y-%m-%dT%H:%M:%S%z").timestamp() * 1000)
    except ValueError:
        return None


HANDLERS = (Edge("conversation.find", _find, _found, repeatable=True),)
