"""Local times to instants (decision 20): the contact's zone, else the account's, else UTC; gaps and overlaps settled.

Previews, filters and the timers of real runs all ask here, so that they agree.
"""

import math
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FURTHEST = 366 * 24 * 3600 * 1000
"""No timer is set further away than a year (milliseconds)."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LOCAL_EPOCH = _EPOCH.replace(tzinfo=None)
_MS = timedelta(milliseconds=1)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})").fullmatch
_DAY_MINUTES = 24 * 60


@lru_cache(maxsize=256)
def zone(name: str) -> tzinfo | None:
    """The zone called ``name``, or None when there is no such zone.

    >>> zone("Europe/Berlin") is None, zone("Mars/Olympus") is None
    (False, True)
    """
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None


def zone_of(whose: str | None, contact: Mapping[str, Any], account: Mapping[str, Any]) -> tzinfo:
    """The zone to use. ``whose`` = "contact" (default) or "account"; an unknown zone falls through."""
    names = [account.get("timezone")] if whose == "account" else [contact.get("timezone"), account.get("timezone")]
    found = (zone(n) for n in names if isinstance(n, str))
    return next((z for z in found if z is not None), UTC)


def instant(local: datetime, where: tzinfo) -> int:
    """Milliseconds of a naive local time: the first of two (overlap), the time after the gap when it does not exist.

    >>> gap = instant(datetime(2026, 3, 29, 2, 30), zone("Europe/Berlin"))
    >>> local_now(gap, zone("Europe/Berlin")).isoformat()
    '2026-03-29T03:00:00'
    """
    first, second = (local.replace(tzinfo=where, fold=n).utcoffset() or timedelta() for n in (0, 1))
    wall = local - _LOCAL_EPOCH
    return (_gap_end(wall, first, second, where) if first < second else wall - first) // _MS


def _gap_end(wall: timedelta, before: timedelta, after: timedelta, where: tzinfo) -> timedelta:
    """The change of offset that leaves out a wall time, to the second."""
    low, high = wall - after, wall - before
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        offset = (_EPOCH + middle).astimezone(where).utcoffset()
        low, high = (middle, high) if offset == before else (low, middle)
    return timedelta(seconds=high // timedelta(seconds=1))


def local_now(now: int, where: tzinfo) -> datetime:
    """The local wall time of an instant in milliseconds, without a zone; clamped to the years 1 to 9999."""
    try:
        return (_EPOCH + timedelta(milliseconds=now)).astimezone(where).replace(tzinfo=None)
    except (OverflowError, ValueError):
        return datetime.max if now > 0 else datetime.min  # noqa: DTZ901  a local wall time


def due(spec: Mapping[str, Any], now: int, contact: Mapping[str, Any], account: Mapping[str, Any]) -> int:
    """When a ``timer.start`` effect fires, in milliseconds: never before ``now``, never later than a year.

    ``spec`` holds ``seconds``, or ``until`` = {time: "09:00"} (its next time) or {at: ISO text, seconds, or a time of day},
    or ``hours`` = {days: {mon: [["09:00", "17:00"]]}} (now when inside, else the next opening; ["22:00", "02:00"] goes on
    past midnight); each with ``zone``. What cannot be understood is due at once: a flow never hangs.

    >>> due({"seconds": 2}, 1000, {}, {})
    3000
    """
    return min(max(_due(spec, now, contact, account), now), now + FURTHEST)


def _due(spec: Mapping[str, Any], now: int, contact: Mapping[str, Any], account: Mapping[str, Any]) -> int:
    if "seconds" in spec:
        return now + int(spec["seconds"]) * 1000
    body = spec.get("until") or spec.get("hours") or {}
    where = zone_of(body.get("zone"), contact, account)
    if "days" in body:
        return _opening(body["days"], now, where)
    if "at" in body:
        at = moment(body["at"], where)
        return _next_time(str(body["at"]), now, where) if at is None else at
    return _next_time(str(body.get("time", "")), now, where)


def moment(value: Any, where: tzinfo) -> int | None:
    """Milliseconds of an ISO text (local when it names no zone) or of seconds since 1970 (milliseconds above 1e11)."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if isinstance(value, float) and not math.isfinite(value):
            return None
        return int(value) if abs(value) > 1e11 else int(value * 1000)
    try:
        at = datetime.fromisoformat(str(value).strip())
    except ValueError:
        return None
    return instant(at, where) if at.tzinfo is None else (at - _EPOCH) // _MS


def _minutes(text: str) -> int | None:
    """Minutes after midnight of a wall time such as "09:00" ("24:00" is the end of the day); None when it is none."""
    found = _CLOCK(text.strip())
    if found is None or int(found[2]) > 59:
        return None
    minutes = int(found[1]) * 60 + int(found[2])
    return minutes if minutes <= _DAY_MINUTES else None


def _at(day: date, minutes: int, where: tzinfo) -> int:
    return instant(datetime(day.year, day.month, day.day) + timedelta(minutes=minutes), where)  # noqa: DTZ001  a wall time


def _next_time(text: str, now: int, where: tzinfo) -> int:
    minutes = _minutes(text)
    if minutes is None:
        return now
    today = local_now(now, where).date()
    return next((at for n in range(3) if (at := _at(today + timedelta(days=n), minutes, where)) > now), now)


def _opening(days: Mapping[str, Any], now: int, where: tzinfo) -> int:
    """Two weeks are looked at: the next opening may lie in a gap, and then there is none that day."""
    today = local_now(now, where).date()
    starts = []
    for ahead in range(-1, 15):
        day = today + timedelta(days=ahead)
        for start, end in _spans(days.get(DAYS[day.weekday()]) or ()):
            opens, closes = _at(day, start, where), _at(day, end, where)
            if opens <= now < closes:
                return now
            if now < opens < closes:
                starts.append(opens)
    return min(starts, default=now)


def _spans(entries: Any) -> list[tuple[int, int]]:
    pairs = [(_minutes(str(e[0])), _minutes(str(e[1]))) for e in entries if len(e) == 2]
    return [(a, b if a < b else b + _DAY_MINUTES) for a, b in pairs if a is not None and b is not None]
