"""What a guard says about the window: ``window.open``, ``window.left > 2h`` and their negations narrow the interval."""

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
    if operator == "not":
        return narrow(value, guard[1], not holds)
    if operator in ("and", "or"):
        return _both(value, guard, holds) if (operator == "and") is holds else _either(value, guard, holds)
    if list(guard) == OPEN:
        return _within(value, 0, LIMIT - 1) if holds else _within(value, LIMIT, INF)
    return _compared(value, guard, holds)


def _both(value: Value, guard: Json, holds: bool) -> Value | None:
    first = narrow(value, guard[1], holds)
    return None if first is None else narrow(first, guard[2], holds)


def _either(value: Value, guard: Json, holds: bool) -> Value | None:
    parts = [p for p in (narrow(value, guard[1], holds), narrow(value, guard[2], holds)) if p is not None]
    return None if not parts else parts[0] if len(parts) == 1 else parts[0].join(parts[1])


def _compared(value: Value, guard: Json, holds: bool) -> Value | None:
    """``window.left`` beside a number or a duration; the window has so many seconds left, at least none."""
    operator, a, b = (*guard, None, None)[:3]
    if operator not in _TURNED:
        return value
    if not _is_left(a):
        operator, a, b = _TURNED[operator], b, a
    seconds = _seconds(b)
    if not _is_left(a) or seconds is None:
        return value
    if not holds:
        operator = _NOT[operator]
    if operator in (">", ">="):  # left > s: the last message is younger than a day less s
        return _within(value, 0, DAY - seconds if seconds >= 0 else INF)
    return _within(value, max(DAY - seconds - 1, 0), INF)


def _is_left(e: Json) -> bool:
    return isinstance(e, list | tuple) and list(e) == LEFT


def _seconds(e: Json) -> int | None:
    if isinstance(e, list | tuple) and len(e) == 2 and e[0] == "dur":
        e = e[1]
    return int(e) if isinstance(e, int | float) and not isinstance(e, bool) else None


def _within(value: Value, low: int, high: int) -> Value | None:
    lower, upper = max(value.low, low), min(value.high, high)
    return None if lower > upper else value._replace(low=lower, high=upper)
