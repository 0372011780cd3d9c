"""Where every value of a JSON text stands: one pass over the tokens, no recursion, only run when a position is needed."""

import json
import re
from contextlib import suppress

from core.lang.report import Place

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


KEY = "\0key"
"""Behind the place of a value: its key."""


def places(text: str, twice: list[tuple[int, int, int, int]]) -> dict[Place, tuple[int, int]]:
    """Place -> (start, end) offsets, keys under ``(*place, KEY)``; a repeated key goes into ``twice`` with the place of its first value. A text that is no JSON ends early.

    >>> places('{"a": [1, 22]}', [])[("a", 1)]
    (10, 12)
    """
    out: dict[Place, tuple[int, int]] = {}
    with suppress(IndexError, ValueError):
        _scan(text, out, twice)
    return out


def _scan(text: str, out: dict[Place, tuple[int, int]], twice: list[tuple[int, int, int, int]]) -> None:
    stack: list[tuple[Place, int, int | None]] = []
    place: Place = ()
    at_key = False
    for token in _TOKEN.finditer(text):
        kind = token[0][0]
        if kind == "{" or kind == "[":
            stack.append((place, token.start(), 0 if kind == "[" else None))
            place, at_key = ((*place, 0), False) if kind == "[" else (place, True)
        elif kind == "}" or kind == "]":
            place, start, _ = stack.pop()
            out[place], at_key = (start, token.end()), False
        elif kind == ",":
            outer, start, index = stack[-1]
            at_key = index is None
            if index is not None:
                stack[-1] = (outer, start, index + 1)
                place = (*outer, index + 1)
        elif kind == ":":
            at_key = False
        elif at_key:
            place = (*stack[-1][0], json.loads(token[0], strict=False))
            out.setdefault((*place, KEY), (token.start(), token.end()))
            if place in out:
                twice.append((token.start(), token.end(), *out[place]))
        else:
            out[place] = (token.start(), token.end())
