"""Where a value stands inside a step: found by identity, so that node types need not carry places around."""

from collections.abc import Mapping
from typing import Any

from core.lang.report import Place


def place_of(tree: Any, wanted: Any, equal: bool = False) -> Place:
    """The place of the very object ``wanted`` (or of its equal) in ``tree``; () when it is not there.

    >>> text = "Hi {{name"
    >>> place_of({"content": {"text": text}}, text)
    ('content', 'text')
    """
    stack: list[tuple[Any, Place]] = [(tree, ())]
    while stack:
        value, place = stack.pop()
        if value is wanted or (equal and type(value) is type(wanted) and value == wanted):
            return place
        if isinstance(value, Mapping):
            stack.extend((v, (*place, k)) for k, v in reversed(list(value.items())))
        elif isinstance(value, list | tuple):
            stack.extend((v, (*place, i)) for i, v in reversed(list(enumerate(value))))
    return () if equal else place_of(tree, wanted, True)
