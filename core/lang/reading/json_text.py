"""JSON as people write it: ``//`` and ``/* */`` comments and trailing commas are allowed, a key written twice is not."""

import json
import re
from functools import lru_cache
from typing import Any

from core.lang.reading.json_places import places
from core.lang.reading.lines import Lines
from core.lang.reading.unreadable import Unreadable
from core.lang.report import Locate, Place
from core.model.fix import Related
from core.model.limits import DOCUMENT_DEPTH
from core.model.span import Span

_COMMENTS = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z)|//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
_COMMAS = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\Z)|,(?=\s*[}\]])', re.DOTALL)
_NOT_NEWLINE = re.compile(r"[^\n]")


class _Twice(Exception):
    """A key stands twice in one object."""


def read_json(text: str) -> tuple[Any, Locate]:
    """The data, and a function from places to spans that scans the text when it is first asked. Raises Unreadable."""
    bare = text
    try:
        try:
            data = _loads(text)
        except json.JSONDecodeError:
            bare = without_comments(text)
            data = _loads(bare)
    except json.JSONDecodeError as e:
        raise _misread(e, text) from None
    except _Twice as e:
        raise _written_twice(str(e), bare) from None
    except RecursionError:
        raise Unreadable(f"the document is nested deeper than {DOCUMENT_DEPTH} levels") from None
    except ValueError as e:
        raise Unreadable(str(e)) from None
    return data, _locator(bare)


def _loads(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_object, parse_constant=_constant, parse_int=_whole)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out = dict(pairs)
    if len(out) != len(pairs):
        seen: set[str] = set()
        raise _Twice(next(k for k, _ in pairs if k in seen or seen.add(k)))  # type: ignore[func-returns-value]
    return out


def _constant(word: str) -> Any:
    raise ValueError(f"{word} is not a JSON number")


def _whole(digits: str) -> int:
    if len(digits) > 20:
        raise ValueError("a number is too large")
    return int(digits)


def comments_in(text: str) -> bool:
    """True when there are comments outside of texts.

    >>> comments_in('{"a": "//"}'), comments_in("{} // that is all")
    (False, True)
    """
    return any(found[0][0] == "/" for found in _COMMENTS.finditer(text))


def without_comments(text: str) -> str:
    """The same text with comments and trailing commas blanked out, so that every offset stays.

    >>> without_comments('[1, // one' + chr(10) + '2,]')
    '[1,       \\n2 ]'
    """
    return _COMMAS.sub(_blanked, _COMMENTS.sub(_blanked, text))


def _blanked(found: re.Match[str]) -> str:
    return found[0] if found[0][0] == '"' else _NOT_NEWLINE.sub(" ", found[0])


def _misread(e: json.JSONDecodeError, text: str) -> Unreadable:
    at = min(e.pos, len(text))
    seen = text[at : at + 1]
    hint = ""
    if seen == "'":
        hint = 'texts stand in double quotes: "…"'
    elif seen.isalpha() or seen == "_":
        hint = "keys and texts stand in double quotes; the only bare words are true, false and null"
    elif not seen:
        hint = "the text ends in the middle; a bracket or quote is not closed"
    message = e.msg[:1].lower() + e.msg[1:]
    return Unreadable(f"this is not JSON: {message}", Lines(text).span(at, at + 1), hint)


def _written_twice(key: str, text: str) -> Unreadable:
    twice: list[tuple[int, int, int, int]] = []
    places(text, twice)
    lines = Lines(text)
    span = lines.span(*twice[0][:2]) if twice else None
    found = Unreadable(f"the key '{key}' is written twice in one object", span, "remove one of the two")
    if twice:
        found.related = (Related(f"the first '{key}'", span=lines.span(*twice[0][2:])),)
    return found


def _locator(text: str) -> Locate:
    @lru_cache(maxsize=1)
    def table() -> tuple[dict[Place, tuple[int, int]], Lines]:
        return places(text, []), Lines(text)

    def locate(place: Place) -> Span | None:
        found, lines = table()
        return lines.span(*found[place]) if place in found else None

    return locate
