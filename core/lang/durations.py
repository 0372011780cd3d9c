"""Durations as people write them."""

import re
from typing import Any

_WHOLE = re.compile(r"(?:[0-9]{1,9}[wdhms])+\Z")
_PART = re.compile(r"([0-9]+)([wdhms])")
_SECONDS = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1}


def seconds_of(value: Any) -> Any:
    """Seconds for a text such as ``1h30m``; anything else comes back as it is.

    >>> seconds_of("1h30m"), seconds_of(90), seconds_of("soon")
    (5400, 90, 'soon')
    """
    if isinstance(value, str) and _WHOLE.match(value):
        return sum(int(n) * _SECONDS[unit] for n, unit in _PART.findall(value))
    return value
