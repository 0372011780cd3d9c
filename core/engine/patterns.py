"""Authors' regular expressions at run time: linear time by re2, bounded input, never raises."""

from functools import lru_cache
from typing import Any, Protocol

from core.model.limits import REPLY_CHARS_MATCHED


class Pattern(Protocol):
    """``search`` answers None when the pattern is found nowhere."""

    def search(self, text: str) -> Any: ...


class Never:
    """A pattern that was refused: it is found nowhere."""

    def search(self, text: str) -> None:
        """Always None."""


@lru_cache(maxsize=4096)
def compiled(source: str) -> Pattern:
    """re2 syntax as the compiler wrote it (``(?i)`` for case); what re2 refuses is found nowhere.

    >>> found(compiled("(?i)^a+b"), "Aab"), found(compiled("("), "(")
    (True, False)
    """
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        pattern: Pattern = re2.compile(source, options)
    except (re2.error, UnicodeError):
        return Never()
    return pattern


def found(pattern: Pattern, text: str) -> bool:
    """True when the pattern occurs in the first ``REPLY_CHARS_MATCHED`` characters."""
    try:
        return pattern.search(text[:REPLY_CHARS_MATCHED]) is not None
    except UnicodeError:
        return False
