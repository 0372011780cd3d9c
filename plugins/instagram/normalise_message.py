"""Items of ``messaging`` and ``standby``: direct messages and everything that happens around them (reference 1.4)."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from plugins.instagram.normalise_values import clean, digest, ident, items, mapping, message_id, millis, text

if TYPE_CHECKING:
    from instaflow import Inbound

Json = Mapping[str, Any]
Event = dict[str, Any]
"""An Inbound while it is being filled."""


def message_item(item: Json, ig_id: str | None, entry_at: int, standby: bool = False) -> "Inbound | None":
    """One item as an event; None when not even the account can be told.

    The contact is the sender, or the recipient of what the account itself said.
    """
    sender, recipient = ident(mapping(item.get("sender")).get("id")), ident(mapping(item.get("recipient")).get("id"))
    message = item.get("message")
    ours = (sender is not None and sender == ig_id) or (type(message) is dict and message.get("is_echo") is True)
    account = ig_id or (sender if ours else recipient)
    if account is None:
        return None
    event: Event = {
        "kind": "unknown",
        "ig_id": account,
        "contact": recipient if ours and recipient != account else sender,
        "at": millis(item.get("timestamp")) or entry_at,
        "key": "",
    }
    if standby:
        event["standby"] = True
    if item.get("is_self") is True:
        event["is_self"] = True
    _fill(event, item, ours)
    return event  # type: ignore[return-value]


def _fill(event: Event, item: Json, ours: bool) -> None:
    for name, fill in KINDS.items():
        value = item.get(name)
        if type(value) is dict:
            fill(event, value)
            if ours and event["kind"] == "message":
                event["kind"] = "echo"
            return
    event["key"] = "raw:" + digest(event["contact"], event["at"], item)
    event["raw"] = clean(item)


def _message(event: Event, value: Json) -> None:
    mid = message_id(value.get("mid"))
    event["kind"] = "message"
    if mid is not None:
        event["mid"] = mid
        event["key"] = "mid:" + mid
    else:
        event["key"] = "msg:" + digest(event["contact"], event["at"], value)
    if value.get("is_deleted") is True:
        event["kind"], event["key"] = "deleted", "del:" + event["key"].removeprefix("mid:")
        return
    if "text" in value:
        event["text"] = text(value["text"])
    if len(value) > 2 or "text" not in value:
        _more(event, value)
    if value.get("is_unsupported") is True or not (event.keys() & SHOWN):
        event["unsupported"] = True


SHOWN = frozenset({"text", "attachments", "payload", "referral"})
"""What a message must have some of to be shown."""


def _more(event: Event, value: Json) -> None:
    attachments = [_attachment(a) for a in items(value.get("attachments"))]
    if attachments:
        event["attachments"] = attachments
        if all(a["type"] == "unsupported_type" for a in attachments):
            event["unsupported"] = True
    if type(value.get("quick_reply")) is dict:
        event["payload"] = text(value["quick_reply"].get("payload")) or event.get("text", "")
        event["tap"] = "quick_reply"
    reply_to = _reply_to(mapping(value.get("reply_to")))
    if reply_to:
        event["reply_to"] = reply_to
    _referral(event, value.get("referral"))
    _origin(event, value)


def _origin(event: Event, value: Json) -> None:
    if value.get("is_self") is True:
        event["is_self"] = True
    app_id, metadata = ident(value.get("app_id")), text(value.get("metadata"))
    if app_id:
        event["app_id"] = app_id
    if metadata:
        event["metadata"] = metadata


def _attachment(value: Any) -> dict[str, Any]:
    """{"type", "url"?, "title"?, …}: the payload's keys beside the type; numbers that are ids as text."""
    found: dict[str, Any] = dict(mapping(clean(mapping(mapping(value).get("payload")))))
    found["type"] = text(mapping(value).get("type")) or "unknown"
    return found


