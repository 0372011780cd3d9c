"""Cutting texts where a reader would: at a sentence, else at a word, else between graphemes, never inside one."""

import re
import unicodedata

from core.model import limits

_SENTENCE = re.compile(r"(?:[.!?…]['\")\]»”’]*\s+|[。！？]\s*|\n+)")
_SPACE = re.compile(r"\s+")
ELLIPSIS = "…"
JOINER = "\u200d"


def split(text: str, bytes: int = limits.TEXT_BYTES, chars: int | None = None) -> list[str]:
    """Pieces of at most ``bytes`` UTF-8 bytes (and ``chars`` characters), in order; an empty text gives none.

    >>> split("One. Two three.", bytes=8)
    ['One.', 'Two', 'three.']
    >>> split("héé", bytes=3)
    ['hé', 'é']
    """
    out = []
    rest = text.strip()
    while rest:
        end = _fits(rest, bytes, chars)
        if end < len(rest):
            end = _break(rest, end)
        piece = rest[:end].strip()
        if piece:
            out.append(piece)
        rest = rest[end:].lstrip()
    return out


def cut(text: str, bytes: int = limits.TEXT_BYTES, chars: int | None = None) -> tuple[str, bool]:
    """The text, shortened at a grapheme with … when it is too long; and whether it was.

    >>> cut("abcdef", bytes=5)
    ('ab…', True)
    """
    if _fits(text, bytes, chars) == len(text):
        return text, False
    room = max(bytes - len(ELLIPSIS.encode()), 0)
    end = _grapheme(text, _fits(text, room, None if chars is None else chars - 1))
    return text[:end].rstrip() + ELLIPSIS, True


def _fits(text: str, size: int, chars: int | None) -> int:
    """How many leading characters fit."""
    limit = len(text) if chars is None else min(chars, len(text))
    if limit * 4 <= size or len(text[:limit].encode()) <= size:
        return limit
    return len(text[:limit].encode()[:size].decode("utf-8", "ignore"))


def _break(text: str, end: int) -> int:
    """Where to end the piece: the last sentence that ends within, else the last word, else a grapheme."""
    for pattern in (_SENTENCE, _SPACE):
        found = [
            m.end()
            for m in pattern.finditer(text, 0, end + 1)
            if m.start() > 0 and len(text[: m.end()].rstrip()) <= end
        ]
        if found:
            return found[-1]
    return _grapheme(text, end)


def _grapheme(text: str, end: int) -> int:
    """The nearest boundary of graphemes at or before ``end``; ``end`` itself when there is none."""
    at = end
    while at > 0 and at < len(text) and _joined(text, at):
        at -= 1
    return at or end


def _joined(text: str, at: int) -> bool:
    """True when no reader would see a gap between text[at - 1] and text[at]."""
    before, after = text[at - 1], text[at]
    if before == JOINER or after == JOINER or (before == "\r" and after == "\n"):
        return True
    if _flag(before) and _flag(after):
        run = 0
        while at - 1 - run >= 0 and _flag(text[at - 1 - run]):
            run += 1
        return run % 2 == 1
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":
        return True
    return unicodedata.category(after) in ("Mn", "Mc", "Me") or _jamo(before, after)


def _flag(c: str) -> bool:
    return "\U0001f1e6" <= c <= "\U0001f1ff"


def _jamo(before: str, after: str) -> bool:
    return "\u1100" <= before <= "\u11ff" and "\u1160" <= after <= "\u11ff"
