"""Folding: the one comparison form of words that people type (decision 12)."""

import re
import unicodedata
from functools import lru_cache

_SPACE = re.compile(r"\s+")
_VARIATION = ("\ufe0e", "\ufe0f")
_ACCENTS = range(200, 241)
"""Canonical combining classes of marks above, below and through Latin, Greek and Cyrillic letters; Indic signs stay."""


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Case, width, accents, emoji variation, zero-width and bidi marks folded away; white space collapsed and trimmed.

    >>> fold("  ＰＲＩＣＥ  Café\u200b ❤\ufe0f ") == "price cafe ❤"
    True
    """
    if text.isascii():
        return " ".join(text.lower().split())
    wide = unicodedata.normalize("NFKD", text).casefold()
    kept = unicodedata.normalize("NFKD", wide).translate(_KEPT)
    return _SPACE.sub(" ", unicodedata.normalize("NFC", kept)).strip()


class _Kept(dict[int, int | None]):
    """For ``str.translate``: what becomes of each character, asked once and then remembered (three times as fast)."""

    def __missing__(self, code: int) -> int | None:
        if len(self) > 20_000:
            self.clear()
        kept = self[code] = code if _stays(chr(code)) else None
        return kept


_KEPT = _Kept()


def _stays(c: str) -> bool:
    if c in _VARIATION or unicodedata.category(c) == "Cf":
        return False
    return unicodedata.combining(c) not in _ACCENTS


def is_word_char(c: str) -> bool:
    """True inside a word: letters, digits, and the marks that belong to them (isalnum is false for Hindi's vowel signs).

    >>> is_word_char("a"), is_word_char("-")
    (True, False)
    """
    return c.isalnum() or c == "_" or unicodedata.category(c) in ("Mn", "Mc")


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """Folded, with punctuation as spaces: how titles and keywords inside a flow are compared.

    >>> plain("Yes, please!")
    'yes please'
    """
    return " ".join("".join(c if is_word_char(c) else " " for c in fold(text)).split()) or fold(text)
