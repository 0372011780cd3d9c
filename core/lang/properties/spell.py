"""A Property back to its line, in the one canonical spelling."""

import re
from collections.abc import Iterable

from core.lang.expressions.unparse import quoted, unparse
from core.model.program import Json
from core.model.properties import TEXTS, Occurrence, Property

NAME = r"[^\W\d][\w-]*(?:\.(?:[\w-]+|\*))*"
"""What can stand without quotes, as a pattern."""
RESERVED = frozenset({"or", "if", "unless", "when", "before", "after", "until"})
_BARE = re.compile(NAME + r"\Z")
_DIVIDES = re.compile(r"\b(?:when|before|after)\b")


def spelled(of: Property) -> str:
    """The line without its kind; it reads as the same property again."""
    events = either(of.events)
    if of.first:
        return f"{either(of.first)} before {events}"
    if of.kind == "always":
        parts = [_condition(of.condition), "when", events]
    else:
        parts = [events]
        if of.conditional:
            parts += ["if" if of.holds else "unless", _condition(of.condition)]
    if of.after:
        parts += ["after", either(of.after)]
    if of.until:
        parts += ["until", either(of.until)]
    return " ".join(parts)


def _condition(e: Json) -> str:
    """In brackets when it holds a word that divides properties."""
    text = unparse(e)
    return f"({text})" if _DIVIDES.search(text) else text


def either(events: Iterable[Occurrence]) -> str:
    """The occurrences, with "or" between.

    >>> either([Occurrence("say", "*hi*"), Occurrence("tag", "vip")])
    'say "*hi*" or tag vip'
    """
    return " or ".join(map(_event, events))


def _event(event: Occurrence) -> str:
    if not event.value:
        return event.kind
    return f"{event.kind} {quoted(event.value) if event.kind in TEXTS else name(event.value)}"


def name(value: str) -> str:
    """A name of something that happens, in quotes where it needs them.

    >>> name("ask_email"), name("two words"), name("after")
    ('ask_email', '"two words"', '"after"')
    """
    return value if _BARE.match(value) and value not in RESERVED else quoted(value)
