"""Patterns that authors write, as re2 reads them: linear time, whatever they are."""

from functools import lru_cache

import re2

from core.model.limits import PATTERN_CHARS


class BadPattern(ValueError):
    """re2 refuses the pattern; the message says why."""


@lru_cache(maxsize=2048)
def normal(pattern: str) -> str:
    """``/body/i`` ignores case, ``/body/`` does not, a bare pattern ignores case; the answer is plain re2 syntax.

    >>> normal("/ab+/"), normal("/ab+/i"), normal("ab+")
    ('ab+', '(?i)ab+', '(?i)ab+')
    """
    body, flags = pattern, "i"
    if len(pattern) > 1 and pattern[0] == "/" and pattern.rpartition("/")[2] in ("", "i") and pattern.count("/") > 1:
        body, _, flags = pattern[1:].rpartition("/")
    if len(body) > PATTERN_CHARS:
        raise BadPattern(f"a pattern may have {PATTERN_CHARS} characters")
    full = f"(?i){body}" if flags else body
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(full, options)
    except re2.error as e:
        raise BadPattern(_message(e)) from None
    return full


def _message(e: Exception) -> str:
    said = e.args[0] if e.args else "it cannot be compiled"
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
