"""Items of ``changes``, and the flat ``field`` and ``value`` of an entry: comments, mentions and the rest (reference 1.5)."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from plugins.instagram.normalise_message import KINDS, message_item
from plugins.instagram.normalise_values import clean, digest, ident, mapping, millis, text

if TYPE_CHECKING:
    from instaflow import Inbound

Json = Mapping[str, Any]
Event = dict[str, Any]
USERNAME_CHARS = 100


def change_item(change: Json, ig_id: str | None, entry_at: int) -> "Inbound | None":
    """One change as an event; None when not even the account can be told.

    A direct message wrapped in a change (the dashboard's test button does it) is the same event as a plain one.
    """
    field, value = text(change.get("field")), mapping(change.get("value"))
    if KINDS.keys() & value.keys() or field == "standby":
        return message_item(value, ig_id, entry_at, standby=field == "standby")
    if ig_id is None:
        return None
    event: Event = {"kind": "unknown", "ig_id": ig_id, "contact": None, "at": entry_at, "key": ""}
    fill = FIELDS.get(field)
    if fill is None or not value:
        event["raw"] = clean(dict(change))
    else:
        fill(event, value)
    event["key"] = event["key"] or f"chg:{digest(field, entry_at, change.get('value'))}"
    return event  # type: ignore[return-value]


def _comment(kind: str) -> Callable[[Event, Json], None]:
    def fill(event: Event, value: Json) -> None:
        author, media = mapping(value.get("from")), mapping(value.get("media"))
        found = {
            "id": ident(value.get("id")) or ident(value.get("comment_id")),
            "media_id": ident(media.get("id")),
            "original_media_id": ident(media.get("original_media_id")),
            "product_type": text(media.get("media_product_type")),
            "parent_id": ident(value.get("parent_id")),
            "ad_id": ident(media.get("ad_id")),
            "username": text(author.get("username"))[:USERNAME_CHARS],
        }
        event.update(kind=kind, contact=ident(author.get("id")), comment={k: v for k, v in found.items() if v})
        event["at"] = event["at"] or millis(value.get("timestamp"))
        if value.get("text") is not None:
            event["text"] = text(value["text"])
        if event["contact"] == event["ig_id"] or author.get("self_ig_scoped_id"):
            event["is_self"] = True
        if found["id"]:
            event["key"] = f"cmt:{found['id']}"

    return fill


def _mention(event: Event, value: Json) -> None:
    found = {"media_id": ident(value.get("media_id")), "id": ident(value.get("comment_id"))}
    event.update(kind="mention", comment={k: v for k, v in found.items() if v})


def _story_insights(event: Event, value: Json) -> None:
    """-1 stands for "below 5", which is unknown."""
    event.update(kind="story_insights", data={k: None if v == -1 else v for k, v in clean(dict(value)).items()})


def _follow(event: Event, value: Json) -> None:
    """Undocumented (reference 1.6): the contact when an id can be found, and everything else as it came."""
    places = (value.get("from"), value.get("sender"), value.get("user"))
    found = [ident(mapping(place).get("id")) for place in places] + [ident(value.get("sender_id"))]
    event.update(kind="follow", contact=next((i for i in found if i), None), raw=clean(dict(value)))
    username = text(mapping(value.get("from")).get("username"))[:USERNAME_CHARS]
    if username:
        event["data"] = {"username": username}


FIELDS: dict[str, Callable[[Event, Json], None]] = {
    "comments": _comment("comment"),
    "live_comments": _comment("live_comment"),
    "mentions": _mention,
    "story_insights": _story_insights,
    "follow": _follow,
}
"""The fields that are understood; every other one is stored raw."""
