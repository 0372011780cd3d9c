"""The functions of expressions, ``round(x, 2)``: total, from values to a value."""

from collections.abc import Callable
from typing import Any

from core.engine import filters
from core.engine.values import number_of, text_of, tidy


def _least(*values: Any) -> Any:
    return min((n for n in map(number_of, values) if n is not None), default=None)


def _most(*values: Any) -> Any:
    return max((n for n in map(number_of, values) if n is not None), default=None)


def _round(value: Any, digits: Any = 0) -> Any:
    n, d = number_of(value), number_of(digits)
    if n is None:
        return None
    return tidy(round(n, int(max(-15, min(15, d or 0)))))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "length": filters.length,
    "lower": filters.FILTERS["lower"],
    "max": _most,
    "min": _least,
    "number": number_of,
    "round": _round,
    "text": text_of,
}
"""By name; ``in_segment`` and ``matches`` are built in ``evaluate``."""
