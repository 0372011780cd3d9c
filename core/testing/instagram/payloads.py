"""What a message may hold: the Send API's limits (reference 2.2), checked as strictly as Instagram's documents say."""

import ipaddress
import urllib.parse
from collections.abc import Mapping
from typing import Any

from core.model.limits import (
    BUTTON_TITLE_CHARS,
    BUTTONS,
    CARD_TITLE_CHARS,
    CARDS,
    PAYLOAD_CHARS,
    QUICK_REPLIES,
    TEXT_BYTES,
    TEXT_WITH_BUTTONS_CHARS,
)
from core.testing.instagram.errors import GraphError
from core.testing.instagram.world import Account, World

MEDIA_KINDS = ("image", "video", "audio", "file")
_CHIPS = ("user_email", "user_phone_number")
_ENDINGS = {
    "image": ("png", "jpg", "jpeg", "gif", "webp"),
    "video": ("mp4", "ogg", "avi", "mov", "webm"),
    "audio": ("aac", "m4a", "wav", "mp4", "mp3"),
    "file": ("pdf",),
}


def refuse(what: str, subcode: int = 0) -> GraphError:
    """Error 100."""
    return GraphError(100, subcode, what)


def check(message: Any, account: Account, world: World, login: str) -> dict[str, Any]:
    """The message as it will be shown: quick-reply titles cut to 20 characters. Raises error 100 (2534015: not allowed)."""
    if not isinstance(message, Mapping):
        raise refuse("Param message must be an object")
    known = {"text", "attachment", "attachments", "quick_replies", "metadata"}
    if set(message) - known:
        raise refuse(f"Unexpected key '{min(set(message) - known)}' on param 'message'")
    parts = [k for k in ("text", "attachment", "attachments") if message.get(k) not in (None, "", [])]
    if not parts:
        raise refuse("Param message must have text or an attachment")
    if len(parts) > 1:
        raise refuse("Text and attachments cannot be sent in one message", 2534015)
    shown: dict[str, Any] = {}
    if "text" in parts:
        shown["text"] = _text(message["text"])
    elif "attachment" in parts:
        shown["attachments"] = [_attachment(message["attachment"], account, world, login)]
    else:
        shown["attachments"] = _several(message["attachments"], account, world, login)
    if message.get("quick_replies"):
        shown["quick_replies"] = _quick_replies(message["quick_replies"])
    return shown


def _text(text: Any) -> str:
    if not isinstance(text, str):
        raise refuse("Param message[text] must be a string")
    if len(text.encode("utf-8", "replace")) > TEXT_BYTES:
        raise refuse(f"Length of param message[text] must be less than or equal to {TEXT_BYTES}")
    return text


def _quick_replies(replies: Any) -> list[dict[str, Any]]:
    if not isinstance(replies, list) or len(replies) > QUICK_REPLIES:
        raise refuse(f"Param message[quick_replies] must be a list of at most {QUICK_REPLIES}")
    return [_quick_reply(r) for r in replies]


def _quick_reply(reply: Any) -> dict[str, Any]:
    if not isinstance(reply, Mapping):
        raise refuse("A quick reply must be an object")
    kind = reply.get("content_type")
    if kind in _CHIPS:
        return {"content_type": kind}
    if kind != "text":
        raise refuse("A quick reply's content_type must be one of {text, user_phone_number, user_email}")
    title, payload = reply.get("title"), reply.get("payload")
    if not isinstance(title, str) or not title.strip():
        raise refuse("A quick reply of type text needs a title")
    _payload(payload, "quick reply")
    return {"content_type": "text", "title": title[:BUTTON_TITLE_CHARS], "payload": payload}


def _payload(payload: Any, what: str) -> None:
    if not isinstance(payload, str) or not payload or len(payload) > PAYLOAD_CHARS:
        raise refuse(f"The payload of a {what} must be a string of 1 to {PAYLOAD_CHARS} characters")


def _several(attachments: Any, account: Account, world: World, login: str) -> list[dict[str, Any]]:
    if not isinstance(attachments, list) or len(attachments) > 10:
        raise refuse("Param message[attachments] must be a list of at most 10")
    if any(not isinstance(a, Mapping) or a.get("type") != "image" for a in attachments):
        raise refuse("Only images can be sent together", 2534015)
    if len(attachments) > 1 and not account.multi_image:
        raise refuse("", 2534068)
    return [_attachment(a, account, world, login) for a in attachments]


def _attachment(attachment: Any, account: Account, world: World, login: str) -> dict[str, Any]:
    if not isinstance(attachment, Mapping):
        raise refuse("Param message[attachment] must be an object")
    kind = attachment.get("type")
    payload = attachment.get("payload")
    if kind == "like_heart":
        return {"type": kind}
    if not isinstance(payload, Mapping):
        raise refuse("An attachment needs a payload")
    if kind == "template":
        return {"type": kind, "payload": _template(payload, login)}
    if kind == "MEDIA_SHARE":
        media = world.media.get(str(payload.get("id", "")))
        if media is None or media.ig_id != account.ig_id:
            raise refuse("", 2018074)
        return {"type": kind, "payload": {"id": media.id}}
    if kind not in MEDIA_KINDS:
        raise refuse("The type of the attachment is not supported", 2534015)
    return {"type": kind, "payload": _media(kind, payload, account, world)}


