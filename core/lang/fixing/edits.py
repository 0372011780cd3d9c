"""Fixes as edits of the text: the least that says the change in the text's own notation, so that style and comments stay."""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from core.lang.fixing.make import whole
from core.lang.fixing.removal import removal
from core.lang.reading import Source
from core.lang.reading.lines import Lines
from core.model.diagnostic import Diagnostic
from core.model.fix import Change, Edit
from core.model.span import Span

Piece = tuple[int, int, str]
"""Start, end, the new text."""


def with_edits(found: Iterable[Diagnostic], source: Source) -> tuple[Diagnostic, ...]:
    """The findings, each fix with its edits. A fix that the notation cannot say in place has none."""
    writer = _Writer(source)
    return tuple(
        replace(d, fix=replace(d.fix, edits=writer.edits(d.fix.changes))) if d.fix and d.fix.changes else d
        for d in found
    )


class _Writer:
    def __init__(self, source: Source) -> None:
        self.source = source
        self._lines: Lines | None = None

    @property
    def lines(self) -> Lines:
        self._lines = self._lines or Lines(self.source.text)
        return self._lines

    def edits(self, changes: tuple[Change, ...]) -> tuple[Edit, ...]:
        """The edits of all changes, or none when one cannot be said."""
        out: list[Edit] = []
        for change in changes:
            pieces = self._pieces(change)
            if not pieces:
                return ()
            out += (Edit(self._span(a, z), text) for a, z, text in pieces)
        return tuple(out)

    def _span(self, start: int, end: int) -> Span:
        return Span(*self.lines.at(start), *self.lines.at(end))

    def _pieces(self, change: Change) -> list[Piece]:
        span = self.source.span(change.place)
        if span is None:
            return []
        start, end = self.lines.piece(span)
        if change.op == "remove":
            return removal(self.source, change, start, end)
        return self._renamed(change, start) if change.op == "rename" else self._reworded(change, start, end)

    def _reworded(self, change: Change, start: int, end: int) -> list[Piece]:
        """The places of the old word, when the piece of text has as many of them as the value."""
        there = [m.span() for m in whole(change.old).finditer(self.source.text, start, end)]
        if len(there) != change.times:
            return []
        return [(a, z, self._quoted(change.new, start, a)) for a, z in there]

    def _quoted(self, new: str, start: int, at: int) -> str:
        """The new words as they are written inside the quotes in which they will stand."""
        if not {'"', "'", "\\"} & set(new):
            return new
        sign = open_quote(self.source.text[start:at])
        if self.source.notation == "json" or sign == '"':
            return new.replace("\\", "\\\\").replace('"', '\\"')
        if sign == "'":
            return new.replace("'", "''") if self.source.notation == "yaml" else new.replace("'", '"')
        return new

    def _renamed(self, change: Change, start: int) -> list[Piece]:
        """The key of a value; in the text language the word right before it."""
        if self.source.notation != "flow":
            span = self.source.key(change.place)
            a, z = self.lines.piece(span) if span else (0, 0)
            quotes = int(self.source.text[a : a + 1] in ("'", '"'))
            return [(a + quotes, z - quotes, change.value)] if span else []
        key = re.escape(str(change.place[-1]))
        line = self.source.text.rfind("\n", 0, max(0, start - 1))
        before = max(0, self.source.text.rfind("\n", 0, max(0, line)))
        found = re.search(rf"(?<![\w-])({key})[\"']?\s*=?\s*\Z", self.source.text[before:start])
        return [(before + found.start(1), before + found.end(1), change.value)] if found else []


@lru_cache(maxsize=256)
def open_quote(text: str) -> str:
    """The quote that is open at the end of ``text``, or nothing.

    >>> open_quote("say 'it"), open_quote('a "b" c')
    ("'", '')
    """
    sign = ""
    at = 0
    while at < len(text):
        c = text[at]
        if c == "\\" and sign:
            at += 1
        elif c == sign:
            sign = ""
        elif not sign and c in "\"'":
            sign = c
        at += 1
    return sign
