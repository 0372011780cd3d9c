"""Usage headers: how much of its allowance an account has spent, and how long to wait (platform reference 2.6)."""

from collections.abc import Mapping
from typing import Any

import orjson

MINUTE = 60_000
FULL = 100


def usage(headers: Mapping[str, str]) -> tuple[int, int]:
    """The highest percentage that the headers name, and the milliseconds until access is regained (0 = not said).

    >>> usage({"x-app-usage": '{"call_count":28,"total_time":25}'})
    (28, 0)
    >>> usage({"x-business-use-case-usage": '{"1":[{"call_count":100,"estimated_time_to_regain_access":2}]}'})
    (100, 120000)
    """
    most = wait = 0
    app, business = headers.get("x-app-usage"), headers.get("x-business-use-case-usage")
    if app:
        most = _most(_json(app))
    if business:
        for uses in _json(business).values():
            for use in uses if isinstance(uses, list) else ():
                if isinstance(use, dict):
                    most = max(most, _most(use))
                    wait = max(wait, _number(use.get("estimated_time_to_regain_access")) * MINUTE)
    return most, wait


def retry_after(headers: Mapping[str, str]) -> int:
    """The header Retry-After in milliseconds, when it is a number of seconds."""
    text = headers.get("retry-after", "")
    return int(text) * 1000 if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _json(text: str) -> dict[str, Any]:
    try:
        value = orjson.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _most(use: Mapping[str, Any]) -> int:
    return max(_number(use.get(name)) for name in ("call_count", "total_time", "total_cputime"))


def _number(value: Any) -> int:
    return int(value) if isinstance(value, (int, float)) and 0 <= value < 1e6 else 0
