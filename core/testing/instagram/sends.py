"""The Send API: the decision order of a send, sender actions, reactions, private replies and their echo (reference 2, 6)."""

from dataclasses import dataclass
from typing import Any

from core.testing.instagram import payloads
from core.testing.instagram.call import Call
from core.testing.instagram.errors import GraphError
from core.testing.instagram.faults import share
from core.testing.instagram.hooks import Delivery
from core.testing.instagram.stage import Sent, Stage
from core.testing.instagram.world import OUR_APP, WEEK_MS, WINDOW_MS, Account, Comment, Message, Thread

_ACTIONS = ("typing_on", "typing_off", "mark_seen", "react", "unreact")
_GONE_TAGS = ("CONFIRMED_EVENT_UPDATE", "ACCOUNT_UPDATE", "POST_PURCHASE_UPDATE")


@dataclass
class Target:
    """Whom a send is for; ``comment`` is set for a private reply."""

    thread: Thread
    igsid: str
    comment: Comment | None = None
    itself: bool = False


def send(call: Call) -> dict[str, Any]:
    """``POST …/messages``. The order is the contract: flags, rate, recipient, blocked, owner, window, limits, media."""
    stage, account = call.stage, call.account
    _flags(account)
    recipient, message, action = call.json("recipient"), call.json("message"), call.text("sender_action")
    if not isinstance(recipient, dict):
        raise payloads.refuse("The parameter recipient is required")
    _rate(stage, account, recipient, message)
    target = _target(stage, account, recipient)
    if target.thread.blocked:
        raise GraphError(551, 1545041)
    if target.thread.owner not in ("", OUR_APP):
        raise GraphError(10, 2018300)
    _tag(call, account)
    if target.comment is None and not target.itself:
        _window(call, target.thread)
    if action:
        return _act(call, target, action, message)
    shown = payloads.check(message, account, stage.world, call.login)
    if target.comment and set(shown) != {"text"} and not account.private_reply_buttons:
        raise payloads.refuse("", 2534015)
    _fetch(stage, shown)
    return _accept(call, target, shown)


def _flags(account: Account) -> None:
    if not account.messaging_allowed:
        raise GraphError(200, 2534041)
    if account.restricted:
        raise GraphError(10, 1893063)


def _rate(stage: Stage, account: Account, recipient: dict[str, Any], message: Any) -> None:
    kind = "text"
    if "comment_id" in recipient:
        comment = stage.world.comments.get(str(recipient["comment_id"]))
        media = stage.world.media.get(comment.media_id) if comment else None
        kind = "private_live" if media and media.product == "LIVE" else "private"
    elif isinstance(message, dict) and isinstance(message.get("attachment"), dict):
        kind = "media" if message["attachment"].get("type") in ("audio", "video") else "text"
    stage.rates.take(account.ig_id, kind, stage.clock.now())


def _target(stage: Stage, account: Account, recipient: dict[str, Any]) -> Target:
    if "comment_id" in recipient:
        comment = _repliable(stage, account, str(recipient["comment_id"]))
        thread = stage.thread(account, comment.username)
        return Target(thread, stage.igsid(thread), comment)
    igsid = str(recipient.get("id", ""))
    if igsid == account.self_igsid:
        return Target(stage.thread(account, account.username), igsid, itself=True)
    known = stage.world.thread_of(igsid)
    if known is None or known.ig_id != account.ig_id:
        raise GraphError(100, 2534014)
    return Target(known, igsid)


def _repliable(stage: Stage, account: Account, comment_id: str) -> Comment:
    """The comment, when a private reply to it is possible: ours, unused, 7 days, and while the broadcast runs."""
    comment = stage.world.comments.get(comment_id)
    media = stage.world.media.get(comment.media_id) if comment else None
    if comment is None or media is None or media.ig_id != account.ig_id or not comment.username or comment.replied:
        raise GraphError(100, 2534025)
    too_old = stage.clock.now() - comment.at > WEEK_MS
    if too_old or (media.product == "LIVE" and not media.live):
        raise GraphError(100, 2534025)
    return comment


def _tag(call: Call, account: Account) -> None:
    tag = call.text("tag")
    if tag in _GONE_TAGS or (tag and tag != "HUMAN_AGENT"):
        raise payloads.refuse("Param tag must be one of {HUMAN_AGENT}")
    if tag and not account.human_agent:
        raise GraphError(10, 0)


def _window(call: Call, thread: Thread) -> None:
    age = call.stage.clock.now() - thread.last_event_at
    most = WEEK_MS if call.text("tag") == "HUMAN_AGENT" else WINDOW_MS
    if not thread.last_event_at or age > most:
        raise GraphError(10, 2534022)


