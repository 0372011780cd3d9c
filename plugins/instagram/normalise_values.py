"""Leaves of a webhook, whatever their type: ids, times, texts, and JSON that both stores can keep."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import orjson

EXACT = 1 << 53
"""Above this, JavaScript and doubles lose digits: such numbers travel as text."""
DEPTH = 24
ID_CHARS = 64
MID_CHARS = 500
MILLIS, ABSURD = 10**12, 10**15


class Imprecise(Exception):
    """A number beyond 64 bits was read as a float: the body must be read again by the exact reader."""


def ident(value: Any) -> str | None:
    """An id as text, or None when it is no id: ids may be numbers, and no column takes more than 64 characters.

    >>> ident(18050000000000109), ident(" 17 "), ident(True), ident({})
    ('18050000000000109', '17', None, None)
    """
    if type(value) is str:
        value = value.strip()
        return value if 0 < len(value) <= ID_CHARS and value.isascii() and value.isprintable() else None
    if type(value) is int:
        return str(value)
    if type(value) is float and value >= EXACT:
        raise Imprecise
    return str(int(value)) if type(value) is float and value.is_integer() else None


def message_id(value: Any) -> str | None:
    """A message id: opaque text; an odd or endless one is replaced by its hash, because indexes hold it.

    >>> message_id("aWdf_1"), message_id(""), len(message_id("x" * 9999))
    ('aWdf_1', None, 64)
    """
    if type(value) is not str:
        return ident(value)
    if 0 < len(value) <= MID_CHARS and value.isascii() and value.isprintable():
        return value
    return sha256(value.encode("utf-8", "replace")).hexdigest() if value else None


def millis(value: Any) -> int:
    """A time in milliseconds; 0 when it is none. Below 10^12 it was seconds (reference 1.3).

    >>> millis(1795392238), millis("1795392238000"), millis(None), millis(-5)
    (1795392238000, 1795392238000, 0, 0)
    """
    if type(value) is str:
        try:
            value = float(value)
        except ValueError:
            return 0
    if type(value) not in (int, float) or not 0 < value < ABSURD:
        return 0
    return int(value * 1000) if value < MILLIS else int(value)


def text(value: Any) -> str:
    """A text as received; numbers as written; "" for anything else.

    >>> text("hi "), text(5), text(None), text([1])
    ('hi ', '5', '', '')
    """
    if type(value) is str:
        return value
    return str(value) if type(value) in (int, float) else ""


def mapping(value: Any) -> Mapping[str, Any]:
    """The object, or an empty one."""
    return value if type(value) is dict else {}


def items(value: Any) -> list[Any]:
    """The list; a lone object counts as a list of one; anything else as empty."""
    if type(value) is list:
        return value
    return [value] if type(value) is dict else []


def clean(value: Any, room: int = DEPTH) -> Any:
    """JSON that PostgreSQL and orjson take: no NUL, no lone surrogate, no huge number, nothing nested endlessly.

    Numbers above 2^53, and every number under a key that ends in ``id``, become text.

    >>> clean({"reel_video_id": 5, "n": 10**20, "t": "a\\x00b\\ud800", "f": 1.5})
    {'reel_video_id': '5', 'n': '100000000000000000000', 't': 'ab�', 'f': 1.5}
    """
    kind = type(value)
    if kind is str:
        return tidy(value)
    if kind is dict:
        return {tidy(k): _named(k, v, room - 1) for k, v in value.items()} if room else None
    if kind is list:
        return [clean(v, room - 1) for v in value] if room else None
    if kind is int:
        return value if -EXACT <= value <= EXACT else str(value)
    if kind is float and abs(value) >= EXACT:
        raise Imprecise
    return value


def _named(key: str, value: Any, room: int) -> Any:
    if type(value) is int and key.endswith("id"):
        return str(value)
    return clean(value, room)


def tidy(value: str) -> str:
    """Text without NUL characters and with lone surrogates replaced; anything else untouched."""
    if "\x00" in value:
        value = value.replace("\x00", "")
    try:
        value.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in value)
    return value


def digest(*values: Any) -> str:
    """32 hexadecimal digits that the same values always give.

    >>> digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    True
    """
    return sha256(orjson.dumps(clean(list(values)), option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]
