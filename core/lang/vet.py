"""Is a parsed document plain JSON that every store can keep? Looked at once, so that nothing behind here needs to ask again."""

import math
import re
from typing import Any

from core.lang.report import Place
from core.model.limits import DOCUMENT_DEPTH, DOCUMENT_VALUES

_BAD = re.compile("[\x00\ud800-\udfff]")
_WHOLE = 2**63


def unfit(data: Any) -> tuple[str, Place] | None:
    """What forbids to keep ``data``, and where; None when it is fine.

    >>> unfit({"nodes": [{"text": "a\\x00b"}]})
    ('a text holds the character U+0000', ('nodes', 0, 'text'))
    """
    if _plain(data):
        return None
    stack: list[tuple[Any, Place]] = [(data, ())]
    seen = 0
    while stack:
        value, place = stack.pop()
        seen += 1
        if complaint := _scalar(value) or _shape(place, seen + len(stack)):
            return complaint, place
        if isinstance(value, dict):
            for key, inner in value.items():
                if not isinstance(key, str) or _BAD.search(key):
                    return "a key is not a text that can be stored", place
                stack.append((inner, (*place, key)))
        elif isinstance(value, list):
            stack.extend((inner, (*place, i)) for i, inner in enumerate(value))
    return None


def _plain(data: Any) -> bool:
    """True when nothing is wrong: level by level, without places, because nearly every document passes."""
    level, seen = [data], 0
    for _ in range(DOCUMENT_DEPTH + 1):
        seen += len(level)
        if not level or seen > DOCUMENT_VALUES:
            return not level
        below: list[Any] = []
        for value in level:
            kind = type(value)
            if kind is dict:
                if not all(type(k) is str and (k.isascii() or not _BAD.search(k)) and "\x00" not in k for k in value):
                    return False
                below += value.values()
            elif kind is list:
                below += value
            elif kind is str and value.isascii() and "\x00" not in value:
                continue
            elif _scalar(value):
                return False
            if len(below) > DOCUMENT_VALUES:
                return False
        level = below
    return not level


def _shape(place: Place, seen: int) -> str:
    if len(place) > DOCUMENT_DEPTH:
        return f"the document is nested deeper than {DOCUMENT_DEPTH} levels"
    return f"the document holds more than {DOCUMENT_VALUES} values" if seen > DOCUMENT_VALUES else ""


def _scalar(value: Any) -> str:
    if value is None or isinstance(value, bool | dict | list):
        return ""
    if isinstance(value, str):
        bad = None if value.isascii() and "\x00" not in value else _BAD.search(value)
        return f"a text holds the character U+{ord(bad[0]):04X}" if bad else ""
    if isinstance(value, int):
        return "" if -_WHOLE <= value < _WHOLE else "a number is too large"
    if isinstance(value, float):
        return "" if math.isfinite(value) else "a number is not finite"
    return f"a value of type {type(value).__name__} is not JSON"
