"""One reply against the dispatch tables of a wait: payload, typed title, keyword, pattern, media, any, input."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from core.engine.inputs import READERS, TAPPED, Reader
from core.engine.inputs import text as read_text
from core.engine.linked import LinkedInput, LinkedWait
from core.engine.patterns import found
from core.engine.scope import Scope
from core.model.event import Replied
from core.model.fold import fold, plain
from core.model.limits import REPLY_CHARS_MATCHED


class Match(NamedTuple):
    """``how`` = tap, typed, any, input, invalid or none; ``edge`` the exit (None = the default one); ``value`` of an input."""

    how: str
    edge: int | None = None
    value: Any = None


NONE = Match("none")
INVALID = Match("invalid")
EXPLICIT = frozenset({"tap", "typed"})
EXPECTED = frozenset({"tap", "typed", "any", "input"})


def match(wait: LinkedWait, event: Replied, scope: Scope) -> Match:
    """What the reply is to this wait. A tap that has no exit here is only a value (``TAPPED``) or, when final, any answer."""
    if event.payload is not None:
        return _tap(wait, event, event.payload, scope)
    if event.text:
        index = _typed(wait, event.text)
        if index is not None:
            return Match("typed", index)
    if event.media and wait.media is not None:
        return Match("typed", wait.media)
    if wait.any is not None:
        return Match("any", wait.any)
    return NONE if wait.input is None else _read(wait.input, event.text, scope)


def _tap(wait: LinkedWait, event: Replied, payload: str, scope: Scope) -> Match:
    index = wait.payload.get(payload)
    if index is not None:
        return Match("tap", index)
    if wait.input is not None and wait.input.spec.get("type") in TAPPED:
        tapped = _read(wait.input, payload, scope)
        return tapped if tapped.how == "input" else _read(wait.input, event.text, scope)
    return Match("any", wait.any) if wait.any is not None and event.final else NONE


def _typed(wait: LinkedWait, text: str) -> int | None:
    words = plain(text[:REPLY_CHARS_MATCHED])
    index = wait.title.get(words)
    if index is None and wait.exact:
        index = wait.exact.get(words)
        if index is None:
            index = _runs(wait.exact, wait.sizes, words)
    if index is None and wait.symbols:
        folded = fold(text[:REPLY_CHARS_MATCHED])
        index = next((i for symbol, i in wait.symbols if symbol in folded), None)
    if index is None:
        index = next((i for pattern, i in wait.regex if found(pattern, text)), None)
    return index


def _runs(exact: Mapping[str, int], sizes: tuple[int, ...], text: str) -> int | None:
    """The first exit (in the author's order) one of whose keywords is a run of words of the text."""
    words = text.split(" ")
    best: int | None = None
    for size in sizes:
        for start in range(len(words) - size + 1):
            index = exact.get(words[start] if size == 1 else " ".join(words[start : start + size]))
            if index is not None and (best is None or index < best):
                best = index
    return best


def _read(asked: LinkedInput, answer: str, scope: Scope) -> Match:
    if not answer or (asked.pattern is not None and not found(asked.pattern, answer)):
        return INVALID
    read: Reader = READERS.get(asked.spec.get("type", "text"), read_text)
    value = read(answer, asked.spec, scope)
    return INVALID if value is None else Match("input", asked.spec.get("valid"), value)
