"""How long a wait can take, in seconds."""

from collections.abc import Iterator, Mapping

from core.lang.analysis.value import INF
from core.model.program import Json

HOUR = 3600
UNTIL = 25 * HOUR
"""The longest wait until a time of day: a day, and the hour of a change to winter time (decision 20)."""
CALL_SLACK = 60
"""The engine's timer leaves so much to the queue, beyond all tries of a call."""
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 1440
WEEK_MINUTES = 7 * DAY_MINUTES
NIGHT_ENDS = 4 * 60
"""Clocks are changed in the night: an opening of an hour or less before four o'clock may not exist on one day of the year."""


def timer_seconds(wait: Mapping[str, Json]) -> tuple[int, int]:
    """The least and the most of a timer.

    >>> timer_seconds({"seconds": 60}), timer_seconds({"until": {"time": "09:00"}})
    ((60, 60), (0, 90000))
    """
    if "hours" in wait:
        return 0, min(closed(wait["hours"].get("days") or {}) + HOUR, INF)
    if "until" in wait:
        return (0, UNTIL) if "time" in wait["until"] else (0, INF)
    seconds = wait.get("seconds", 0)
    return (int(seconds), int(seconds)) if isinstance(seconds, int | float) else (0, INF)


def result_seconds(wait: Mapping[str, Json]) -> int:
    """The longest that a call takes: the engine's own timer ends it."""
    return int(wait.get("seconds") or 0) * (int(wait.get("retries") or 0) + 1) + CALL_SLACK


def reply_seconds(wait: Mapping[str, Json]) -> int:
    """The longest that a question is open."""
    timeout = wait.get("timeout")
    return int(timeout[0]) if timeout else INF


def closed(days: Mapping[str, Json]) -> int:
    """The longest stretch of a week in which nothing is open, in seconds.

    >>> closed({"mon": [["09:00", "17:00"]]}) == (7 * 24 - 8) * 3600
    True
    """
    opened = [s for s in spans(days) if s[1] - s[0] > 60 or s[0] % DAY_MINUTES >= NIGHT_ENDS]
    if not opened:
        return INF
    longest, until = 0, max(s[1] for s in opened) - WEEK_MINUTES
    for begin, stop in opened:
        longest, until = max(longest, begin - until), max(until, stop)
    return longest * 60


def spans(days: Mapping[str, Json]) -> list[tuple[int, int]]:
    """When it is open, in minutes since Monday 00:00; what goes on past midnight is not cut."""
    return sorted(_spans(days))


def _spans(days: Mapping[str, Json]) -> Iterator[tuple[int, int]]:
    for n, day in enumerate(DAYS):
        for start, end in days.get(day) or ():
            begin, stop = n * DAY_MINUTES + minute(start), n * DAY_MINUTES + minute(end)
            yield begin, stop if stop > begin else stop + DAY_MINUTES


def minute(text: Json) -> int:
    """Minutes after midnight of a time such as "09:30"; 0 for what is none."""
    hours, _, minutes = str(text).partition(":")
    return int(hours) * 60 + int(minutes or 0) if hours.isdecimal() and (minutes or "0").isdecimal() else 0
