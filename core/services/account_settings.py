"""An account's settings: which there are, and what each may be."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from core.model.accounts import DEFAULTS, STOP_WORDS
from core.model.errors import ServiceError

BOUNDS: Mapping[str, tuple[int, int]] = {
    "sameTriggerSeconds": (0, 86_400),
    "burstSeconds": (0, 60),
    "botBrake": (0, 10_000),
    "softCapPerHour": (0, 100_000),
    "humanTimeoutHours": (1, 24 * 30),
}
TEXT, WORDS = 1000, 100
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def merged(old: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The settings after the changes; None takes a setting back to its default. Raises ServiceError 400 by setting."""
    problems = {}
    for name, value in changes.items():
        problem = None if value is None and name in KNOWN else _problem(name, value)
        if problem:
            problems[f"settings.{name}"] = [problem]
    if problems:
        raise ServiceError(400, "validation_failed", "Some settings are not valid", problems)
    return {name: value for name, value in {**old, **changes}.items() if value is not None}


KNOWN = frozenset({*DEFAULTS, "businessHours"})


def _problem(name: str, value: Any) -> str | None:
    if name not in KNOWN:
        return "Unknown field."
    if name == "businessHours":
        return _hours(value)
    default = DEFAULTS[name]
    if isinstance(default, bool):
        return None if isinstance(value, bool) else "Not true or false."
    if isinstance(default, int):
        low, high = BOUNDS.get(name, (0, 1_000_000))
        good = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        return None if good else f"Not a whole number from {low} to {high}."
    if isinstance(default, tuple):
        return _words(name, value)
    return _text(name, value)


def _words(name: str, value: Any) -> str | None:
    if (
        not isinstance(value, list)
        or len(value) > WORDS
        or not all(isinstance(w, str) and 0 < len(w) < 200 for w in value)
    ):
        return f"Not a list of at most {WORDS} words."
    if name == "languages" and not set(value) <= set(STOP_WORDS):
        return f"Languages are: {', '.join(STOP_WORDS)}."
    return None


def _text(name: str, value: Any) -> str | None:
    if not isinstance(value, str) or len(value.encode()) > TEXT:
        return f"Not a text of at most {TEXT} bytes."
    if name == "timezone" and value not in available_timezones():
        return "Not the name of a time zone, such as Europe/Madrid."
    return None


def _hours(value: Any) -> str | None:
    """{"mon": [["09:00", "17:30"], …], …}: the open stretches of each day, in the account's time zone."""
    wrong = 'Not {"mon": [["09:00", "17:30"]], …}: days mon to sun, stretches that end after they begin.'
    if not isinstance(value, Mapping) or not set(value) <= set(DAYS):
        return wrong
    for stretches in value.values():
        if not isinstance(stretches, list) or not all(_stretch(s) for s in stretches):
            return wrong
    return None


def _stretch(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(_clock(t) for t in value) and value[0] < value[1]


def _clock(value: Any) -> bool:
    hours, colon, minutes = value.partition(":") if isinstance(value, str) else ("", "", "")
    digits = len(hours) == len(minutes) == 2 and (hours + minutes).isascii() and (hours + minutes).isdigit()
    return bool(colon) and digits and int(hours) <= 24 and int(minutes) < 60
