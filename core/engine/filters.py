"""The filters of ``{{value|filter(argument)}}``: total functions from values to values, bounded in size."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from core.engine.localtime import local_now, moment, zone_of
from core.engine.scope import Scope
from core.engine.values import cut, is_set, join, number_of, text_of

Filter = Callable[..., Any]

TITLE_CHARS = 500
"""So much of a text is looked at: titles are short."""

_WORD = re.compile(r"\S+")
_DIRECTIVE = re.compile(r"%(.)", re.DOTALL)
_WHOLE_ONLY = frozenset({"CLP", "IDR", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF"})
"""Currencies that people write without decimals."""
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def default(value: Any, instead: Any) -> Any:
    """The value when it is set, else ``instead``."""
    return value if is_set(value) else instead


def title(value: Any) -> str:
    """Each word with a capital first letter, also "don't".

    >>> title("ana MARIA o'neill")
    "Ana Maria O'neill"
    """
    text = text_of(value)
    head = _WORD.sub(lambda m: m[0][0].upper() + m[0][1:].lower(), text[:TITLE_CHARS])
    return cut(head + text[TITLE_CHARS:])


def truncate(value: Any, length: Any = 60) -> str:
    """At most ``length`` characters, the last an ellipsis when something was cut."""
    text, n = text_of(value), number_of(length)
    size = 60 if n is None else max(0, int(min(n, 10_000)))
    return text if len(text) <= size else text[: max(0, size - 1)].rstrip() + "…"[:size]


def length(value: Any) -> int:
    """Characters of a text, elements of a list or object; else 0."""
    return len(value) if isinstance(value, str | list | tuple | dict) else 0


def first(value: Any) -> Any:
    """The first element of a list, the first character of a text; null when there is none."""
    return value[0] if isinstance(value, str | list | tuple) and value else None


def money(value: Any, currency: Any = "USD") -> str:
    """Thousands and two decimals with the currency's code; "" for what is no number.

    >>> money(1234.5, "EUR"), money("1500", "JPY")
    ('1,234.50 EUR', '1,500 JPY')
    """
    n, code = number_of(value), text_of(currency)[:10]
    return "" if n is None else f"{n:,.{0 if code.upper() in _WHOLE_ONLY else 2}f} {code}".strip()


def urlencode(value: Any) -> str:
    """Percent-encoded UTF-8, also "/"; what is not a character is left out."""
    return cut(quote(text_of(value)[:3000], safe="", errors="ignore"))


def date(scope: Scope, value: Any, form: Any = "%Y-%m-%d") -> str:
    """An instant (seconds, or ISO text) in the contact's zone, by the directives %Y %y %m %d %H %I %M %S %p %B %b %A %a %j."""
    where = zone_of(None, scope.contact, scope.account)
    at = moment(value, where) if is_set(value) else None
    if at is None:
        return text_of(value)
    local = local_now(at, where)
    return cut(_DIRECTIVE.sub(lambda m: _directive(m[1], local), text_of(form)[:100]))


def _directive(letter: str, t: datetime) -> str:
    table: dict[str, Callable[[], str]] = {
        "Y": lambda: f"{t.year:04}",
        "y": lambda: f"{t.year % 100:02}",
        "m": lambda: f"{t.month:02}",
        "d": lambda: f"{t.day:02}",
        "H": lambda: f"{t.hour:02}",
        "I": lambda: f"{t.hour % 12 or 12:02}",
        "M": lambda: f"{t.minute:02}",
        "S": lambda: f"{t.second:02}",
        "p": lambda: "AM" if t.hour < 12 else "PM",
        "B": lambda: _MONTHS[t.month - 1],
        "b": lambda: _MONTHS[t.month - 1][:3],
        "A": lambda: _DAYS[t.weekday()],
        "a": lambda: _DAYS[t.weekday()][:3],
        "j": lambda: f"{t.timetuple().tm_yday:03}",
        "%": lambda: "%",
    }
    return table[letter]() if letter in table else "%" + letter


FILTERS: dict[str, Filter] = {
    "default": default,
    "first": first,
    "join": lambda value, separator=", ": join(value, text_of(separator)),
    "length": length,
    "lower": lambda value: cut(text_of(value).lower()),
    "money": money,
    "number": number_of,
    "title": title,
    "trim": lambda value: text_of(value).strip(),
    "truncate": truncate,
    "upper": lambda value: cut(text_of(value).upper()),
    "urlencode": urlencode,
}
"""By name; ``date`` needs the scope and is bound in ``evaluate``."""