def _reply_to(value: Json) -> dict[str, Any]:
    story = value.get("story")
    if type(story) is dict:
        keys = ("url", "link_sticker_url")
        return {"story": {"id": ident(story.get("id")) or "", **{k: text(story[k]) for k in keys if story.get(k)}}}
    mid = message_id(value.get("mid"))
    return {"mid": mid} if mid else {}


def _referral(event: Event, value: Any) -> None:
    if type(value) is not dict:
        return
    found: dict[str, Any] = {k: text(value[k]) for k in ("ref", "source", "type") if value.get(k)}
    if found.get("source") == "SHORTLINKS":  # both spellings stand on one page of Meta's
        found["source"] = "SHORTLINK"
    for key, id_ in (
        ("ad_id", ident(value.get("ad_id"))),
        ("product_id", ident(mapping(value.get("product")).get("id"))),
    ):
        if id_:
            found[key] = id_
    context = clean(mapping(value.get("ads_context_data")))
    if context:
        found["context"] = context
    event["referral"] = found


def _postback(event: Event, value: Json) -> None:
    mid, title = message_id(value.get("mid")), text(value.get("title"))
    payload = text(value.get("payload")) or title
    event.update(kind="postback", payload=payload, title=title, tap="postback")
    if mid is not None:
        event["mid"] = mid
    if value.get("is_self") is True:
        event["is_self"] = True
    event["key"] = f"mid:{mid}" if mid else "pb:" + digest(event["contact"], event["at"], payload)
    _referral(event, value.get("referral"))


def _edit(event: Event, value: Json) -> None:
    """Number 0 is a new message in disguise, often without text and sender (reference, NE0)."""
    mid = message_id(value.get("mid")) or digest(event["contact"], event["at"], value)
    try:
        number = int(value.get("num_edit", 1))
    except (TypeError, ValueError, OverflowError):
        number = 1
    event.update(kind="edit", mid=mid, number=number, key=f"edit:{mid}:{number}")
    if "text" in value:
        event["text"] = text(value["text"])
    if number == 0:
        event["key"] = f"mid:{mid}"
        if event["contact"] is not None and event.get("text"):
            del event["number"]
            event["kind"] = "message"


def _reaction(event: Event, value: Json) -> None:
    mid = message_id(value.get("mid")) or ""
    found = {k: text(value[k]) for k in ("action", "reaction", "emoji") if value.get(k)}
    found.setdefault("action", "react")
    who = (event["contact"], found["action"], found.get("emoji", ""), event["at"])
    event.update(kind="reaction", mid=mid, reaction={"mid": mid, **found}, key=f"react:{digest(mid, *who)}")


def _read(event: Event, value: Json) -> None:
    event.update(kind="read", mid=message_id(value.get("mid")) or "")
    event["key"] = "read:" + digest(event["contact"], event["at"], value)


def _link(event: Event, value: Json) -> None:
    event["kind"] = "referral"
    event["key"] = "ref:" + digest(event["contact"], event["at"], value)
    _referral(event, value)


def _optin(event: Event, value: Json) -> None:
    event.update(kind="optin", data=clean(value), key="optin:" + digest(event["contact"], event["at"], value))


def _control(action: str) -> Callable[[Event, Json], None]:
    def fill(event: Event, value: Json) -> None:
        data = {k: ident(v) or text(v) for k, v in value.items() if k.endswith("_app_id") or k == "metadata"}
        event.update(kind="control", data=clean({**data, "action": action}))
        event["key"] = "control:" + digest(action, event["contact"], event["at"], value)

    return fill


KINDS: dict[str, Callable[[Event, Json], None]] = {
    "message": _message,
    "postback": _postback,
    "read": _read,
    "reaction": _reaction,
    "message_edit": _edit,
    "referral": _link,
    "optin": _optin,
    "pass_thread_control": _control("pass"),
    "take_thread_control": _control("take"),
    "request_thread_control": _control("request"),
}
"""The key that an item has, and what it means."""
