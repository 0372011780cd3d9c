"""The lines under a step: what it shows, its exits, any other key."""

import re
from collections.abc import Mapping
from typing import Any

from core.lang.printing.text_conditions import event
from core.lang.printing.text_entry import NOWHERE, Entry
from core.lang.printing.text_values import STEP, Unfit, assigned, name, readable, string, text, whole, word
from core.lang.text.tree import Exit
from core.lang.text.words import MEDIA
from core.model.flowdoc import payload_for

Data = dict[str, Any]
_KEY = re.compile(r"[^\W\d]\w*\Z")
_REFUSED = frozenset({"id", "type", "connections", "notes"})
_OWN = {"user_email": "email", "user_phone_number": "phone"}


def props(left: Data, margin: str, before: str = "") -> list[Entry]:
    """``prop`` for each key that the language has no word for. Raises Unfit when that cannot be either."""
    out = []
    for key, given in left.items():
        if (before and not _KEY.match(key)) or (not before and key in _REFUSED):
            raise Unfit
        target = before + key if before or _KEY.match(key) else string(key)
        out.append(Entry(assigned(f"prop {target} = ", given, margin + STEP)))
    return out


def others(exits: list[Exit], owner: str, plain: bool = False) -> list[Entry]:
    """``on`` and ``else`` for the exits that no button has."""
    return [
        Entry("else" if way.condition is None else f"on {event(way.condition, owner, plain)}", way) for way in exits
    ]


def media(shown: Data) -> list[Entry]:
    """``image "…"`` and the like, when all media can be said so."""
    given = shown.get("media")
    if not isinstance(given, list) or not given or not all(_medium(m) for m in given):
        return []
    del shown["media"]
    return [Entry(f"{m['type']} {string(m['url'])}") for m in given]


def _medium(medium: Any) -> bool:
    fine = isinstance(medium, Mapping) and set(medium) == {"type", "url"} and medium["type"] in MEDIA
    return fine and isinstance(medium["url"], str)


def buttons(shown: Data, exits: list[Exit]) -> list[Entry]:
    """The buttons with their exits, which are taken out of ``exits``; nothing when one of them cannot be said."""
    given = shown.get("buttons")
    if not isinstance(given, list) or not given:
        return []
    taken = list(exits)
    try:
        made = [_button(b, taken) for b in given]
    except Unfit:
        return []
    del shown["buttons"]
    exits[:] = taken
    return made


def _button(button: Any, exits: list[Exit]) -> Entry:
    if not isinstance(button, Mapping):
        raise Unfit
    left = dict(button)
    kind = left.pop("type", None)
    if kind == "url":
        line = f"link {string(text(left.pop('text', None)))} to {string(text(left.pop('url', None)))}"
        return Entry(_shown_if(line, left))
    if kind == "quick_reply" and left.get("contentType") in _OWN:
        return _own(left, exits)
    if kind not in ("quick_reply", "postback"):
        raise Unfit
    title, payload = text(left.pop("text", None)), text(left.pop("payload", None))
    line = f"{'quick' if kind == 'quick_reply' else 'button'} {string(title)}"
    if payload != payload_for(title):
        line += f" as {word(payload)}"
    return Entry(_shown_if(line, left), _taken(payload, exits))


def _own(left: Data, exits: list[Exit]) -> Entry:
    line = f"quick {_OWN[left.pop('contentType')]}"
    if "text" in left:
        line += f" {string(text(left.pop('text')))}"
    if "payload" not in left:
        return Entry(_shown_if(line, left))
    payload = text(left.pop("payload"))
    return Entry(_shown_if(f"{line} as {word(payload)}", left), _taken(payload, exits))


def _shown_if(line: str, left: Data) -> str:
    if "condition" in left:
        condition = text(left.pop("condition"))
        if not readable(condition):
            raise Unfit
        line += f" if {condition}"
    if left:
        raise Unfit
    return line


def _taken(payload: str, exits: list[Exit]) -> Exit:
    """The exit of a payload; one that is left open when there is none."""
    tapped = {"type": "button_payload", "value": payload}
    at = next((i for i, way in enumerate(exits) if way.condition == tapped), None)
    return exits.pop(at) if at is not None else Exit(tapped, "hole", NOWHERE)


def cards(given: Any, exits: list[Exit]) -> list[Entry]:
    """The cards of a carousel."""
    if not isinstance(given, list) or not given:
        raise Unfit
    return [_card(card, exits) for card in given]


def _card(card: Any, exits: list[Exit]) -> Entry:
    if not isinstance(card, Mapping):
        raise Unfit
    left = dict(card)
    line = f"card {string(text(left.pop('title', None)))}"
    line += f" {string(text(left.pop('subtitle')))}" if "subtitle" in left else ""
    inner = [Entry(f"image {string(text(left.pop('imageUrl')))}")] if "imageUrl" in left else []
    inner += [Entry(f"url {string(text(left.pop('url')))}")] if "url" in left else []
    shown = left.get("buttons", ())
    if isinstance(shown, list) and any(not isinstance(b, Mapping) or b.get("type") == "quick_reply" for b in shown):
        raise Unfit
    inner += buttons(left, exits)
    if left:
        raise Unfit
    return Entry(line, inner=inner)


def reprompt(left: Data) -> list[Entry]:
    """``reprompt`` and ``interrupt``."""
    out = []
    again = left.get("reprompt")
    if isinstance(again, Mapping) and "times" in again and set(again) <= {"times", "text"}:
        try:
            said = f" {string(text(again['text']))}" if "text" in again else ""
            out.append(Entry(f"reprompt {whole(again['times'])}{said}"))
            del left["reprompt"]
        except Unfit:
            pass
    if "interrupt" in left:
        try:
            out.append(Entry(f"interrupt {name(left['interrupt'])}"))
            del left["interrupt"]
        except Unfit:
            pass
    return out
