"""What Instagram takes in one message (platform reference 2.2), seen before anything is sent."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from core.lang.expressions import ExpressionError, parse_template
from core.model import limits
from core.model.diagnostic import Severity
from core.model.flowdoc import UPLOAD

Finding = tuple[Any, str, str, Severity | None, str]
"""(the thing that is wrong, code, message, severity or the code's usual one, hint)."""

_HTTPS = re.compile(r"https://[^\s/{}]+|https://\{\{")
_NEAR = 900


def message_problems(data: Mapping[str, Any]) -> Iterator[Finding]:
    """All findings of {text?, media?, buttons?, cards?}, in the order of the keys."""
    text, buttons, cards = data.get("text") or "", data.get("buttons") or [], data.get("cards") or []
    quick = [b for b in buttons if b.get("type") == "quick_reply"]
    fixed = [b for b in buttons if b.get("type") != "quick_reply"]
    if not text.strip() and not data.get("media") and not cards:
        yield data, "IF510", "an empty message cannot be sent", None, "give it a text, a picture or cards"
    yield from text_problems(text, bool(fixed))
    yield from _counts(data, quick, fixed)
    for button in buttons:
        yield from _button(button)
    for media in data.get("media") or ():
        if not str(media.get("url") or "").startswith(UPLOAD):
            yield from _address(media.get("url"))
    for card in cards:
        yield from _card(card)


def fixed_bytes(text: str) -> tuple[int, bool]:
    """Bytes of UTF-8 outside the expressions, and whether there are any.

    >>> fixed_bytes("Hé {{name}}")
    (4, True)
    """
    try:
        parsed = parse_template(text)
    except ExpressionError:
        return len(text.encode()), True
    if isinstance(parsed, str):
        return len(parsed.encode()), False
    return sum(len(p.encode()) for p in parsed[1] if isinstance(p, str)), True


def text_problems(text: str, with_buttons: bool = False) -> Iterator[Finding]:
    """IF503 by bytes; with buttons Instagram takes fewer characters and nothing can be split."""
    if len(text) <= _NEAR // 4:
        return
    size, dynamic = fixed_bytes(text)
    if with_buttons and len(text) > limits.TEXT_WITH_BUTTONS_CHARS and not dynamic:
        message = f"a text with buttons may have {limits.TEXT_WITH_BUTTONS_CHARS} characters; this one has {len(text)}"
        yield text, "IF503", message, Severity.ERROR, "send the long text as a message of its own, before this one"
    elif size > limits.TEXT_BYTES:
        severity = Severity.ERROR if with_buttons else Severity.WARNING
        message = f"the text is {size} bytes long; Instagram takes {limits.TEXT_BYTES} bytes of UTF-8 in one message"
        yield text, "IF503", message, severity, "" if with_buttons else "it will be sent in several messages"
    elif dynamic and size > _NEAR:
        message = f"the fixed part alone is {size} of {limits.TEXT_BYTES} bytes"
        yield text, "IF503", message, Severity.INFO, "a longer text is sent in several messages"


def _counts(data: Mapping[str, Any], quick: list[Any], fixed: list[Any]) -> Iterator[Finding]:
    buttons = data.get("buttons")
    if len(quick) > limits.QUICK_REPLIES:
        message = f"{len(quick)} quick replies; Instagram shows at most {limits.QUICK_REPLIES}"
        yield buttons, "IF501", message, None, ""
    if len(fixed) > limits.BUTTONS:
        yield buttons, "IF507", f"{len(fixed)} buttons; a message carries at most {limits.BUTTONS}", None, ""
    if quick and fixed:
        hint = "Instagram dismisses quick replies with the next message; buttons stay"
        yield buttons, "IF509", "buttons and quick replies in one message", None, hint
    cards = data.get("cards") or []
    if len(cards) > limits.CARDS:
        yield cards, "IF504", f"{len(cards)} cards; a carousel shows at most {limits.CARDS}", None, ""


def _button(button: Mapping[str, Any]) -> Iterator[Finding]:
    title, payload = button.get("text") or "", button.get("payload") or ""
    if len(title) > limits.BUTTON_TITLE_CHARS and "{{" not in title:
        message = (
            f"the title '{title[:60]}' has {len(title)} characters; Instagram cuts it at {limits.BUTTON_TITLE_CHARS}"
        )
        yield title, "IF502", message, Severity.WARNING if button.get("type") == "quick_reply" else Severity.ERROR, ""
    if len(payload) > limits.OWN_PAYLOAD_CHARS:
        message = f"the payload has {len(payload)} characters; at most {limits.OWN_PAYLOAD_CHARS} fit beside the run's address"
        yield payload, "IF512", message, None, "keep the data in a variable and send a short word"
    if button.get("type") == "url":
        yield from _address(button.get("url"))


def _card(card: Mapping[str, Any]) -> Iterator[Finding]:
    buttons = card.get("buttons") or []
    if len(buttons) > limits.BUTTONS:
        message = f"the card '{str(card.get('title'))[:40]}' has {len(buttons)} buttons; at most {limits.BUTTONS}"
        yield buttons, "IF505", message, None, ""
    for key in ("title", "subtitle"):
        text = card.get(key) or ""
        if len(text) > limits.CARD_TITLE_CHARS and "{{" not in text:
            message = f"the {key} of a card has {len(text)} characters; Instagram cuts it at {limits.CARD_TITLE_CHARS}"
            yield text, "IF506", message, None, ""
    for key in ("imageUrl", "url"):
        if card.get(key):
            yield from _address(card[key])
    for button in buttons:
        yield from _button(button)


def _address(url: Any) -> Iterator[Finding]:
    text = url if isinstance(url, str) else ""
    if not text.startswith("{{") and not _HTTPS.match(text):
        yield (
            url,
            "IF508",
            f"'{text[:60]}' is not an https address",
            None,
            "Instagram fetches and opens https addresses only",
        )