def _media(kind: str, payload: Mapping[str, Any], account: Account, world: World) -> dict[str, Any]:
    known = payload.get("attachment_id")
    if known is not None:
        upload = world.uploads.get(str(known))
        if upload is None or upload.ig_id != account.ig_id or upload.type != kind:
            raise refuse("", 2018074)
        return {"attachment_id": upload.id}
    if not isinstance(payload.get("url"), str):
        raise refuse("An attachment needs payload[url] or payload[attachment_id]")
    return {"url": payload["url"]}


def fetchable(kind: str, url: str, scripted: Mapping[str, int]) -> None:
    """Whether Instagram could fetch it: public https, ASCII file name, an ending that fits. ``scripted``: URL part → subcode."""
    for part, subcode in scripted.items():
        if part in url:
            raise GraphError(100, subcode)
    parts = urllib.parse.urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or not url.isascii() or _private(parts.hostname):
        raise GraphError(100, 2018008)
    ending = parts.path.rpartition(".")[2].lower() if "." in parts.path.rpartition("/")[2] else ""
    if any(ending in endings for endings in _ENDINGS.values()) and ending not in _ENDINGS[kind]:
        raise GraphError(100, 2018047)


def _private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost" or "." not in host or host.endswith((".local", ".internal"))


def _template(payload: Mapping[str, Any], login: str) -> dict[str, Any]:
    kind = payload.get("template_type")
    if kind == "button":
        text = payload.get("text")
        if not isinstance(text, str) or not text.strip() or len(text) > TEXT_WITH_BUTTONS_CHARS:
            raise refuse(f"The text of a button template has 1 to {TEXT_WITH_BUTTONS_CHARS} characters")
        buttons = _buttons(payload.get("buttons"))
        if not buttons:
            raise refuse("A button template needs 1 to 3 buttons")
        return {"template_type": kind, "text": text, "buttons": buttons}
    elements = payload.get("elements")
    if kind not in ("generic", "product") or (kind == "product" and login == "ig"):
        raise refuse("This template_type is not supported", 2534015)
    if not isinstance(elements, list) or not 1 <= len(elements) <= CARDS:
        raise refuse(f"A {kind} template has 1 to {CARDS} elements")
    return {"template_type": kind, "elements": [_element(e) if kind == "generic" else dict(e) for e in elements]}


def _element(element: Any) -> dict[str, Any]:
    if not isinstance(element, Mapping):
        raise refuse("An element must be an object")
    for name in ("title", "subtitle"):
        value = element.get(name)
        if value is not None and (not isinstance(value, str) or len(value) > CARD_TITLE_CHARS):
            raise refuse(f"The {name} of an element has at most {CARD_TITLE_CHARS} characters")
    if not (element.get("title") or "").strip():
        raise refuse("An element needs a title")
    shown = {k: element[k] for k in ("title", "subtitle", "image_url", "default_action") if element.get(k)}
    action = element.get("default_action")
    if action and not (isinstance(action, Mapping) and action.get("type") == "web_url" and _web(action.get("url"))):
        raise refuse("A default_action must be a web_url with a url")
    if element.get("buttons"):
        shown["buttons"] = _buttons(element["buttons"])
    if len(shown) < 2:
        raise refuse("An element needs at least one property besides its title")
    return shown


def _buttons(buttons: Any) -> list[dict[str, Any]]:
    if buttons is None:
        return []
    if not isinstance(buttons, list) or len(buttons) > BUTTONS:
        raise refuse(f"There are at most {BUTTONS} buttons")
    return [_button(b) for b in buttons]


def _button(button: Any) -> dict[str, Any]:
    if not isinstance(button, Mapping) or button.get("type") not in ("web_url", "postback"):
        raise refuse("A button's type must be web_url or postback", 2534015)
    title = button.get("title")
    if not isinstance(title, str) or not title.strip() or len(title) > BUTTON_TITLE_CHARS:
        raise refuse(f"A button's title has 1 to {BUTTON_TITLE_CHARS} characters")
    if button["type"] == "web_url":
        if not _web(button.get("url")):
            raise refuse("A web_url button needs an http or https url")
        return {"type": "web_url", "title": title, "url": button["url"]}
    _payload(button.get("payload"), "button")
    return {"type": "postback", "title": title, "payload": button["payload"]}


def _web(url: Any) -> bool:
    return isinstance(url, str) and urllib.parse.urlsplit(url).scheme in ("http", "https")
