"""Days as people write them: ISO, with dots, slashes or month names, today and tomorrow."""

import re
from datetime import date, timedelta

from core.engine.localtime import local_now, zone_of
from core.engine.scope import Scope
from core.model.fold import plain

_ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?!\d)")
_MONTH_DAY = re.compile(r"\b([a-z]{3,9}) (\d{1,2})(?:st|nd|rd|th)?(?: (\d{4}))?\b")
_DAY_MONTH = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)? (?:of )?([a-z]{3,9})(?: (\d{4}))?\b")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL = "january february march april may june july august september october november december sept".split()  # noqa: SIM905


def day(answer: str, scope: Scope) -> str | None:
    """The day in the answer as ISO text. Day before month, unless the account's ``locale`` is American or only the other
    order exists; a month without a year is its next occurrence; relative words count in the contact's time zone.

    >>> scope = Scope(1_772_000_000_000)
    >>> [day(a, scope) for a in ("2026-3-1", "on 1.3.26", "03/25/2026", "March 1st", "tomorrow", "32.1.2026")]
    ['2026-03-01', '2026-03-01', '2026-03-25', '2026-03-01', '2026-02-26', None]
    """
    found = _numeric(answer[:200], scope) or _named(plain(answer[:200]), scope)
    return found.isoformat() if found is not None else None


def _today(scope: Scope) -> date:
    return local_now(scope.now, zone_of(None, scope.contact, scope.account)).date()


def _numeric(text: str, scope: Scope) -> date | None:
    if match := _ISO.search(text):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMERIC.search(text):
        a, b, year = int(match[1]), int(match[3]), int(match[4])
        year += 0 if year > 99 else 2000 if year < 70 else 1900
        american = str(scope.account.get("locale") or "").replace("-", "_") == "en_US" and match[2] != "."
        return _date(year, a, b) or _date(year, b, a) if american else _date(year, b, a) or _date(year, a, b)
    return None


def _named(text: str, scope: Scope) -> date | None:
    for word, days in (("today", 0), ("tomorrow", 1)):
        if word in text.split():
            return _today(scope) + timedelta(days=days)
    for match in _MONTH_DAY.finditer(text):
        if found := _with_month(match[1], int(match[2]), match[3], scope):
            return found
    for match in _DAY_MONTH.finditer(text):
        if found := _with_month(match[2], int(match[1]), match[3], scope):
            return found
    return None


def _with_month(word: str, number: int, year: str | None, scope: Scope) -> date | None:
    if word not in _MONTHS and word not in _FULL:
        return None
    month = _MONTHS.index(word[:3]) + 1
    if year is not None:
        return _date(int(year), month, number)
    today = _today(scope)
    found = _date(today.year, month, number)
    return found if found is None or found >= today else _date(today.year + 1, month, number)


def _date(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None
