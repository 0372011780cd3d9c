"""Sending: messages and private replies, public answers to comments, sender actions (platform reference 2.1 to 2.5)."""

from collections.abc import Mapping
from typing import Any

from instaflow import Call, HttpRequest, Outcome
from plugins.instagram.bodies import graph_message
from plugins.instagram.graph import Edge, login, post, text

DAY = 86_400_000
WEEK = 7 * DAY
SEEN_ACTIONS = ("typing_on", "typing_off", "mark_seen")


def _send(call: Call) -> HttpRequest | Outcome:
    """``body`` = {"to", "message", "replyTo"?: mid}. The human-agent tag needs a person, a closed window and 7 days."""
    data: dict[str, Any] = {"recipient": dict(call.to), "message": graph_message(call.body.get("message") or {})}
    if call.body.get("replyTo"):
        data["reply_to"] = {"mid": call.body["replyTo"]}
    tagged = False
    if call.human and "id" in call.to and call.last_inbound is not None:
        silence = call.now - call.last_inbound
        if silence >= WEEK:
            return Outcome("window", code="human_agent_window", message="more than 7 days since the person wrote")
        tagged = silence >= DAY
    if tagged:
        data["tag"] = "HUMAN_AGENT"
    if login(call.account).typed:
        data["messaging_type"] = "MESSAGE_TAG" if tagged else "RESPONSE"
    return post(call.account, "/me/messages", data)


def _sent(call: Call, data: Mapping[str, Any]) -> Outcome:
    mid = text(data.get("message_id"))
    if not mid:
        return Outcome("unknown", code="no_message_id", message="the answer names no message")
    return Outcome("sent", mid, text(data.get("recipient_id")))


def _comment_reply(call: Call) -> HttpRequest | Outcome:
    comment = call.to.get("comment_id", "")
    if not comment.isalnum():
        return Outcome("failed", code="no_comment", message="there is no comment to answer")
    return post(call.account, f"/{comment}/replies", {"message": str(call.body.get("text") or "")})


def _replied(call: Call, data: Mapping[str, Any]) -> Outcome:
    made = text(data.get("id"))
    return (
        Outcome("sent", made)
        if made
        else Outcome("unknown", code="no_comment_id", message="the answer names no comment")
    )


def _action(call: Call) -> HttpRequest | Outcome:
    """``body`` = {"action": typing_on | typing_off | mark_seen} or {"action": react | unreact, "mid", "reaction"?}."""
    action = str(call.body.get("action") or "")
    data: dict[str, Any] = {"recipient": dict(call.to), "sender_action": action}
    if action in ("react", "unreact"):
        data["payload"] = {"message_id": str(call.body.get("mid") or "")}
        if action == "react":
            data["payload"]["reaction"] = str(call.body.get("reaction") or "love")
    elif action not in SEEN_ACTIONS:
        return Outcome("failed", code="unknown_action", message=f"'{action}' is not a sender action")
    return post(call.account, "/me/messages", data)


def _acted(call: Call, data: Mapping[str, Any]) -> Outcome:
    return Outcome("sent", recipient_id=text(data.get("recipient_id")))


HANDLERS = (
    Edge("send", _send, _sent, settle=True),
    Edge("comment_reply", _comment_reply, _replied, settle=True),
    Edge("sender_action", _action, _acted),
)
