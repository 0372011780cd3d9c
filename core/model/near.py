"""The name that was probably meant."""

from collections.abc import Iterable


def near(word: str, names: Iterable[str]) -> str:
    """The one of ``names`` that is like ``word``, or nothing.

    >>> near("mesage", ["message", "wait"]), near("xyz", ["message"])
    ('message', '')
    """
    import difflib  # late: most words are known

    found = difflib.get_close_matches(word, list(names), 1)
    return found[0] if found else ""
