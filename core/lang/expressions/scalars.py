"""Literals inside an expression: strings with escapes, numbers, durations."""

import re

from core.lang.expressions.error import ExpressionError

_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|(.))", re.DOTALL)
_PLAIN = {"n": "\n", "t": "\t", '"': '"', "'": "'", "\\": "\\", "/": "/"}
_SECONDS = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1}
_DURATION = re.compile(r"(\d+)([wdhms])")
_DIGITS = 15


def unquote(token: str) -> str:
    r"""The text of a quoted string.

    >>> unquote("'it\\'s \\u{1F389}'")
    "it's 🎉"
    """
    if "\x00" in token:
        raise ExpressionError("U+0000 is not a character", token.index("\x00"), hint="remove it")
    return _ESCAPE.sub(_unescape, token[1:-1]) if "\\" in token else token[1:-1]


def _unescape(found: re.Match[str]) -> str:
    if found[1] is not None:
        point = int(found[1], 16)
        if point == 0 or point > 0x10FFFF or 0xD800 <= point <= 0xDFFF:
            raise ExpressionError(f"\\u{{{found[1]}}} is not a character", found.start())
        return chr(point)
    if found[2] not in _PLAIN:
        raise ExpressionError(
            f"'\\{found[2]}' is not an escape", found.start(), hint='write \\n, \\t, \\", \\\\ or \\u{1F389}'
        )
    return _PLAIN[found[2]]


def whole(token: str) -> int:
    """A whole number; at most 15 digits, so that every JSON reader keeps it exact."""
    if len(token) > _DIGITS:
        raise ExpressionError("this number has too many digits", hint=f"at most {_DIGITS}")
    return int(token)


def decimal(token: str) -> float:
    """A number with a decimal point; at most 15 digits on each side."""
    before, _, after = token.partition(".")
    if len(before) > _DIGITS or len(after) > _DIGITS:
        raise ExpressionError("this number has too many digits", hint=f"at most {_DIGITS} on each side of the point")
    return float(token)


def seconds(token: str) -> int:
    """A duration in seconds.

    >>> seconds("1h30m"), seconds("2d")
    (5400, 172800)
    """
    return sum(whole(n) * _SECONDS[unit] for n, unit in _DURATION.findall(token))
