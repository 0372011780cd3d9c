"""JSON s-expressions back to text, in the one canonical spelling: parsing it gives the same JSON again."""

import re
from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

from core.lang.expressions.names import WORDS
from core.model.program import Json

_NAME = re.compile(r"[^\W\d]\w*\Z")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}
_UNITS = ((86400, "d"), (3600, "h"), (60, "m"), (1, "s"))
OR, AND, NOT, COMPARE, ADD, MULTIPLY, NEGATIVE, POSTFIX = range(8)
"""How tightly things bind, as the grammar's rules say."""
_BINARY = {
    "or": (OR, OR, AND),
    "and": (AND, AND, NOT),
    "+": (ADD, ADD, MULTIPLY),
    "-": (ADD, ADD, MULTIPLY),
    "*": (MULTIPLY, MULTIPLY, NEGATIVE),
    "/": (MULTIPLY, MULTIPLY, NEGATIVE),
    "%": (MULTIPLY, MULTIPLY, NEGATIVE),
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "in", "has", "contains"), (COMPARE, ADD, ADD)),
}
"""Operator -> (its own level, the left side's, the right side's)."""


def unparse(e: Json) -> str:
    """The text of an expression.

    >>> unparse(["and", ["tagged", "vip"], [">", ["var", "contact", "score"], ["*", ["+", 1, 2], 3]]])
    'tagged vip and contact.score > (1 + 2) * 3'
    """
    return _at(e, OR)


def unparse_template(value: Json) -> str:
    """The text of a template, or of a plain text.

    >>> unparse_template(["tpl", ["Hi ", [["var", "contact", "firstName"]], "!"]])
    'Hi {{contact.firstName}}!'
    """
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple) and value and value[0] == "tpl":
        return "".join(p if isinstance(p, str) else "{{" + _closed(unparse(p[0])) + "}}" for p in value[1])
    return "{{" + _closed(unparse(value)) + "}}"


def quoted(text: str) -> str:
    """A text in quotes."""
    return '"' + "".join(_ESCAPES.get(c, c if c >= " " else f"\\u{{{ord(c):x}}}") for c in text) + '"'


def duration(seconds: int) -> str:
    """A number of seconds as the language writes it.

    >>> duration(129_600), duration(0)
    ('1d12h', '0s')
    """
    text = ""
    for size, unit in _UNITS:
        n, seconds = divmod(seconds, size)
        text += f"{n}{unit}" if n else ""
    return text or "0s"


def _closed(text: str) -> str:
    """An object at the end needs a space before the template's braces."""
    return text + " " if text.endswith("}") else text


def _at(e: Json, level: int) -> str:
    """The expression where the grammar wants one that binds at least so tightly."""
    text, own = _text(e)
    return f"({text})" if own < level else text


def _text(e: Json) -> tuple[str, int]:
    if not isinstance(e, list | tuple):
        return _scalar(e)
    binary = _BINARY.get(e[0])
    if binary is not None:
        own, left, right = binary
        return f"{_at(e[1], left)} {e[0]} {_at(e[2], right)}", own
    return _SPECIAL[e[0]](e) if e[0] in _SPECIAL else _plain(e)


def _scalar(e: Json) -> tuple[str, int]:
    if e is None or isinstance(e, bool):
        return {None: "null", True: "true", False: "false"}[e], POSTFIX
    if isinstance(e, str):
        return quoted(e), POSTFIX
    negative = e < 0 or (isinstance(e, float) and str(e).startswith("-"))
    text = str(e) if isinstance(e, int) else _decimal(e)
    return text, NEGATIVE if negative else POSTFIX


def _decimal(e: float) -> str:
    text = format(e, ".15f").rstrip("0") if isfinite(e) else "0."
    return text + "0" if text.endswith(".") else text


def _path(e: Json) -> tuple[str, int]:
    return ".".join(str(p) for p in e[1:]), POSTFIX


def _filter(e: Json) -> tuple[str, int]:
    arguments = ", ".join(map(unparse, e[3:]))
    return f"{_at(e[1], POSTFIX)}|{e[2]}" + (f"({arguments})" if arguments else ""), POSTFIX


def _plain(e: Json) -> tuple[str, int]:
    """What the language has no word for: dice and the like, only shown to people."""
    return f"{e[0]}({', '.join(unparse(x) for x in e[1:])})", POSTFIX


def _word(text: str) -> str:
    return text if _NAME.match(text) and text not in WORDS else quoted(text)


def _says(e: Json) -> tuple[str, int]:
    words = [quoted(str(w)) for w in e[1:]]
    return f"says {words[0]}" if len(words) == 1 else f"says [{', '.join(words)}]", COMPARE


def _object(e: Json) -> tuple[str, int]:
    return "{" + ", ".join(f"{_word(str(k))}: {unparse(v)}" for k, v in e[1]) + "}", POSTFIX


_SPECIAL: Mapping[str, Callable[[Any], tuple[str, int]]] = {
    "var": _path,
    "attr": lambda e: (f"{_at(e[1], POSTFIX)}.{e[2]}", POSTFIX),
    "idx": lambda e: (f"{_at(e[1], POSTFIX)}[{unparse(e[2])}]", POSTFIX),
    "dur": lambda e: (duration(int(e[1])), POSTFIX),
    "list": lambda e: (f"[{', '.join(map(unparse, e[1:]))}]", POSTFIX),
    "obj": _object,
    "filter": _filter,
    "call": lambda e: (f"{e[1]}({', '.join(map(unparse, e[2:]))})", POSTFIX),
    "tagged": lambda e: (f"tagged {_word(str(e[1]))}", COMPARE),
    "says": _says,
    "not": lambda e: (f"not {_at(e[1], NOT)}", NOT),
    "neg": lambda e: (f"-{_at(e[1], NEGATIVE)}", NEGATIVE),
    "isset": lambda e: (f"{_at(e[1], ADD)} is set", COMPARE),
    "isunset": lambda e: (f"{_at(e[1], ADD)} is not set", COMPARE),
    "notin": lambda e: (f"{_at(e[1], ADD)} not in {_at(e[2], ADD)}", COMPARE),
    "is": lambda e: (f"{_at(e[1], ADD)} is {quoted(str(e[2]))}", COMPARE),
    "tpl": lambda e: (quoted(unparse_template(e)), POSTFIX),
}
