"""Messages as the Send API wants them: each kind with its limits (platform reference 2.2)."""

from collections.abc import Mapping
from typing import Any

TITLE, PAYLOAD, CARD_TITLE, CARDS, BUTTONS, QUICK_REPLIES = 20, 1000, 80, 10, 3, 13
"""Characters and counts: reference 2.2. Titles are cut as Instagram cuts them; the compiler warns."""

MEDIA = ("image", "video", "audio", "file")
CHIPS = ("user_email", "user_phone_number")


def graph_message(message: Mapping[str, Any]) -> dict[str, Any]:
    """One part of ``core.runtime.outbox.parts`` as the Send API's ``message``.

    >>> graph_message({"text": "Hi", "buttons": [{"type": "quick_reply", "text": "Yes", "payload": "Y"}]})
    {'text': 'Hi', 'quick_replies': [{'content_type': 'text', 'title': 'Yes', 'payload': 'Y'}]}
    """
    buttons = message.get("buttons") or ()
    quick = [_quick(b) for b in buttons if b.get("type") == "quick_reply"]
    fixed = [_button(b) for b in buttons if b.get("type") != "quick_reply"]
    out = _inside(message, fixed)
    if quick:
        out["quick_replies"] = quick[:QUICK_REPLIES]
    return out


def _inside(message: Mapping[str, Any], fixed: list[dict[str, Any]]) -> dict[str, Any]:
    media, cards = message.get("media") or (), message.get("cards") or ()
    if len(media) > 1:
        return {"attachments": [_media(m) for m in media]}
    if media:
        return {"attachment": _media(media[0])}
    if cards:
        return _template({"template_type": "generic", "elements": [_card(c) for c in cards[:CARDS]]})
    if fixed:
        text = str(message.get("text") or "…")
        return _template({"template_type": "button", "text": text, "buttons": fixed[:BUTTONS]})
    return {"text": str(message.get("text") or "")}


def _template(payload: dict[str, Any]) -> dict[str, Any]:
    return {"attachment": {"type": "template", "payload": payload}}


def _media(item: Mapping[str, Any]) -> dict[str, Any]:
    kind = str(item.get("type") or "image")
    if kind == "like_heart":
        return {"type": kind}
    if kind == "post":
        return {"type": "MEDIA_SHARE", "payload": {"id": str(item.get("id") or "")}}
    if item.get("attachmentId"):
        return {"type": kind, "payload": {"attachment_id": str(item["attachmentId"])}}
    return {"type": kind, "payload": {"url": str(item.get("url") or "")}}


def _quick(button: Mapping[str, Any]) -> dict[str, Any]:
    if button.get("contentType") in CHIPS:
        return {"content_type": button["contentType"]}
    title = str(button.get("text") or "…")
    return {"content_type": "text", "title": title[:TITLE], "payload": str(button.get("payload") or title)[:PAYLOAD]}


def _button(button: Mapping[str, Any]) -> dict[str, Any]:
    title = str(button.get("text") or "…")
    if button.get("url"):
        return {"type": "web_url", "url": str(button["url"]), "title": title[:TITLE]}
    return {"type": "postback", "title": title[:TITLE], "payload": str(button.get("payload") or title)[:PAYLOAD]}


def _card(card: Mapping[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {"title": str(card.get("title") or "…")[:CARD_TITLE]}
    if card.get("subtitle"):
        out["subtitle"] = str(card["subtitle"])[:CARD_TITLE]
    if card.get("imageUrl"):
        out["image_url"] = str(card["imageUrl"])
    if card.get("url"):
        out["default_action"] = {"type": "web_url", "url": str(card["url"])}
    buttons = [_button(b) for b in card.get("buttons") or ()][:BUTTONS]
    if buttons:
        out["buttons"] = buttons
    if len(out) == 1:
        out["subtitle"] = "…"  # Instagram wants one property beside the title
    return out
