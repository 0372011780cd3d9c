"""Options that are no exits: media, links, settings, arguments, any other key."""

from collections.abc import Callable
from typing import Any

from core.lang.text.complaint import MISPLACED, quoted
from core.lang.text.makers import take_arguments
from core.lang.text.row import Row
from core.lang.text.tree import Step


def _holder(step: Step) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Where a step keeps what it shows: messages and carousels in ``content``."""
    if step.kind in ("message", "carousel") and step.word != "do":
        return step.data.setdefault("content", {}), ("content",)
    return step.data, ()


def show_button(step: Step, row: Row, button: dict[str, Any], shown_if: Any) -> None:
    """Adds a button; ``if`` behind it is an expression."""
    if shown_if is not None:
        button["condition"] = row.source(shown_if)
    holder, place = _holder(step)
    buttons = holder.setdefault("buttons", [])
    if not isinstance(buttons, list):
        row.complain(MISPLACED, "the buttons are given twice")
        return
    step.at[(*place, "buttons", len(buttons))] = row.place
    if shown_if is not None:
        step.at[(*place, "buttons", len(buttons), "condition")] = row.piece(shown_if)
    buttons.append(button)


def _link(step: Step, row: Row) -> None:
    title, url, shown_if = row.parts
    show_button(step, row, {"type": "url", "text": row.text(title), "url": row.text(url)}, shown_if)


def _media(step: Step, row: Row) -> None:
    kind, url = row.parts
    if step.kind == "card":
        step.data.setdefault("content", {})["media"] = [{"type": str(kind), "url": row.text(url)}]
        step.at[("imageUrl",)] = row.piece(url)
        return
    holder, place = _holder(step)
    media = holder.setdefault("media", [])
    if not isinstance(media, list):
        row.complain(MISPLACED, "the media are given twice")
        return
    step.at[(*place, "media", len(media))] = row.place
    media.append({"type": str(kind), "url": row.text(url)})


def _retry(step: Step, row: Row) -> None:
    times, text = row.parts
    step.data["retries"] = row.whole(times)
    step.at[("retries",)] = row.piece(times)
    if text is not None:
        if step.kind == "external_api_call":
            row.complain(MISPLACED, "a call that is tried again says nothing", text, "remove the text")
            return
        step.data["retryMessage"] = row.text(text)
        step.at[("retryMessage",)] = row.piece(text)


def _reprompt(step: Step, row: Row) -> None:
    times, text = row.parts
    step.data["reprompt"] = {"times": row.whole(times), **({"text": row.text(text)} if text is not None else {})}
    step.at[("reprompt",)] = row.place


def _prop(step: Step, row: Row) -> None:
    target, value = row.parts[0].children
    words = row.texts(target)
    if words[0] in ("id", "type", "connections", "notes"):
        row.complain(MISPLACED, f"'{words[0]}' is no property", target, "an id is written @id, a note as a comment")
        return
    holder: Any = step.data
    for word in words[:-1]:
        holder = holder.setdefault(word, {}) if isinstance(holder, dict) else None
    if not isinstance(holder, dict) or words[-1] in holder:
        row.complain(MISPLACED, f"{quoted('.'.join(words))} is given twice", target, "remove one of the two")
        return
    if words == ["content"] and step.word in ("say", "carousel"):
        row.complain(MISPLACED, "'content' holds what is shown", target, "write: prop content.name = value")
        return
    holder[words[-1]] = row.value(value)
    step.at[tuple(words)] = row.piece(value)


def _set(key: str, read: Callable[[Row, Any], Any]) -> Callable[[Step, Row], None]:
    def take(step: Step, row: Row) -> None:
        step.data[key] = read(row, row.parts[0])
        step.at[(key,)] = row.piece(row.parts[0])

    return take


PLAIN: dict[str, Callable[[Step, Row], None]] = {
    "media": _media,
    "link": _link,
    "url": _set("url", Row.text),
    "options": _set("options", Row.texts),
    "retry": _retry,
    "reprompt": _reprompt,
    "within": _set("timeoutSeconds", Row.seconds),
    "matching": _set("pattern", lambda row, part: str(part)),
    "interrupt": _set("interrupt", lambda row, part: str(part)),
    "zone": _set("timeZone", Row.text),
    "with": take_arguments,
    "option": _prop,
}
"""Rule of the grammar -> what it does to its step."""
