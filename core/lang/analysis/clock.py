"""When a timer of a witness fires. Its person lives in Berlin, in the week that ends with the change to winter time: there a wait
until a time of day can take longest."""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

from core.lang.analysis.durations import HOUR, minute, spans
from core.model.program import Json

ZONE = "Europe/Berlin"
BEGIN = 1_792_360_800
"""Monday 19 October 2026, 00:00 in Berlin, in seconds since 1970."""
CHANGE = 1_792_890_000
"""Sunday 25 October 2026, 03:00 in Berlin: it becomes 02:00."""
DAY = 86400
WEEK = 7 * DAY


def due(wait: Mapping[str, Json], now: int) -> int:
    """Seconds from ``now`` (seconds since 1970) until a timer's wait is over; expressions are taken to be over at once.

    >>> due({"until": {"time": "09:00"}}, BEGIN) // 3600, due({"until": {"time": "09:00"}}, BEGIN + 129 * 3600) // 3600
    (9, 25)
    """
    if "hours" in wait:
        return _first(now, _openings(wait["hours"].get("days") or {}, now))
    if "until" in wait:
        until = wait["until"]
        return _next(minute(until["time"]), now) if "time" in until else _at(until.get("at"), now)
    seconds = wait.get("seconds", 0)
    return int(seconds) if isinstance(seconds, int | float) else 0


def worst(wait: Mapping[str, Json]) -> list[int]:
    """When a timer should begin so that it takes longest: at its own time on the day before the change, or when something closes.

    >>> [at - BEGIN - 5 * DAY for at in worst({"until": {"time": "09:00"}})]
    [32400]
    """
    if "hours" in wait:
        return [_instant(BEGIN + 2 * HOUR + stop * 60) for _, stop in spans(wait["hours"].get("days") or {})]
    until = wait.get("until") or {}
    if "time" not in until:
        return []
    seconds = minute(until["time"]) * 60
    return [_instant(BEGIN + 2 * HOUR + (6 if seconds < 3 * HOUR else 5) * DAY + seconds)]


def offset(at: int) -> int:
    """Seconds that Berlin is ahead of UTC."""
    return 2 * HOUR if at < CHANGE else HOUR


def _instant(local: int) -> int:
    """The instant of a local time, the first of two."""
    return local - 2 * HOUR if local - 2 * HOUR < CHANGE else local - HOUR


def _next(minutes: int, now: int) -> int:
    today = (now + offset(now)) // DAY * DAY
    times = (_instant(today + n * DAY + minutes * 60) for n in range(3))
    return next(at - now for at in times if at > now)


def _openings(days: Mapping[str, Json], now: int) -> list[tuple[int, int]]:
    """Of last week, this one, and the two that follow."""
    local = now + offset(now)
    monday = local - (local - BEGIN - 2 * HOUR) % WEEK
    return [
        (_instant(monday + n * WEEK + begin * 60), _instant(monday + n * WEEK + stop * 60))
        for n in range(-1, 3)
        for begin, stop in spans(days)
    ]


def _first(now: int, opened: list[tuple[int, int]]) -> int:
    if any(begin <= now < stop for begin, stop in opened):
        return 0
    return min((begin - now for begin, _ in opened if begin > now), default=0)


def _at(at: Json, now: int) -> int:
    try:
        moment = datetime.fromisoformat(at) if isinstance(at, str) else None
    except ValueError:
        moment = None
    if moment is None:
        return 0
    known = moment if moment.tzinfo else moment.replace(tzinfo=timezone(timedelta(seconds=offset(now))))
    return max(int(known.timestamp()) - now, 0)
