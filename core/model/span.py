"""Where a thing stands in its source text."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """One-based line and column of the first and of the last-but-one character.

    >>> Span(3, 5, 3, 9).as_json()
    {'line': 3, 'column': 5, 'endLine': 3, 'endColumn': 9}
    """

    line: int
    column: int
    end_line: int
    end_column: int

    def as_json(self) -> dict[str, int]:
        """The shape that ``flow check --json`` and the API print."""
        return {
            "line": self.line,
            "column": self.column,
            "endLine": self.end_line,
            "endColumn": self.end_column,
        }
