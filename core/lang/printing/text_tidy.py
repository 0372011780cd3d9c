"""A line of the text language in its one spelling: spaces, quotes and line breaks, nothing that is said."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from core.lang.printing.text_conditions import guard
from core.lang.printing.text_values import block, dotted, ident, in_line, string, tidied, word
from core.lang.text.conditions import condition_of
from core.lang.text.row import Row
from core.lang.text.tables import parser

_CLOSE = frozenset({",", ":"})


def tidy(row: Row, start: str, margin: str) -> str:
    """The line's text at ``margin``. ``start`` = the grammar's rule that it was read by."""
    return _Tidy(row, margin).line(start)


class _Tidy:
    def __init__(self, row: Row, margin: str) -> None:
        self.row, self.margin = row, margin
        self.out = ""

    def line(self, start: str) -> str:
        """Token by token; what the tree knows more about is spelled as a whole."""
        wholes = {a: (z, make) for a, z, make in self._wholes(self.row.parts)}
        behind = 0
        for token in parser().parse_interactive(self.row.line.code, start=start).iter_parse():
            begin = token.start_pos or 0
            if begin < behind or token.type == "$END":
                continue
            if begin in wholes:
                behind, make = wholes[begin]
                self._space("")
                self.out += make(self.out)
            else:
                self._space(str(token))
                self.out += str(token)
        return self.out

    def _space(self, coming: str) -> None:
        if self.out and coming not in _CLOSE and not self.out.endswith("@"):
            self.out += " "

    def _wholes(self, parts: list[Any]) -> Iterator[tuple[int, int, Callable[[str], str]]]:
        """(start, end, its spelling behind what stands before) of the parts that are spelled as a whole."""
        for part in parts:
            rule = str(getattr(part, "data", ""))
            if rule in _SPELL and not part.meta.empty:
                yield part.meta.start_pos, part.meta.end_pos, partial(_SPELL[rule], self, part)
            elif rule:
                yield from self._wholes(part.children)

    def string(self, part: Any, before: str) -> str:
        """A quoted text; one of several lines stays one."""
        text = self.row.text(part)
        return block(text, self.margin) if part.children[0].type == "LONG" else string(text)

    def id(self, part: Any, before: str) -> str:
        """An id; ``end`` is no id where it has no quotes."""
        return "end" if self.row.source(part) == "end" else ident(self.row.dotted(part))

    def dotted(self, part: Any, before: str) -> str:
        """Words with dots between."""
        return dotted(self.row.dotted(part)) if len(part.children) == 1 else self.row.dotted(part)

    def target(self, part: Any, before: str) -> str:
        """The same, where a quoted text is one name even with dots in it."""
        name = self.row.dotted(part)
        return string(name) if part.children[0].type == "STRING" and "." in name else self.dotted(part, before)

    def word(self, part: Any, before: str) -> str:
        """One word."""
        return word(self.row.text(part))

    def path(self, part: Any, before: str) -> str:
        """A name."""
        return self.row.dotted(part) if len(part.children) > 1 else str(part.children[0])

    def value(self, part: Any, before: str) -> str:
        """A value."""
        if isinstance(part.children[0], str):
            return block(self.row.text(part), self.margin)
        return tidied(self.row.source(part), self.margin, before)[len(before) :]

    def object(self, part: Any, before: str) -> str:
        """An object."""
        return tidied(self.row.source(part), self.margin, before)[len(before) :]

    def arg(self, part: Any, before: str) -> str:
        """``name=value``."""
        name, given = part.children
        head = f"{word(self.row.text(name))}="
        return head + self.value(given, before + head)

    def condition(self, part: Any, before: str) -> str:
        """What stands behind ``if``: the kinds that have a type of their own in their one spelling, expressions as they are."""
        source = self.row.source(part)
        meant = condition_of(source)
        return source if meant["type"] == "expression" else guard(meant)

    def raw(self, part: Any, before: str) -> str:
        """``raw {…}``."""
        return "raw " + in_line(self.row.source(part.children[-1]))

    def expr(self, part: Any, before: str) -> str:
        """An expression, as it is."""
        return self.row.source(part)


_SPELL: dict[str, Callable[[_Tidy, Any, str], str]] = {
    "string": _Tidy.string,
    "id": _Tidy.id,
    "dotted": _Tidy.dotted,
    "target": _Tidy.target,
    "word": _Tidy.word,
    "path": _Tidy.path,
    "value": _Tidy.value,
    "object": _Tidy.object,
    "arg": _Tidy.arg,
    "condition": _Tidy.condition,
    "raw": _Tidy.raw,
    "expr": _Tidy.expr,
}
"""Rule of the grammar -> its spelling."""
