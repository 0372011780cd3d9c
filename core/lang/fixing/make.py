"""Fixes as changes of the document, made where a finding is made; how the text says it is found out later."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from core.model.fix import Change, Fix, Place
from core.model.near import near


def meant(word: str, names: Iterable[str], place: Place, otherwise: str = "") -> tuple[str, Fix | None]:
    """The hint and the fix for a wrong ``word`` that is the whole value at ``place``: one of ``names`` instead of it."""
    better = near(word, names)
    if not better:
        return otherwise, None
    return f"did you mean '{better}'?", reworded(place, word, word, better)


def reworded(place: Place, before: str, old: str, new: str, title: str = "", sure: bool = True) -> Fix | None:
    """In the text ``before``, which stands at ``place``, every ``old`` becomes ``new``; only whole words are replaced."""
    value, times = whole(old).subn(lambda _: new, before)
    if not times:
        return None
    return Fix(title or f"write '{new}'", (Change("replace", place, value, old, new, times),), sure=sure)


def renamed(place: Place, better: str) -> Fix:
    """The last key of ``place`` becomes ``better``."""
    return Fix(f"write '{better}'", (Change("rename", place, better),))


def removed(place: Place, title: str, sure: bool = True) -> Fix:
    """What stands at ``place`` goes."""
    return Fix(title, (Change("remove", place),), sure=sure)


def whole(word: str) -> re.Pattern[str]:
    """``word`` where it is not a part of a longer one.

    >>> whole("tag").sub("x", "tag a_tag tags tag")
    'x a_tag tags x'
    """
    before = r"(?<![\w.])" if word[:1].isalnum() or word[:1] == "_" else ""
    behind = r"(?!\w)" if word[-1:].isalnum() or word[-1:] == "_" else ""
    return re.compile(before + re.escape(word) + behind)


def texts_in(tree: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Every text inside a value, with its place."""
    if isinstance(tree, str):
        yield place, tree
    elif isinstance(tree, Mapping):
        for key, value in tree.items():
            yield from texts_in(value, (*place, key))
    elif isinstance(tree, list | tuple):
        for i, value in enumerate(tree):
            yield from texts_in(value, (*place, i))
