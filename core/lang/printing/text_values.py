"""Names, texts and values as the text language writes them: what each gives is read as the same thing again."""

import re
from collections.abc import Mapping
from typing import Any

from core.lang.expressions.error import ExpressionError
from core.lang.expressions.parse import parse_expression
from core.lang.expressions.unparse import duration
from core.lang.text.values import STRING, items_of, pair_of, text_of, value_of

WIDTH = 120
STEP = "  "
_NAME = re.compile(r"[^\W\d]\w*\Z")
_DOTTED = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*\Z")
_ID = re.compile(r"[^\W\d]\w*(\.([^\W\d]\w*|\d+(?!\w)))*\Z")
_WORDS = frozenset(
    [
        "and",
        "or",
        "not",
        "in",
        "has",
        "contains",
        "is",
        "tagged",
        "says",
        "true",
        "false",
        "null",
        "into",
        "to",
        "as",
        "if",
        "raw",
    ]
)
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\u{d}"}
_EXPRESSION = re.compile(r"\{\{(.*)\}\}\Z")


class Unfit(Exception):
    """The short form has no words for this."""


def string(text: str) -> str:
    r"""A text in quotes.

    >>> print(string('say "hi"\n'))
    "say \"hi\"\n"
    """
    return '"' + _escaped(text).replace('"', '\\"') + '"'


def _escaped(text: str) -> str:
    return "".join(_ESCAPES.get(c, c if c >= " " or c == "\0" else f"\\u{{{ord(c):x}}}") for c in text)


def block(text: str, margin: str) -> str:
    """A text in quotes, one of several lines in a block of its own when that reads well; ``margin`` is its line's."""
    lines = text.split("\n")
    clean = len(lines) > 1 and '"""' not in text and all(line == line.rstrip() for line in lines)
    if not clean or not text.strip():
        return string(text)
    inner = margin + STEP
    return '"""\n' + "".join(f"{inner}{_escaped(x)}\n" if x else "\n" for x in lines) + f'{inner}"""'


def word(name: str) -> str:
    """One word, in quotes where it is none or means something else.

    >>> word("vip"), word("two words"), word("not")
    ('vip', '"two words"', '"not"')
    """
    return name if _NAME.match(name) and name not in _WORDS else string(name)


def dotted(name: str) -> str:
    """Words with dots between."""
    return name if _DOTTED.match(name) and name not in _WORDS else string(name)


def ident(id_: str) -> str:
    """The id of a step or of a flow.

    >>> ident("hello.say2"), ident("3f2a-77"), ident("end")
    ('hello.say2', '"3f2a-77"', '"end"')
    """
    return id_ if _ID.match(id_) and id_ != "end" else string(id_)


def path(name: Any) -> str:
    """A name that cannot stand in quotes. Raises Unfit for what is none."""
    if isinstance(name, str) and _DOTTED.match(name) and name.partition(".")[0] not in _WORDS:
        return name
    raise Unfit


def name(value: Any) -> str:
    """One word that cannot stand in quotes. Raises Unfit."""
    if isinstance(value, str) and _NAME.match(value):
        return value
    raise Unfit


def text(value: Any) -> str:
    """``value`` if it is a text. Raises Unfit."""
    if isinstance(value, str):
        return value
    raise Unfit


def whole(value: Any) -> int:
    """``value`` if it is a number from 0 that the language counts with. Raises Unfit."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9:
        return value
    raise Unfit


def span(value: Any) -> str:
    """Seconds as a duration. Raises Unfit."""
    return duration(whole(value))


def pattern(value: Any) -> str:
    """A pattern between slashes. Raises Unfit."""
    if isinstance(value, str) and re.fullmatch(r"/(?:[^/\\\n]|\\.)+/i?", value):
        return value
    raise Unfit


def value(given: Any, literal: bool = False) -> str:
    """A JSON value on one line: expressions bare (unless ``literal``), other texts in quotes.

    >>> value({"mail": ["{{contact.email}}", "Hi", 2, None]})
    '{mail: [contact.email, "Hi", 2, null]}'
    """
    if isinstance(given, str):
        return (None if literal else bare(given)) or string(given)
    if isinstance(given, Mapping):
        return "{" + ", ".join(f"{word(str(k))}: {value(v, literal)}" for k, v in given.items()) + "}"
    if isinstance(given, list | tuple):
        return "[" + ", ".join(value(v, literal) for v in given) + "]"
    return "null" if given is None else str(given).lower() if isinstance(given, bool) else repr(given)


def bare(text: str) -> str | None:
    """The expression that a text consists of; None when there is more, or when it would be read as a literal."""
    found = _EXPRESSION.match(text)
    if found is None or not readable(found[1]):
        return None
    try:
        return found[1] if value_of(found[1]) == text else None
    except ExpressionError:
        return None


def readable(expression: str) -> bool:
    """True when it is one expression on one line, as the language writes it."""
    try:
        parse_expression(expression)
    except ExpressionError:
        return False
    return expression == expression.strip() and "\n" not in expression and "\r" not in expression


def assigned(head: str, given: Any, margin: str) -> str:
    """``head`` and a value behind it; what is too long for a line goes over several.

    >>> assigned("set x = ", "a\\nb", "")
    'set x = \"\"\"\\n  a\\n  b\\n  \"\"\"'
    """
    if isinstance(given, str) and bare(given) is None:
        return head + block(given, margin)
    return tidied(value(given), margin, head)


def tidied(source: str, margin: str, head: str) -> str:
    """A value as it is written, behind ``head``: lists and objects in one spelling, over several lines when one is too short.

    >>> tidied("{a:[1,  'x'] }", "", "prop b = ")
    'prop b = {a: [1, "x"]}'
    """
    line = head + in_line(source)
    parts = _parts(source)
    if not parts or len(margin) + len(line.rpartition("\n")[2]) <= WIDTH:
        return line
    inner = margin + STEP
    told = [tidied(part, inner, key and f"{word(key)}: ") for key, part in parts]
    return f"{head}{source[0]}\n" + ",\n".join(inner + t for t in told) + f"\n{margin}{source[-1]}"


def in_line(source: str) -> str:
    """The same on one line."""
    parts = _parts(source)
    if parts is not None:
        told = (f"{word(key)}: {in_line(part)}" if key else in_line(part) for key, part in parts)
        return source[0] + ", ".join(told) + source[-1]
    return string(text_of(source)) if STRING.fullmatch(source) else source


def _parts(source: str) -> list[tuple[str, str]] | None:
    """(key, value) of an object, ("", value) of a list, as they are written; None for anything else."""
    parts = items_of(source) if source[:1] in ("[", "{") else None
    if parts is None:
        return None
    return [("", p.strip()) if source[0] == "[" else pair_of(p) for p in parts]
