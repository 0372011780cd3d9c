"""Reads a webhook's body: orjson first, and the standard library's exact and tolerant reader for what orjson refuses."""

import json
from typing import Any

import orjson

from plugins.instagram.normalise_values import EXACT, clean

INT_DIGITS = 18


def decode(body: bytes) -> Any:
    """The JSON value; raises ValueError when it is none.

    Lone surrogates, NUL and control characters, a byte order mark and bytes that are not UTF-8 are repaired, not refused:
    Meta would only send the same bytes again.
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return exact(body)
    return clean(value) if b"\\u0000" in body else value


def exact(body: bytes) -> Any:
    """The JSON value with every long number as the text that was written (orjson reads it as a float)."""
    source = body.decode("utf-8", "replace").lstrip("\ufeff")
    try:
        value = json.loads(source, parse_int=_int, parse_float=_float, parse_constant=lambda _: None, strict=False)
    except RecursionError as e:
        raise ValueError("nested too deeply") from e
    return clean(value)


def _int(digits: str) -> int | str:
    return int(digits) if len(digits) <= INT_DIGITS else digits


def _float(digits: str) -> float | str:
    value = float(digits)
    return value if abs(value) < EXACT else digits
