"""JSON values as flows see them: as text, as number, compared, bounded. Total: nothing here raises."""

import re
from collections.abc import Iterator
from math import isfinite
from typing import Any

from core.model.limits import LIST_ITEMS, TEXT_CHARS, VALUE_DEPTH, VALUE_NODES

_NUMBER = re.compile(r"\s*([+-]?)(\d+(?:\.\d*)?|\.\d+)\s*\Z")
_EXACT = 1 << 53
_DIGITS = 40


def text_of(value: Any) -> str:
    """The value as a person reads it: null is "", lists with commas, 2.0 is "2".

    >>> text_of([1.0, None, True, 0.1 + 0.2])
    '1, , true, 0.3'
    """
    if type(value) is str:
        return value
    if value is None:
        return ""
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _float_text(value)
    return _joined(_pieces(value, VALUE_DEPTH), ", ")


def _float_text(value: float) -> str:
    if value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    text = f"{value:.10f}".rstrip("0").rstrip(".") if 1e-6 < abs(value) < _EXACT else repr(value)
    return text or "0"


def _pieces(value: Any, depth: int) -> Iterator[str]:
    if not isinstance(value, dict | list | tuple):
        yield text_of(value)
    elif depth == 0:
        yield "…"
    elif isinstance(value, dict):
        for key, item in value.items():
            yield f"{key}: {_joined(_pieces(item, depth - 1), ', ')}"
    else:
        for item in value:
            yield _joined(_pieces(item, depth - 1), ", ")


def _joined(pieces: Iterator[str], separator: str) -> str:
    kept: list[str] = []
    size = 0
    for piece in pieces:
        if size > TEXT_CHARS or len(kept) > VALUE_NODES:
            break
        size += len(piece) + (len(separator) if kept else 0)
        kept.append(piece)
    return cut(separator.join(kept))


def join(values: Any, separator: str) -> str:
    """A list as one text; what is no list is its text."""
    if not isinstance(values, list | tuple):
        return text_of(values)
    return _joined((text_of(v) for v in values), separator)


def cut(text: str) -> str:
    """At most ``TEXT_CHARS`` characters."""
    return text if len(text) <= TEXT_CHARS else text[:TEXT_CHARS]


def number_of(value: Any) -> int | float | None:
    """The number, also out of a text such as " 12.50"; null when it is none.

    >>> number_of("12.0"), number_of(True), number_of("1e9"), number_of("9" * 400)
    (12, None, None, None)
    """
    kind = type(value)
    if kind is int or kind is float:
        return tidy(value)
    if kind is str and len(value) <= _DIGITS and _NUMBER.match(value):
        return tidy(float(value))
    return None


def tidy(n: Any) -> int | float | None:
    """A number that every JSON reader keeps: no infinity, whole numbers up to 2**53 as int, larger ones as float."""
    if type(n) is int:
        return n if -_EXACT <= n <= _EXACT else _as_float(n)
    if not isfinite(n):
        return None
    return int(n) if n.is_integer() and -_EXACT <= n <= _EXACT else float(n)


def _as_float(n: int) -> float | None:
    return float(n) if n.bit_length() < 1000 else None


def member(value: Any, key: Any) -> Any:
    """``value.key`` or ``value[key]``: null when there is no such thing."""
    if isinstance(value, dict):
        return value.get(key) if isinstance(key, str) else value.get(text_of(key))
    if isinstance(value, list | tuple) and type(key) is int:
        return value[key] if -len(value) <= key < len(value) else None
    return None


def is_set(value: Any) -> bool:
    """False for null, empty text, empty list and empty object.

    >>> is_set(0), is_set([])
    (True, False)
    """
    return not (value is None or value == "" or (isinstance(value, list | tuple | dict) and not value))


def same(a: Any, b: Any) -> bool:
    """Equality of ``==``: numbers as numbers (also "5" and 5), else the same JSON value; large structures are not compared."""
    kind = type(a)
    if kind is str and type(b) is str:
        return bool(a == b)
    if isinstance(a, dict | list | tuple) or isinstance(b, dict | list | tuple):
        return _alike(a, b, [VALUE_NODES], VALUE_DEPTH)
    x = number_of(a)
    if x is not None:
        return x == number_of(b)
    return kind is type(b) and bool(a == b)


def _alike(a: Any, b: Any, left: list[int], depth: int) -> bool:
    left[0] -= 1
    if left[0] < 0 or depth < 0:
        return False
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(_alike(v, b[k], left, depth - 1) for k, v in a.items())
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(_alike(x, y, left, depth - 1) for x, y in zip(a, b, strict=True))
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    return not isinstance(a, dict | list | tuple) and bool(a == b)


def bounded(value: Any) -> Any:
    """The value as it may be stored: a copy with texts, lists, depth and size cut to the limits, JSON types only.

    >>> bounded({"a": float("nan"), "b": (1, 2)})
    {'a': None, 'b': [1, 2]}
    """
    kind = type(value)
    if kind is str:
        return cut(value)
    if value is None or kind is bool:
        return value
    if kind is int or kind is float:
        return tidy(value)
    return _bounded(value, [VALUE_NODES, RUN_TEXT], VALUE_DEPTH)


RUN_TEXT = 10 * TEXT_CHARS
"""Characters of all texts in one stored list or object."""


def _bounded(value: Any, left: list[int], depth: int) -> Any:
    left[0] -= 1
    if left[0] < 0 or depth < 0:
        return None
    if isinstance(value, str):
        text = cut(value)[: max(0, left[1])]
        left[1] -= len(text)
        return text
    if isinstance(value, dict):
        return {
            str(k)[:200]: _bounded(v, left, depth - 1)
            for k, v in list(value.items())[:LIST_ITEMS]
            if left[0] > 0 and left[1] > 0
        }
    if isinstance(value, list | tuple):
        return [_bounded(v, left, depth - 1) for v in value[:LIST_ITEMS] if left[0] > 0 and left[1] > 0]
    if isinstance(value, bool):
        return value
    return tidy(value) if isinstance(value, int | float) else None


def weight(value: Any) -> int:
    """About how many characters a bounded value takes as JSON; 8 for a small scalar."""
    if isinstance(value, str):
        return len(value) + 8
    if isinstance(value, dict):
        return 8 + sum(len(k) + weight(v) for k, v in value.items())
    if isinstance(value, list | tuple):
        return 8 + sum(weight(v) for v in value)
    return 8