def _fetch(stage: Stage, shown: dict[str, Any]) -> None:
    for attachment in shown.get("attachments", ()):
        payload = attachment.get("payload", {})
        if attachment["type"] in payloads.MEDIA_KINDS and "url" in payload:
            payloads.fetchable(attachment["type"], payload["url"], stage.faults.media)
        for element in payload.get("elements", ()) if attachment["type"] == "template" else ():
            if "image_url" in element:
                payloads.fetchable("image", element["image_url"], stage.faults.media)


def _act(call: Call, target: Target, action: str, message: Any) -> dict[str, Any]:
    if message is not None:
        raise GraphError(100, 2018014)
    if action not in _ACTIONS:
        raise payloads.refuse("Param sender_action must be one of {typing_on, typing_off, mark_seen, react, unreact}")
    stage, thread = call.stage, target.thread
    if action == "typing_on":
        thread.typing_until = stage.clock.now() + 20_000
    elif action == "typing_off":
        thread.typing_until = 0
    elif action in ("react", "unreact"):
        _react(call, thread, action)
    stage.record_sent(Sent(0, 0, 0, thread.ig_id, target.igsid, thread.username, "", {"action": action}, kind=action))
    return {"recipient_id": target.igsid}


def _react(call: Call, thread: Thread, action: str) -> None:
    payload = call.json("payload")
    mid = str(payload.get("message_id", "")) if isinstance(payload, dict) else ""
    message = next((m for m in thread.messages if m.mid == mid), None)
    if message is None or not isinstance(payload, dict):
        raise payloads.refuse("The message to react to does not exist", 33)
    if action == "react" and not payload.get("reaction"):
        raise payloads.refuse("Param payload[reaction] is required")
    message.reaction = str(payload["reaction"]) if action == "react" else ""


def _accept(call: Call, target: Target, shown: dict[str, Any]) -> dict[str, Any]:
    stage, thread, comment = call.stage, target.thread, target.comment
    mid, now = stage.ids.mid(), stage.clock.now()
    if isinstance(reply := call.json("reply_to"), dict) and reply.get("mid"):
        shown["reply_to"] = {"mid": str(reply["mid"])}
    stage.keep(thread, Message(mid, now, "api", shown, comment_id=comment.id if comment else ""))
    thread.typing_until = 0
    if comment:
        comment.replied = True
    sent = Sent(0, 0, now, thread.ig_id, target.igsid, thread.username, mid, shown, comment.id if comment else "")
    sent.tag = call.text("tag")
    stage.record_sent(sent)
    call.early = echo(stage, thread, target.igsid, mid, shown, itself=target.itself, text_metadata=call.json("message"))
    return {"recipient_id": target.igsid, "message_id": mid}


def echo(
    stage: Stage,
    thread: Thread,
    igsid: str,
    mid: str,
    shown: dict[str, Any],
    app_id: str = OUR_APP,
    itself: bool = False,
    text_metadata: Any = None,
) -> Delivery | None:
    """The webhook that every outgoing message causes, after 0 to 2000 ms; returned when it should overtake the answer."""
    if stage.chance(stage.faults.echo_loss, "echo:" + mid):
        return None
    message: dict[str, Any] = {"mid": mid, "is_echo": True, **travelling(shown)}
    if itself:
        message["is_self"] = True
    if stage.faults.echo_app_id and app_id:
        message["app_id"] = app_id
        if isinstance(text_metadata, dict) and text_metadata.get("metadata"):
            message["metadata"] = text_metadata["metadata"]
    item = {
        "sender": {"id": thread.ig_id},
        "recipient": {"id": igsid},
        "timestamp": stage.clock.now(),
        "message": message,
    }
    early = stage.chance(stage.faults.early_echo, "early:" + mid)
    after = 0.0 if early else share(stage.seed, "delay:" + mid) * 2000
    delivery = stage.notify(thread.ig_id, "messages", "echo", item, "echo:" + mid, igsid, after=after)
    return delivery if early else None


def travelling(shown: dict[str, Any]) -> dict[str, Any]:
    """A message as webhooks carry it: no quick replies, and a template without its inside."""
    out = {k: v for k, v in shown.items() if k in ("text", "reply_to")}
    if "attachments" in shown:
        out["attachments"] = [_travelling(a) for a in shown["attachments"]]
    return out


def _travelling(attachment: dict[str, Any]) -> dict[str, Any]:
    kind, payload = attachment["type"], attachment.get("payload", {})
    if kind == "template":
        return {"type": "template", "payload": {"generic": {"elements": payload.get("elements", [])}}}
    if kind == "like_heart":
        return {"type": kind}
    name = payload.get("url", "asset-" + str(payload.get("attachment_id", payload.get("id", ""))))
    return {"type": "share" if kind == "MEDIA_SHARE" else kind, "payload": {"url": cdn(name)}}


def cdn(name: str) -> str:
    """The address of Instagram's own copy; it does not lead anywhere."""
    if name.startswith("https://lookaside.fbsbx.com/"):
        return name
    return f"https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id={int(share(0, name) * 1e17):017d}&signature=fake"
