"""What an expression costs before any of it is evaluated: its size, with what is dear counted more."""

from core.model.program import Json

_DEAR = {"filter": 10, "call": 20, "says": 20, "roll": 5}
_DEAR_FILTERS = {"date": 200, "title": 100}
"""What costs more than one operator, in fuel; one unit is about a microsecond at most."""


def cost(e: Json) -> int:
    """How many operators and literals an expression has: what one evaluation costs at least."""
    total, stack = 0, [e]
    while stack:
        one = stack.pop()
        total += 1
        if isinstance(one, dict):
            stack.extend(one.values())
        elif isinstance(one, list | tuple):
            stack.extend(one)
            if len(one) > 1 and isinstance(one[0], str) and one[0] in _DEAR:
                total += _dear(one)
    return total


def _dear(e: Json) -> int:
    name = e[2] if e[0] == "filter" and len(e) > 2 else None
    return _DEAR_FILTERS.get(name, _DEAR[e[0]]) if isinstance(name, str) else _DEAR[e[0]]
