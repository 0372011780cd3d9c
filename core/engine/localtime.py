"""Local times to instants (decision 20): the contact's zone, else the account's, else UTC; gaps and overlaps settled."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
    """Milliseconds of a naive local time: the first of two (overlap), the time after the gap when it does not exist."""
    earlier = local.replace(tzinfo=where, fold=0).astimezone(UTC)
    back = earlier.astimezone(where).replace(tzinfo=None)
    if back != local:
        earlier = _after_gap(local, where)
    return _ms(earlier)


def _after_gap(local: datetime, where: tzinfo) -> datetime:
    before = local.replace(tzinfo=where, fold=0).utcoffset() or timedelta()
    after = local.replace(tzinfo=where, fold=1).utcoffset() or timedelta()
    low = (local - max(before, after)).replace(tzinfo=UTC)
    high = (local - min(before, after)).replace(tzinfo=UTC)
    start = low.astimezone(where).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if middle.astimezone(where).utcoffset() == start else (low, middle)
    return high.replace(microsecond=0)


def _ms(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(milliseconds=1)


def local_now(now: int, where: tzinfo) -> datetime:
    """The local wall time of an instant in milliseconds, without a zone; clamped to the years 1 to 9999."""
    try:
        return (_EPOCH + timedelta(milliseconds=now)).astimezone(where).replace(tzinfo=None)
    except (OverflowError, ValueError):
        return datetime(1970, 1, 1)  # noqa: DTZ001  a local wall time, on purpose


def due(spec: Mapping[str, Any], now: int, contact: Mapping[str, Any], account: Mapping[str, Any]) -> int:
    """When a ``timer.start`` effect fires, in milliseconds, never before ``now``.

    ``spec`` holds ``seconds``, or ``until`` = {time: "09:00"} (its next time) or {at: ISO text or seconds}, or
    ``hours`` = {days: {mon: [["09:00", "17:00"]]}} (now when inside, else the next opening); each with ``zone``.
    """
    if "seconds" in spec:
        return now + int(spec["seconds"]) * 1000
    body = spec.get("until") or spec.get("hours") or {}
    where = zone_of(body.get("zone"), contact, account)
    if "days" in body:
        return _opening(body["days"], now, where)
    if "at" in body:
        return max(now, moment(body["at"], where) or now)
    return _next_time(str(body.get("time", "")), now, where)


def moment(value: Any, where: tzinfo) -> int | None:
    """Milliseconds of an ISO text (local when it names no zone) or of seconds since 1970 (milliseconds above 1e11)."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return int(value) if abs(value) > 1e11 else int(value * 1000)
    try:
        at = datetime.fromisoformat(str(value).strip())
        return instant(at, where) if at.tzinfo is None else _ms(at.astimezone(timezone.utc))  # noqa: UP017
    except (ValueError, OverflowError):
        return None


def clock_time(text: str) -> time | None:
    """A wall time such as "09:00" ("24:00" is the end of the day); None when it is none."""
    try:
        hours, _, minutes = text.strip().partition(":")
        return time.max if (int(hours), int(minutes)) == (24, 0) else time(int(hours), int(minutes))
    except ValueError:
        return None


def _next_time(text: str, now: int, where: tzinfo) -> int:
    at = clock_time(text)
    if at is None:
        return now
    today = local_now(now, where).date()
    for day in range(3):
        found = instant(datetime.combine(today + timedelta(days=day), at), where)
        if found > now:
            return found
    return now


def _opening(days: Mapping[str, Any], now: int, where: tzinfo) -> int:
    today = local_now(now, where).date()
    starts = []
    for ahead in range(-1, 9):
        day = today + timedelta(days=ahead)
        for start, end in _spans(days.get(DAYS[day.weekday()]) or ()):
            over = day + timedelta(days=1) if end <= start else day
            first = instant(datetime.combine(day, start), where)
            if first <= now < instant(datetime.combine(over, end), where):
                return now
            if first > now:
                starts.append(first)
    return min(starts, default=now)


def _spans(entries: Any) -> list[tuple[time, time]]:
    pairs = [(clock_time(str(e[0])), clock_time(str(e[1]))) for e in entries if len(e) == 2]
    return [(a, b) for a, b in pairs if a is not None and b is not None]
