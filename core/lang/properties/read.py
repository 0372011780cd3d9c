"""The line of a property to a Property."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from core.lang.expressions import ExpressionError, parse_expression
from core.lang.expressions.scalars import unquote
from core.lang.properties.spell import NAME, RESERVED, spelled
from core.model.errors import InstaFlowError
from core.model.limits import EXPRESSION_CHARS
from core.model.program import Json
from core.model.properties import BARE, KINDS, NAMES, TEXTS, Occurrence, Property

_TOKEN = re.compile(
    rf"""\s+|(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?P<name>{NAME})|(?P<sign>.)""",
    re.DOTALL,
)


class PropertyError(InstaFlowError):
    """A property cannot be read; ``hint`` = what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    depth: int


_END = _Token("end", "", 1 << 30, 0)


def read_property(kind: str, text: str) -> Property:
    """The property that ``kind`` (never, always, eventually) and its line say. Raises PropertyError.

    >>> read_property("never", 'say "*coupon*" unless tagged customer').condition
    ['tagged', 'customer']
    """
    if kind not in KINDS:
        raise PropertyError(f"'{kind}' is no kind of property", f"known: {', '.join(KINDS)}")
    if len(text) > EXPRESSION_CHARS:
        raise PropertyError(f"a property may have {EXPRESSION_CHARS} characters; this one has {len(text)}")
    reader = _Reader(text)
    made: Property = getattr(reader, kind)()
    reader.done()
    plain = spelled(made)
    return replace(made, text=f"{kind} {plain if len(plain) <= EXPRESSION_CHARS else text.strip()}")


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(_tokens(text))
        self._at = 0

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at] if self._at < len(self._tokens) else _END

    def _word(self, *words: str) -> str:
        """Takes one of the words when it stands next."""
        token = self._next
        if token.kind == "name" and token.text in words:
            self._at += 1
            return token.text
        return ""

    def never(self) -> Property:
        events = self._events()
        word = self._word("if", "unless")
        condition = self._expression({"after"}) if word else None
        after, until = self._scope()
        return Property("never", events, condition, word != "unless", (), after, until)

    def always(self) -> Property:
        divider = next((t.text for t in self._tokens if _divides(t)), "")
        if divider == "before":
            first = self._events()
            self._word("before")
            return Property("always", self._events(), first=first)
        if not divider:
            hint = 'write: always contact.email is set when call crm.*, or: always step rules before say "*prize*"'
            raise PropertyError("'always' needs 'when' or 'before'", hint)
        condition = self._expression({"when"})
        self._word("when")
        events = self._events()
        after, until = self._scope()
        return Property("always", events, condition, False, (), after, until)

    def eventually(self) -> Property:
        events = self._events()
        after = self._events() if self._word("after") else ()
        return Property("eventually", events, after=after)

    def _scope(self) -> tuple[tuple[Occurrence, ...], tuple[Occurrence, ...]]:
        after = self._events() if self._word("after") else ()
        until = self._events() if after and self._word("until") else ()
        return after, until

    def _events(self) -> tuple[Occurrence, ...]:
        found = [self._event()]
        while self._word("or"):
            found.append(self._event())
        return tuple(found)

    def _event(self) -> Occurrence:
        token = self._next
        if token.kind != "name" or token.text not in TEXTS | NAMES | BARE:
            shown = f"'{token.text}' is nothing that happens" if token.text else "the line ends too early"
            raise PropertyError(shown, f"known: {', '.join(sorted(TEXTS | NAMES | BARE))}")
        self._at += 1
        value = "" if token.text in BARE else self._value(token.text)
        if token.text == "step" and not value:
            raise PropertyError("'step' needs the id of a step", "write: step ask_email")
        if token.text in ("set", "unset") and value and not value.startswith("contact."):
            hint = f"write: {token.text} contact.{value}; variables of the flow are read in conditions"
            raise PropertyError(f"'{token.text}' is followed by an attribute of the contact", hint)
        return Occurrence(token.text, value)

    def _value(self, kind: str) -> str:
        token = self._next
        if token.kind == "text":
            self._at += 1
            return _unquoted(token.text)
        if token.kind != "name" or token.text in RESERVED:
            return ""
        if kind in TEXTS:
            raise PropertyError(f'a text stands in quotes: {kind} "*{token.text}*"')
        self._at += 1
        return token.text

    def _expression(self, ends: set[str]) -> Json:
        begin = self._next.start
        while self._at < len(self._tokens) and not self._ends(ends):
            self._at += 1
        try:
            return parse_expression(self._text[begin : self._next.start].strip())
        except ExpressionError as e:
            raise PropertyError(f"the condition cannot be read: {e.message}", e.hint) from None

    def _ends(self, ends: set[str]) -> bool:
        token = self._next
        return token.kind == "name" and token.depth == 0 and token.text in ends

    def done(self) -> None:
        """Nothing may stand behind the property."""
        if self._at < len(self._tokens):
            hint = "names with spaces or stars stand in quotes; a condition stands behind if, unless or before when"
            raise PropertyError(f"unexpected '{self._next.text}'", hint)


def _divides(token: _Token) -> bool:
    return token.kind == "name" and token.depth == 0 and token.text in ("before", "when")


def _unquoted(text: str) -> str:
    try:
        return unquote(text)
    except ExpressionError as e:
        raise PropertyError(e.message, e.hint) from None


def _tokens(text: str) -> Iterable[_Token]:
    depth = 0
    for found in _TOKEN.finditer(text):
        if found.lastgroup is not None:
            depth -= found[0] in ")]}"
            yield _Token(found.lastgroup, found[0], found.start(), max(depth, 0))
            depth += found[0] in "([{"
