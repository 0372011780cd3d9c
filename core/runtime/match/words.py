"""Where a keyword stands in a text: boundaries, the modes of matching, and what is skipped at the ends (decision 12).

All texts here have one form, ``fold`` or ``cased``; positions are in that form.
"""

import re
import unicodedata
from functools import lru_cache

from core.model.fold import is_word_char

MODES = ("exact", "starts", "word", "contains", "regex")
"""In the order of decision 10: the narrower mode wins."""
DEFAULT_MODE = "word"
MATCHED_CHARS = 10_000
"""A text is looked at up to here; Instagram's own limit is a tenth of it."""

_COMMA = re.compile(r"[,，،、\n]")
_JOINED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3130-\u318f"
    r"\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Scripts that write words without spaces, or glue particles to them: a boundary cannot be asked for there."""


def keywords_of(keyword: str, mode: str = DEFAULT_MODE) -> list[str]:
    """The single keywords of a comma-separated list; a regular expression is one, commas and all.

    >>> keywords_of("price, cost,,"), keywords_of("a{1,2}", "regex")
    (['price', 'cost'], ['a{1,2}'])
    """
    if mode == "regex":
        return [keyword] if keyword.strip() else []
    if not _COMMA.search(keyword):
        return [word] if (word := keyword.strip()) else []
    return [k for k in (part.strip() for part in _COMMA.split(keyword)) if k]


@lru_cache(maxsize=4096)
def cased(text: str) -> str:
    """Like ``fold``, with case and accents kept: for case-sensitive keywords and for regular expressions.

    >>> cased(" Ｌink\\u200b  NOW")
    'Link NOW'
    """
    if text.isascii():
        return " ".join(text.split())
    kept = "".join(c for c in unicodedata.normalize("NFKC", text) if not _invisible(c))
    return " ".join(kept.split())


def _invisible(c: str) -> bool:
    return c in "\ufe0e\ufe0f" or unicodedata.category(c) == "Cf"


def open_left(keyword: str) -> bool:
    """True when a keyword needs no boundary before it: it begins with a sign, an emoji or a script without spaces."""
    return is_edge(keyword[0])


def open_right(keyword: str) -> bool:
    """True when a keyword needs no boundary after it."""
    return is_edge(keyword[-1])


def is_edge(c: str) -> bool:
    """True for a character that ends a word which stands beside it."""
    if c.isascii():
        return not (c.isalnum() or c == "_")
    return not is_word_char(c) or _JOINED.match(c) is not None


def whole(text: str, start: int, end: int, keyword: str) -> bool:
    """True when ``text[start:end]`` is not a part of a longer word.

    >>> whole("prices", 0, 5, "price"), whole("價格?", 0, 1, "價")
    (False, True)
    """
    if start and not open_left(keyword) and not is_edge(text[start - 1]):
        return False
    return end == len(text) or open_right(keyword) or is_edge(text[end])


def skippable(text: str) -> bool:
    """True when nothing but spaces and punctuation stands here: "¿price?" begins with "price" and is it exactly."""
    return all(c == " " or unicodedata.category(c)[0] == "P" for c in text)


def stands(text: str, start: int, end: int, keyword: str, mode: str) -> bool:
    """True when the keyword found at ``start`` satisfies the mode (any but regex)."""
    if mode == "contains":
        return True
    if not whole(text, start, end, keyword):
        return False
    if mode == "word":
        return True
    return skippable(text[:start]) and (mode == "starts" or skippable(text[end:]))


def matches(text: str, keyword: str, mode: str) -> bool:
    """True when the keyword is in the text the way the mode asks; both in the same form.

    >>> matches("the price list", "price", "word"), matches("the price list", "price", "starts")
    (True, False)
    """
    start = text.find(keyword) if keyword else -1
    while start >= 0:
        if stands(text, start, start + len(keyword), keyword, mode):
            return True
        start = text.find(keyword, start + 1)
    return False
