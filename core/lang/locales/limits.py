"""Instagram's limits on a translation: the same rules as for the flow's own text, asked about the one text."""

from collections.abc import Iterator
from typing import Any

from core.lang.checks.messages import message_problems
from core.model.diagnostic import Severity
from core.model.texts import Slot

_LINK = {"type": "url", "text": "x", "url": "https://x.example"}


def too_long(slot: Slot, text: str) -> Iterator[tuple[str, str, Severity | None, str]]:
    """(code, message, severity, hint) for each limit that the translation breaks."""
    for _, code, message, severity, hint in message_problems(_message(slot, text)):
        yield code, message, severity, hint


def _message(slot: Slot, text: str) -> dict[str, Any]:
    """The smallest message that shows the text where the slot does."""
    if slot.kind == "beside":
        return {"text": text, "buttons": [_LINK]}
    if slot.kind in ("quick", "button"):
        kind = "quick_reply" if slot.kind == "quick" else "postback"
        return {"text": "x", "buttons": [{"type": kind, "text": text}]}
    if slot.kind == "title":
        return {"cards": [{"title": text}]}
    if slot.kind == "address":
        return {"text": "x", "media": [{"type": "file", "url": text}]}
    return {"text": text}
