"""What a guard says about the window: ``window.open``, ``window.left > 2h`` and their negations narrow the interval."""

from math import ceil, floor

from core.lang.analysis.value import DAY, INF, LIMIT, Value
from core.model.program import Json

OPEN = ["var", "window", "open"]
LEFT = ["var", "window", "left"]
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_NOT = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def narrow(value: Value, guard: Json, holds: bool = True) -> Value | None:
    """The value where the guard holds (or, with ``holds`` False, does not); None when that cannot be.

    >>> narrow(Value(0, INF), ["var", "window", "open"]).high == LIMIT - 1
    True
    >>> narrow(Value(0, 60), ["not", ["var", "window", "open"]]) is None
    True
    """
    if guard is True or guard is False or guard is None:
        return value if bool(guard) is holds else None
    if not isinstance(guard, list | tuple) or not guard:
        return value
    operator = guard[0]
    if operator == "not" and len(guard) == 2:
        return narrow(value, guard[1], not holds)
    if operator in ("and", "or") and len(guard) == 3:
        return _both(value, guard, holds) if (operator == "and") is holds else _either(value, guard, holds)
    if list(guard) == OPEN:
        return value.within(0, LIMIT - 1) if holds else value.within(LIMIT, INF)
    return _compared(value, guard, holds)


def _both(value: Value, guard: Json, holds: bool) -> Value | None:
    first = narrow(value, guard[1], holds)
    return None if first is None else narrow(first, guard[2], holds)


def _either(value: Value, guard: Json, holds: bool) -> Value | None:
    parts = [p for p in (narrow(value, guard[1], holds), narrow(value, guard[2], holds)) if p is not None]
    return None if not parts else parts[0] if len(parts) == 1 else parts[0].join(parts[1])


def _compared(value: Value, guard: Json, holds: bool) -> Value | None:
    """``window.left`` beside a number or a duration: whole seconds, at least none, at most a day."""
    operator, a, b = (*guard, None, None)[:3]
    if operator not in _TURNED:
        return value
    if not _is_left(a):
        operator, a, b = _TURNED[operator], b, a
    number = _number(b)
    if not _is_left(a) or number is None:
        return value
    if not holds:
        operator = _NOT[operator]
    if operator in (">", ">="):
        least = floor(number) + 1 if operator == ">" else ceil(number)
        return value if least <= 0 else value.within(0, DAY - least) if least <= DAY else None
    most = ceil(number) - 1 if operator == "<" else floor(number)
    return None if most < 0 else value if most >= DAY else value.within(max(DAY - most - 1, 0), INF)


def _is_left(e: Json) -> bool:
    return isinstance(e, list | tuple) and list(e) == LEFT


def _number(e: Json) -> float | None:
    if isinstance(e, list | tuple) and len(e) == 2 and e[0] == "dur":
        e = e[1]
    fine = isinstance(e, int | float) and not isinstance(e, bool) and abs(e) < INF
    return e if fine else None
