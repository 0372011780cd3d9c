"""Conditions behind ``if`` and behind ``on``."""

from collections.abc import Callable, Mapping
from typing import Any

from core.lang.conditions import words_of
from core.lang.printing.text_values import Unfit, pattern, readable, span, string, value, word
from core.lang.text.conditions import condition_of, keywords

Condition = Mapping[str, Any]
_EVENTS = frozenset({"keyword", "payload", "reply", "media", "timeout", "matching", "if", "raw"})
_TIMED = frozenset({"say", "ask", "carousel"})
_CHECKED = frozenset({"ask", "do"})
"""Words of steps under which ``timeout``, and ``valid``, are no outcomes."""


def guard(condition: Condition, plain: bool = False) -> str:
    """What stands behind ``if``; ``plain`` = as the object that it is.

    >>> guard({"type": "attribute_equals", "attribute": "plan", "value": "pro"}), guard({"type": "acme.mood"})
    ('contact.plan is "pro"', 'raw {type: "acme.mood"}')
    """
    short = None if plain else _short(condition)
    if short is not None and readable(short) and condition_of(short) == condition:
        return short
    return f"raw {value(condition, literal=plain)}"


def _short(condition: Condition) -> str | None:
    kind, given = condition.get("type"), condition.get("value")
    if kind == "attribute_equals" and isinstance(given, str):
        return f"contact.{condition.get('attribute')} is {string(given)}"
    if kind == "has_tag" and isinstance(given, str):
        return f"tagged {word(given)}"
    if kind == "keyword" and (quoted := [string(w) for w in said_words(given)]):
        return f"says {quoted[0]}" if len(quoted) == 1 else f"says [{', '.join(quoted)}]"
    return given if kind == "expression" and isinstance(given, str) else None


def said_words(given: Any) -> list[str]:
    """Keywords as the language writes them; none for what is no text and no list of texts."""
    fine = isinstance(given, str) or (isinstance(given, list) and all(isinstance(w, str) for w in given))
    return words_of(given) if fine else []


def event(condition: Condition, owner: str, plain: bool = False) -> str:
    """What stands behind ``on`` under the step with the word ``owner``.

    >>> event({"type": "timeout", "seconds": 7200}, "say"), event({"type": "outcome", "value": "timeout"}, "call")
    ('timeout 2h', 'timeout')
    """
    make = _MAKE.get(str(condition.get("type"))) if not plain else None
    if make is not None:
        try:
            if (made := make(condition, owner)) is not None:
                return made
        except Unfit:
            pass
    short = guard(condition, plain)
    return short if short.startswith("raw ") else f"if {short}"


def _only(condition: Condition, *keys: str) -> bool:
    return set(condition) == {"type", *keys}


def _keyword(condition: Condition, owner: str) -> str | None:
    given = condition.get("value")
    words = said_words(given)
    if not words or not _only(condition, "value") or keywords(words) != given:
        return None
    return "keyword " + ", ".join(map(string, words))


def _payload(condition: Condition, owner: str) -> str | None:
    given = condition.get("value")
    return f"payload {string(given)}" if _only(condition, "value") and isinstance(given, str) else None


def _plain(name: str) -> Callable[[Condition, str], str | None]:
    return lambda condition, owner: name if _only(condition) else None


def _timeout(condition: Condition, owner: str) -> str | None:
    return f"timeout {span(condition['seconds'])}" if _only(condition, "seconds") else None


def _regex(condition: Condition, owner: str) -> str | None:
    return f"matching {pattern(condition['value'])}" if _only(condition, "value") else None


def _valid(condition: Condition, owner: str) -> str | None:
    given = condition.get("value")
    fine = _only(condition, "value") and owner in _CHECKED and isinstance(given, bool)
    return ("valid" if given else "invalid") if fine else None


def _outcome(condition: Condition, owner: str) -> str | None:
    given = condition.get("value")
    if not _only(condition, "value") or not isinstance(given, str):
        return None
    if given in ("valid", "invalid") and owner in _CHECKED:
        return None
    if given == "timeout" and owner not in _TIMED:
        return given
    return string(given) if given in _EVENTS else word(given)


_MAKE: Mapping[str, Callable[[Condition, str], str | None]] = {
    "keyword": _keyword,
    "button_payload": _payload,
    "any_reply": _plain("reply"),
    "media": _plain("media"),
    "timeout": _timeout,
    "regex": _regex,
    "input_valid": _valid,
    "outcome": _outcome,
}
