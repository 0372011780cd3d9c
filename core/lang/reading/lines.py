"""Offsets in a text as lines and columns."""

import re
from bisect import bisect_right

from core.model.span import Span


class Lines:
    """The line starts of a text; made once, when the first position is asked for.

    >>> Lines("ab\\ncd").span(3, 5)
    Span(line=2, column=1, end_line=2, end_column=3)
    """

    def __init__(self, text: str) -> None:
        self._length = len(text)
        self._starts = [0, *(m.end() for m in re.finditer("\n", text))]

    def at(self, offset: int) -> tuple[int, int]:
        """One-based line and column."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def span(self, start: int, end: int) -> Span:
        """From ``start`` up to, and without, ``end``."""
        return Span(*self.at(start), *self.at(max(end, start + 1)))

    def offset(self, line: int, column: int) -> int:
        """The offset of a place; the end of the text for a place behind it."""
        return self._starts[line - 1] + column - 1 if line <= len(self._starts) else self._length

    def piece(self, span: Span) -> tuple[int, int]:
        """The offsets of a span."""
        return self.offset(span.line, span.column), self.offset(span.end_line, span.end_column)
