"""One message of a flow becomes the sends it needs: each part is exactly one call of Instagram's Send API (decision 23)."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.model import limits
from core.runtime.parts_text import cut, split

Message = Mapping[str, Any]
"""{text?, media?: [{type, url | attachmentId}], buttons?: [{type: quick_reply|postback|url, …}], cards?: [card]}, rendered."""

BLANK = "…"
"""The text of a button template that has none: Instagram wants one."""


def parts(message: Message, private: bool = False, rich: bool = False) -> list[dict[str, Any]]:
    """The bodies ``{"message": …}`` of the sends, in order; the caller adds ``"to"``.

    ``private`` = a private reply to a comment: one body of text only, unless ``rich`` (the account's capability flag) says
    that buttons were accepted. ``"note": "cut"`` is added to a body whose text had to be shortened.

    >>> parts({"text": "Hi", "media": [{"type": "image", "url": "https://e.example/a.png"}]})
    [{'message': {'media': [{'type': 'image', 'url': 'https://e.example/a.png'}]}}, {'message': {'text': 'Hi'}}]
    >>> parts({"text": "Now?", "buttons": [{"type": "quick_reply", "text": "Yes"}]}, private=True)
    [{'message': {'text': 'Now?\\nReply: Yes'}}]
    """
    if private:
        return [_private(message, rich)]
    buttons = list(message.get("buttons") or ())
    quick = [b for b in buttons if b.get("type") == "quick_reply"][: limits.QUICK_REPLIES]
    fixed = [b for b in buttons if b.get("type") != "quick_reply"]
    media: list[dict[str, Any]] = [{"media": [m]} for m in message.get("media") or ()]
    cards: list[dict[str, Any]] = [{"cards": c} for c in _chunks(list(message.get("cards") or ()), limits.CARDS)]
    texts = _texts(str(message.get("text") or ""), fixed)
    out = [*media, *cards, *texts] if quick else [*media, *texts, *cards]
    if quick and not out:
        out = [{"text": BLANK}]
    if quick:
        out[-1] = {**out[-1], "buttons": [*out[-1].get("buttons", ()), *quick]}
    return [{"message": m} for m in out]


def _texts(text: str, buttons: list[Any]) -> list[dict[str, Any]]:
    if not buttons:
        return [{"text": piece} for piece in split(text)]
    pieces = split(text, chars=limits.TEXT_WITH_BUTTONS_CHARS) or [BLANK]
    if len(pieces) > 1:
        pieces = [*split(" ".join(pieces[:-1])), pieces[-1]]
    groups = _chunks(buttons, limits.BUTTONS)
    plain: list[dict[str, Any]] = [{"text": piece} for piece in pieces[:-1]]
    return [
        *plain,
        {"text": pieces[-1], "buttons": groups[0]},
        *({"text": BLANK, "buttons": group} for group in groups[1:]),
    ]


def _private(message: Message, rich: bool) -> dict[str, Any]:
    buttons = list(message.get("buttons") or ())
    lines = [str(message.get("text") or "")]
    lines += [str(m["url"]) for m in message.get("media") or () if m.get("url") and not m.get("attachmentId")]
    lines += [" ".join(filter(None, (c.get("title"), c.get("url")))) for c in message.get("cards") or ()]
    if buttons and rich:
        kept = buttons[
            : limits.BUTTONS if any(b.get("type") != "quick_reply" for b in buttons) else limits.QUICK_REPLIES
        ]
        text, was_cut = cut("\n".join(filter(None, lines)) or BLANK, chars=limits.TEXT_WITH_BUTTONS_CHARS)
        return _noted({"text": text, "buttons": kept}, was_cut)
    links = [f"{b.get('text', '')}: {b['url']}" for b in buttons if b.get("url")]
    answers = [str(b["text"]) for b in buttons if b.get("text") and not b.get("url")]
    tail = "\n".join([*links, *(["Reply: " + " / ".join(answers)] if answers else [])])
    head, was_cut = cut(
        "\n".join(filter(None, lines)), limits.TEXT_BYTES - len(tail.encode()) - 1 if tail else limits.TEXT_BYTES
    )
    text, tail_cut = cut("\n".join(filter(None, (head, tail))) or BLANK)
    return _noted({"text": text}, was_cut or tail_cut)


def _noted(message: dict[str, Any], was_cut: bool) -> dict[str, Any]:
    return {"message": message, "note": "cut"} if was_cut else {"message": message}


def _chunks(things: Sequence[Any], size: int) -> list[list[Any]]:
    return [list(things[i : i + size]) for i in range(0, len(things), size)]
