"""Texts with ``*`` and ``?`` in them: enough for what a test or a property wants to say about a sentence."""

import re
from functools import lru_cache
from typing import Any

from core.engine.values import text_of


@lru_cache(maxsize=2048)
def _pattern(glob: str) -> re.Pattern[str]:
    parts = re.split(r"(\\.|\*|\?)", glob)
    return re.compile("".join(_PART.get(p, re.escape(p.removeprefix("\\"))) for p in parts), re.DOTALL)


_PART = {"*": ".*", "?": "."}


def fits(glob: Any, text: str) -> bool:
    """True when the whole text is as the glob says; ``\\*`` is a star.

    >>> fits("Hello *!", "Hello Ana!"), fits("Hello", "Hello Ana!"), fits("5 \\\\* 3", "5 * 3")
    (True, False, True)
    """
    return bool(_pattern(text_of(glob)).fullmatch(text))
