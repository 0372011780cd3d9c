"""One line as the parser sees it: its rule, its parts, and where each part stands in the whole text."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.lang.expressions.error import ExpressionError
from core.lang.text.complaint import MISPLACED, QUOTES, SYNTAX, Complaints
from core.lang.text.explain import explained
from core.lang.text.lines import Line
from core.lang.text.tables import parser
from core.lang.text.tree import Piece
from core.lang.text.values import seconds_of, text_of, value_of
from core.model.limits import LINE_CHARS

Node = Any
"""A tree or token of Lark."""


@dataclass(slots=True)
class Row:
    """``rule`` = the grammar's alternative, ``parts`` = its children; a part that is left out is None."""

    line: Line
    rule: str
    parts: list[Node]
    complaints: Complaints

    @property
    def place(self) -> Piece:
        """The first line of text of the row."""
        return self.line.start, self.line.first_end

    def piece(self, part: Node) -> Piece:
        """Where ``part`` stands."""
        if isinstance(part, str):
            token: Any = part
            return self.line.start + token.start_pos, self.line.start + token.end_pos
        meta = part.meta
        return (self.line.start + meta.start_pos, self.line.start + meta.end_pos) if not meta.empty else self.place

    def text(self, part: Node) -> str:
        """A quoted text, or a bare word."""
        token = part if isinstance(part, str) else part.children[0]
        plain = str(token)
        return self._safe(text_of, plain, token, "") if plain[0] in "\"'" else plain

    def dotted(self, part: Node) -> str:
        """Words with dots between, or one quoted text."""
        children = part.children
        return self.text(children[0]) if len(children) == 1 else ".".join(map(str, children))

    def texts(self, part: Node) -> list[str]:
        """Several of them."""
        return [self.text(child) for child in part.children]

    def value(self, part: Node) -> Any:
        """The JSON value of a ``value`` or ``object``."""
        if isinstance(part.children[0], str):
            return self.text(part.children[0])
        return self._safe(value_of, self.source(part), part, None)

    def source(self, part: Node) -> str:
        """The part as it is written."""
        return self.line.code[part.meta.start_pos : part.meta.end_pos]

    def seconds(self, token: Node) -> int:
        """A duration."""
        return int(self._safe(seconds_of, str(token), token, 1))

    def whole(self, token: Node) -> int:
        """A whole number."""
        return int(token) if len(token) < 10 else 10**9

    def pairs(self, parts: list[Node]) -> list[tuple[str, Any, Piece]]:
        """The ``name=value`` among the parts."""
        found = []
        for arg in parts:
            if getattr(arg, "data", "") == "arg":
                name, value = arg.children
                found.append((self.text(name), self.value(value), self.piece(value)))
        return found

    def part(self, rule: str) -> Node:
        """The first part made by ``rule``, or None."""
        return next((p for p in self.parts if getattr(p, "data", "") == rule), None)

    def complain(self, code: str, message: str, at: Node = None, hint: str = "") -> None:
        """Notes a mistake in the whole line or in one part."""
        start, end = self.place if at is None else self.piece(at)
        self.complaints.add(code, message, start, end, hint)

    def _safe(self, read: Callable[[str], Any], source: str, part: Node, otherwise: Any) -> Any:
        try:
            return read(source)
        except ExpressionError as e:
            start, end = self.piece(part)
            code = QUOTES if "escape" in e.message or "character" in e.message else SYNTAX
            self.complaints.add(code, e.message, min(start + e.at, end - 1), end, e.hint)
            return otherwise


def row_of(line: Line, start: str, complaints: Complaints) -> Row | None:
    """The line read by the grammar's rule ``start``; None when it cannot be read, which is complained about."""
    from lark.exceptions import UnexpectedInput

    from core.lang.text.mend import mend_of

    if line.broken or complaints.full:
        return None
    if len(line.code) > LINE_CHARS:
        complaints.add(SYNTAX, f"this line has more than {LINE_CHARS} characters", line.start, line.first_end)
        return None
    try:
        tree = parser().parse(line.code, start=start)
    except UnexpectedInput as e:
        told = explained(e, line)
        complaints.add(*told, mend_of(line, start))
        return None
    return Row(line, str(tree.data), tree.children, complaints)


def refuse_name(line: Line, complaints: Complaints) -> None:
    """A ``##`` name above a line that is no step."""
    if line.names:
        message = "a '##' name belongs to a step; this line is none"
        complaints.add(MISPLACED, message, line.start, line.first_end, "put the name right above a step")
