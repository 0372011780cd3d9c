"""Offsets in a text as the protocol's positions, in the units that the editor counts in."""

from dataclasses import dataclass
from functools import cached_property

from lsprotocol import types as lsp

from core.lang.reading.lines import Lines
from core.model.span import Span

WIDTH = {"utf-8": 1, "utf-16": 2, "utf-32": 4}
"""Encoding -> bytes of one unit."""


@dataclass(frozen=True)
class Positions:
    """``encoding`` = what the editor and the server have agreed on: utf-16 unless both know better."""

    text: str
    encoding: str = "utf-16"

    @cached_property
    def lines(self) -> Lines:
        """The lines of the text."""
        return Lines(self.text)

    @cached_property
    def _rows(self) -> list[str]:
        return self.text.split("\n")

    def offset(self, position: lsp.Position) -> int:
        """The offset in the text; the nearest one for a position behind a line's or the text's end."""
        if position.line >= len(self._rows):
            return len(self.text)
        row = self._rows[position.line]
        return self.lines.offset(position.line + 1, 1) + self._characters(row, position.character)

    def position(self, offset: int) -> lsp.Position:
        """The position of an offset."""
        line, column = self.lines.at(min(offset, len(self.text)))
        return lsp.Position(line - 1, self._units(self._rows[line - 1][: column - 1]))

    def range(self, start: int, end: int) -> lsp.Range:
        """The range between two offsets."""
        return lsp.Range(self.position(start), self.position(end))

    def of_span(self, span: Span | None) -> lsp.Range:
        """The range of a span; the first line for what has none."""
        if span is None:
            return lsp.Range(lsp.Position(0, 0), lsp.Position(0, self._units(self._rows[0])))
        return self.range(*self.lines.piece(span))

    def _units(self, text: str) -> int:
        if text.isascii():
            return len(text)
        name = self.encoding if self.encoding == "utf-8" else f"{self.encoding}-le"
        return len(text.encode(name, "surrogatepass")) // WIDTH[self.encoding]

    def _characters(self, row: str, units: int) -> int:
        if row.isascii():
            return min(units, len(row))
        seen = 0
        for i, character in enumerate(row):
            if seen >= units:
                return i
            seen += self._units(character)
        return len(row)
