"""Connection conditions: which types the language has, which fields each needs, where it can stand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


def text(value: Any) -> str:
    """Empty when ``value`` is a text that is not empty, else what is wrong."""
    return "" if isinstance(value, str) and value.strip() else "must be a text"


def words(value: Any) -> str:
    """Keywords: one text, separated by commas, or a list of texts."""
    given = value.split(",") if isinstance(value, str) else value
    fine = isinstance(given, list) and given and all(isinstance(w, str) and w.strip() for w in given if w != "")
    return "" if fine and any(w.strip() for w in given) else "must be a text or a list of texts"


def flag(value: Any) -> str:
    """True or false."""
    return "" if isinstance(value, bool) else "must be true or false"


def scalar(value: Any) -> str:
    """Text, number, true or false."""
    return "" if isinstance(value, str | int | float) else "must be a text, a number, true or false"


def seconds(value: Any) -> str:
    """A whole number of seconds, at least one."""
    fine = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31
    return "" if fine else "must be a whole number of seconds, at least 1"


def share(value: Any) -> str:
    """A share in percent."""
    fine = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 100
    return "" if fine else "must be a number above 0, at most 100"


@dataclass(frozen=True, slots=True)
class Kind:
    """``fields``: name -> check. ``place``: reply (dispatches an answer), guard (decides at once) or own (its step type's)."""

    place: str
    fields: Mapping[str, Callable[[Any], str]]


KINDS: dict[str, Kind] = {
    "button_payload": Kind("reply", {"value": text}),
    "keyword": Kind("reply", {"value": words}),
    "regex": Kind("reply", {"value": text}),
    "media": Kind("reply", {}),
    "any_reply": Kind("reply", {}),
    "timeout": Kind("reply", {"seconds": seconds}),
    "input_valid": Kind("own", {"value": flag}),
    "outcome": Kind("own", {"value": text}),
    "random": Kind("own", {"weight": share}),
    "attribute_equals": Kind("guard", {"attribute": text, "value": scalar}),
    "has_tag": Kind("guard", {"value": text}),
    "expression": Kind("guard", {"value": text}),
}
"""The built-in types; plugins add guards through ``registry.language.conditions``."""


def complaints(condition: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(field, what is wrong) for each field of a built-in condition that cannot be used.

    >>> complaints({"type": "input_valid", "value": "yes"})
    [('value', 'must be true or false')]
    """
    kind = KINDS.get(condition["type"])
    found = ((name, check(condition.get(name))) for name, check in kind.fields.items()) if kind else ()
    return [(name, wrong) for name, wrong in found if wrong]


def words_of(value: str | list[str]) -> list[str]:
    """Keywords as a list.

    >>> words_of("price, cost")
    ['price', 'cost']
    """
    return [w.strip() for w in (value.split(",") if isinstance(value, str) else value) if w.strip()]
