"""When a timer is due: seconds, a local time of day, an instant, or the next opening hour (decision 20)."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FURTHEST = 366 * 24 * 3600 * 1000
"""No timer is set further away than a year (milliseconds)."""

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})").fullmatch


@lru_cache(maxsize=512)
def zone_of(name: object) -> ZoneInfo | None:
    """The time zone of that name; None when there is none (the caller falls through to the next).

    >>> zone_of("Europe/Berlin").key, zone_of("Mars/Base"), zone_of(5)
    ('Europe/Berlin', None, None)
    """
    if not isinstance(name, str) or not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def due(wish: Mapping[str, Any], now: int, contact: ZoneInfo | None, account: ZoneInfo) -> int:
    """Milliseconds at which a ``timer.start`` effect is due; never before ``now``, never later than a year.

    ``wish`` = {"seconds"} | {"until": {"time", "zone"} | {"at"}} | {"hours": {"days", "zone"}}. What cannot be understood
    is due at once: a flow never hangs.

    >>> due({"seconds": 2}, 1000, None, ZoneInfo("UTC"))
    3000
    """
    return min(max(_due(wish, now, contact, account), now), now + FURTHEST)


def _due(wish: Mapping[str, Any], now: int, contact: ZoneInfo | None, account: ZoneInfo) -> int:
    if wish.get("hours") is not None:
        hours = wish["hours"]
        return _opening(hours.get("days") or {}, now, _zone(hours, contact, account))
    until = wish.get("until")
    if until is None:
        return now + int(_number(wish.get("seconds")) * 1000)
    if "at" in until:
        return _instant(until["at"], now, _zone(until, contact, account))
    return _time_of_day(str(until.get("time", "")), now, _zone(until, contact, account))


def _zone(wish: Mapping[str, Any], contact: ZoneInfo | None, account: ZoneInfo) -> ZoneInfo:
    if wish.get("zone") == "account":
        return account
    return zone_of(wish.get("zone")) or contact or account


def _number(value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return 0.0
    return number if 0.0 <= number < 1e12 else 0.0


def _local(now: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(now / 1000, zone)


def resolve(local: datetime, zone: ZoneInfo) -> int:
    """Milliseconds of a wall-clock time: in a gap the first instant after it, in an overlap the first of the two.

    >>> berlin = ZoneInfo("Europe/Berlin")
    >>> gap = resolve(datetime(2026, 3, 29, 2, 30), berlin)
    >>> datetime.fromtimestamp(gap / 1000, berlin).isoformat()
    '2026-03-29T03:00:00+02:00'
    """
    aware = local.replace(tzinfo=zone, fold=0)
    instant = aware.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):  # it does not exist: a gap
        instant = _gap_end(local.replace(tzinfo=zone, fold=1).astimezone(UTC), instant, zone)
    return int(instant.timestamp() * 1000)


def _gap_end(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The change of offset between two instants, to the second."""
    low, high = min(low, high), max(low, high)
    first = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == first:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def _time_of_day(text: str, now: int, zone: ZoneInfo) -> int:
    found = _CLOCK(text.strip())
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        return now
    today = _local(now, zone).replace(tzinfo=None, hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0)
    for days in range(3):
        at = resolve(today + timedelta(days=days), zone)
        if at > now:
            return at
    return now


def _instant(value: Any, now: int, zone: ZoneInfo) -> int:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return int(_number(value) * 1000)
    try:
        at = datetime.fromisoformat(str(value).strip())
    except ValueError:
        return now
    return resolve(at, zone) if at.tzinfo is None else int(at.timestamp() * 1000)


def _opening(days: Mapping[str, Any], now: int, zone: ZoneInfo) -> int:
    local = _local(now, zone)
    midnight = local.replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
    for offset in range(9):
        day = midnight + timedelta(days=offset)
        for opens, closes in sorted(days.get(DAYS[day.weekday()]) or ()):
            start, end = _minutes(opens), _minutes(closes)
            if start is None or end is None:
                continue
            begin = resolve(day + timedelta(minutes=start), zone)
            if begin > now:
                return begin
            if resolve(day + timedelta(minutes=end), zone) > now:
                return now
    return now


def _minutes(text: Any) -> int | None:
    if text == "24:00":
        return 24 * 60
    found = _CLOCK(str(text))
    return int(found[1]) * 60 + int(found[2]) if found and int(found[1]) < 24 and int(found[2]) < 60 else None
