"""Is this message the one we sent? The one comparison that echoes and look-ups share (durability 3.3)."""

import unicodedata
from collections.abc import Mapping
from typing import Any

BEFORE_MS = 2_000
"""Instagram prints whole seconds and clocks differ a little: a message may seem this much older than its send."""
AFTER_MS = 120_000
"""A message belongs to a send that was begun at most this long before."""


def in_time(at: int | None, sending_at: int) -> bool:
    """True when a message of that time can be the send of ``sending_at`` (milliseconds); an unknown time can.

    >>> in_time(1_000, 2_500), in_time(200_000, 2_500)
    (True, False)
    """
    return at is None or sending_at - BEFORE_MS <= at <= sending_at + AFTER_MS


def same_message(body: Mapping[str, Any], message: Mapping[str, Any]) -> bool:
    """True when ``message`` shows what an outbox row's ``body`` holds.

    ``message`` = {"text"?, "attachments"?: [{"type", …}]} of an echo or of a conversation's listing. Quick replies do not
    travel, and of a template only its type and, for cards, their titles.

    >>> same_message({"message": {"text": "Hi  there"}}, {"text": "Hi there "})
    True
    """
    if "message" not in body:
        return squeezed(body.get("text")) == squeezed(message.get("text"))
    sent = body["message"]
    seen = [a for a in message.get("attachments") or () if isinstance(a, Mapping)]
    kinds = [str(a.get("type")) for a in seen]
    if sent.get("media"):
        return kinds == [_shown(m) for m in sent["media"]]
    if sent.get("cards"):
        return kinds[:1] == ["template"] and _titles(sent["cards"], seen[0])
    if any(b.get("type") != "quick_reply" for b in sent.get("buttons") or ()):
        return _button_template(sent, message, kinds)
    return not kinds and squeezed(sent.get("text")) == squeezed(message.get("text"))


def squeezed(text: Any) -> str:
    """A text without the differences that travelling makes: white space and Unicode's spellings of one letter.

    >>> squeezed(" a\\n b ")
    'a b'
    """
    return " ".join(unicodedata.normalize("NFC", text if isinstance(text, str) else "").split())


def _button_template(sent: Mapping[str, Any], message: Mapping[str, Any], kinds: list[str]) -> bool:
    text = squeezed(message.get("text"))
    if kinds and kinds[0] != "template":
        return False
    if text:
        return text == squeezed(sent.get("text"))
    return bool(kinds) and not _elements((message.get("attachments") or [{}])[0])


def _shown(media: Mapping[str, Any]) -> str:
    """Echoes call an own post a share."""
    kind = str(media.get("type"))
    return "share" if kind == "post" else kind


def _titles(cards: Any, attachment: Mapping[str, Any]) -> bool:
    elements = _elements(attachment)
    if not elements:
        return True
    return [squeezed(c.get("title"))[:80] for c in cards] == [squeezed(e.get("title"))[:80] for e in elements]


def _elements(attachment: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    payload = attachment.get("payload") or {}
    generic = payload.get("generic") or {} if isinstance(payload, Mapping) else {}
    found = generic.get("elements") if isinstance(generic, Mapping) else None
    return [e for e in found if isinstance(e, Mapping)] if isinstance(found, list) else []
