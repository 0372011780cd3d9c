"""Conditions as the document has them: behind ``if``, and behind ``on``."""

import re
from typing import Any

from core.lang.expressions.error import ExpressionError
from core.lang.text.row import Node, Row
from core.lang.text.values import value_of

_STRING = r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
_TAGGED = re.compile(rf"tagged\s+(?:([^\W\d]\w*)|{_STRING})")
_IS = re.compile(rf"contact\.([^\W\d]\w*)\s+is\s+{_STRING}")
_SAYS = re.compile(rf"says\s+({_STRING}|\[.*\])", re.DOTALL)


def condition_of(source: str) -> dict[str, Any]:
    """The condition that an expression stands for: a tag, an attribute and words have types of their own.

    >>> condition_of("tagged vip"), condition_of("contact.plan is 'pro'")
    ({'type': 'has_tag', 'value': 'vip'}, {'type': 'attribute_equals', 'attribute': 'plan', 'value': 'pro'})
    >>> condition_of("says ['yes', 'sure']"), condition_of("score > 3")
    ({'type': 'keyword', 'value': 'yes, sure'}, {'type': 'expression', 'value': 'score > 3'})
    """
    try:
        if found := _TAGGED.fullmatch(source):
            return {"type": "has_tag", "value": found[1] or value_of(found[2])}
        if found := _IS.fullmatch(source):
            return {"type": "attribute_equals", "attribute": found[1], "value": value_of(found[2])}
        if found := _SAYS.fullmatch(source):
            words = value_of(found[1])
            return {"type": "keyword", "value": keywords([words] if isinstance(words, str) else words)}
    except ExpressionError:
        return {"type": "expression", "value": source}
    return {"type": "expression", "value": source}


def keywords(words: list[str]) -> str | list[str]:
    """Words as the API has them: one text, unless a word holds a comma.

    >>> keywords(["a", "b"]), keywords(["a, b"])
    ('a, b', ['a, b'])
    """
    plain = all(w == w.strip() and w and "," not in w for w in words)
    return ", ".join(words) if plain else words


def guard_of(row: Row, part: Node) -> dict[str, Any]:
    """The condition of ``if``: an expression, or ``raw {…}`` as it is."""
    if part.data == "raw":
        return raw_of(row, part)
    return condition_of(row.source(part))


def raw_of(row: Row, part: Node) -> dict[str, Any]:
    """``raw {…}``: the object itself."""
    given = row.value(part.children[-1])
    return given if isinstance(given, dict) else {}


def event_of(row: Row, part: Node, owner: str) -> dict[str, Any]:
    """The condition of ``on``."""
    made = _EVENTS.get(part.data)
    if made:
        return {"type": made[0], made[1]: made[2](row, part.children[0])}
    if part.data in ("reply", "media"):
        return {"type": "any_reply" if part.data == "reply" else "media"}
    if part.data == "guard":
        return guard_of(row, part.children[0])
    if part.data == "raw":
        return raw_of(row, part)
    if part.data == "timeout":
        return _timeout(row, part, owner)
    return _outcome(row.text(part.children[0]), owner)


def _timeout(row: Row, part: Node, owner: str) -> dict[str, Any]:
    if part.children[0] is not None:
        return {"type": "timeout", "seconds": row.seconds(part.children[0])}
    if owner in ("say", "ask", "carousel"):
        row.complain("IF004", f"'on timeout' under '{owner}' needs a duration", part, "write how long: on timeout 2h")
        return {"type": "timeout", "seconds": 3600}
    return {"type": "outcome", "value": "timeout"}


def _outcome(word: str, owner: str) -> dict[str, Any]:
    if word in ("valid", "invalid") and owner in ("ask", "do"):
        return {"type": "input_valid", "value": word == "valid"}
    return {"type": "outcome", "value": word}


_EVENTS: dict[str, Any] = {
    "keyword": ("keyword", "value", lambda row, part: keywords(row.texts(part))),
    "payload": ("button_payload", "value", lambda row, part: row.text(part)),
    "regex": ("regex", "value", lambda row, part: str(part)),
}
"""Rule -> (condition type, field, how its value is read)."""
