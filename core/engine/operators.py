"""The binary operators of the expression language: total, on JSON values."""

import operator
from collections.abc import Callable
from typing import Any

from core.engine.values import cut, number_of, same, text_of, tidy
from core.model.limits import LIST_ITEMS

Binary = Callable[[Any, Any], Any]


def plus(a: Any, b: Any) -> Any:
    """Numbers added (unless both are texts), lists joined, else texts joined.

    >>> plus(1, "2"), plus("1", "2"), plus([1], [2]), plus(None, "x")
    (3, '12', [1, 2], 'x')
    """
    if not (isinstance(a, str) and isinstance(b, str)):
        x, y = number_of(a), number_of(b)
        if x is not None and y is not None:
            return tidy(x + y)
        if isinstance(a, list | tuple) and isinstance(b, list | tuple):
            return [*a, *b][:LIST_ITEMS]
    return cut(text_of(a) + text_of(b))


def _arithmetic(function: Callable[[Any, Any], Any]) -> Binary:
    def run(a: Any, b: Any) -> Any:
        x, y = number_of(a), number_of(b)
        if x is None or y is None:
            return None
        try:
            return tidy(function(x, y))
        except (ZeroDivisionError, OverflowError):
            return None

    return run


def _order(function: Callable[[Any, Any], bool]) -> Binary:
    def run(a: Any, b: Any) -> bool:
        x, y = number_of(a), number_of(b)
        if x is not None and y is not None:
            return function(x, y)
        return isinstance(a, str) and isinstance(b, str) and function(a, b)

    return run


def inside(a: Any, b: Any) -> bool:
    """Element of a list, part of a text, key of an object.

    >>> inside("5", [5]), inside("el", "hello"), inside("k", {"k": 1}), inside("x", None)
    (True, True, True, False)
    """
    if isinstance(b, str):
        return text_of(a) in b
    if isinstance(b, dict):
        return isinstance(a, str) and a in b
    return isinstance(b, list | tuple) and any(same(a, item) for item in b)


def has(a: Any, b: Any) -> bool:
    """The list ``a`` holds ``b``."""
    return isinstance(a, list | tuple) and inside(b, a)


def contains(a: Any, b: Any) -> bool:
    """The text of ``a`` holds the text of ``b``, case-free."""
    return text_of(b).casefold() in text_of(a).casefold()


BINARY: dict[str, Binary] = {
    "==": same,
    "!=": lambda a, b: not same(a, b),
    "is": lambda a, b: text_of(a) == text_of(b),
    "<": _order(operator.lt),
    "<=": _order(operator.le),
    ">": _order(operator.gt),
    ">=": _order(operator.ge),
    "in": inside,
    "notin": lambda a, b: not inside(a, b),
    "has": has,
    "contains": contains,
    "+": plus,
    "-": _arithmetic(operator.sub),
    "*": _arithmetic(operator.mul),
    "/": _arithmetic(operator.truediv),
    "%": _arithmetic(operator.mod),
}
