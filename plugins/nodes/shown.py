"""What a step shows: the fields of buttons, media and cards, and how they become a message."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import INCLUDE, Schema

from instaflow import REPLY_CONDITIONS, NodeDoc
from instaflow.fields import Choice, Group, Items, Template, Text, Whole

MEDIA = ("image", "video", "audio", "file")
_KINDS = {
    "mp4": "video", "mov": "video", "avi": "video", "webm": "video", "ogg": "video",
    "mp3": "audio", "m4a": "audio", "wav": "audio", "aac": "audio", "pdf": "file",
}  # fmt: skip
_ENDING = re.compile(r"\.([a-z0-9]{2,4})(?:[?#]|\Z)")


class _Part(Schema):
    class Meta:
        unknown = INCLUDE


class Button(_Part):
    """A quick reply, a button that brings a payload back, or a link."""

    type = Choice("quick_reply", "postback", "url", required=True, title="Kind")
    text = Template(title="Title", maximum=20)
    payload = Text(title="Payload", description="What the tap brings back; made from the title when it is left out")
    url = Template(title="Address")
    contentType = Choice("user_email", "user_phone_number", title="Offer the contact's own")
    condition = Text(title="Shown if", format="expression")


class Medium(_Part):
    """A picture, a video, a sound or a file, by its https address."""

    type = Choice(*MEDIA, required=True, title="Kind")
    url = Template(required=True, title="Address")


class Card(_Part):
    """One card of a carousel."""

    title = Template(required=True, title="Title")
    subtitle = Template(title="Subtitle")
    imageUrl = Template(title="Picture")
    url = Template(title="Opens")
    buttons = Items(Group(Button), title="Buttons")


class Reprompt(_Part):
    """What is said to an answer that no exit expects."""

    times = Whole(1, 10, required=True, title="How often")
    text = Template(title="Text")


class Content(_Part):
    """What a message shows."""

    text = Template(title="Text", multiline=True)
    mediaUrl = Template(title="Media address")
    mediaType = Choice(*MEDIA, title="Media kind")
    media = Items(Group(Medium), title="Media")
    buttons = Items(Group(Button), title="Buttons")


class Cards(_Part):
    """What a carousel shows."""

    cards = Items(Group(Card), title="Cards")
    buttons = Items(Group(Button), title="Quick replies")


def message_of(shown: Mapping[str, Any]) -> dict[str, Any]:
    """The content in the program's keys: one ``mediaUrl`` becomes an entry of ``media``.

    >>> message_of({"mediaUrl": "https://x.example/a.mp4?x=1"})
    {'media': [{'type': 'video', 'url': 'https://x.example/a.mp4?x=1'}]}
    """
    out = {k: shown[k] for k in ("text", "buttons", "cards") if shown.get(k)}
    media = list(shown.get("media") or ())
    if shown.get("mediaUrl"):
        media.insert(0, {"type": shown.get("mediaType") or media_kind(shown["mediaUrl"]), "url": shown["mediaUrl"]})
    return {**out, "media": media} if media else out


def media_kind(url: str) -> str:
    """The kind by the address's ending; an image when it says nothing."""
    found = _ENDING.search(url.lower())
    return _KINDS.get(found[1], "image") if found else "image"


def waits_for_reply(node: NodeDoc) -> bool:
    """A message waits when it shows quick replies (they vanish with the next message) or has an exit for an answer."""
    buttons = node.content.get("buttons") or ()
    if any(b.get("type") == "quick_reply" for b in buttons):
        return True
    return any(c.condition is not None and c.condition["type"] in REPLY_CONDITIONS for c in node.connections)


def button_exits(node: NodeDoc) -> list[str]:
    """The payloads of the buttons that a step shows, as exits for the canvas."""
    shown = node.content
    buttons = [
        *(shown.get("buttons") or ()),
        *(b for card in shown.get("cards") or () for b in card.get("buttons") or ()),
    ]
    return [f"payload:{b['payload']}" for b in buttons if b.get("payload")]
