"""What the parser did not understand in a line, in the author's words."""

import re
from typing import Any

from core.lang.text.complaint import QUOTES, SYNTAX, quoted
from core.lang.text.hints import hint_at
from core.lang.text.lines import Line, smart_quote

Told = tuple[str, str, int, int, str]
"""Code, message, start, end, hint."""

_LABELS = {
    "NAME": "a name",
    "STRING": 'a "quoted text"',
    "INT": "a whole number",
    "DURATION": "a duration such as 30m, 2h or 1d",
    "PERCENT": "a share such as 50%",
    "AT": "'@id'",
    "ARROW": "'->'",
    "COLON": "':'",
    "EQUAL": "'='",
    "COMMA": "','",
    "RPAR": "')'",
    "RSQB": "']'",
    "LBRACE": "'{'",
    "RBRACE": "'}'",
    "DOT": "'.'",
    "REGEX": "a /pattern/",
    "MEDIA": "image, video, audio or file",
    "SNUM": "two numbers",
    "$END": "the end of the line",
}
_SILENT = {"LONG", "HOLE", "FLOAT", "_RAW", "LPAR", "LSQB", "MINUS"}
_VALUE = {
    "NAME",
    "STRING",
    "INT",
    "FLOAT",
    "DURATION",
    "LPAR",
    "LSQB",
    "LBRACE",
    "TRUE",
    "FALSE",
    "NULL",
    "NOT",
    "MINUS",
}
_VALUE |= {"TAGGED", "SAYS", "LONG"}
_OPERATORS = {
    "AND",
    "OR",
    "IN",
    "HAS",
    "CONTAINS",
    "IS",
    "CMP",
    "ADD",
    "MUL",
    "VBAR",
    "DOT",
    "LSQB",
    "NOT",
    "MINUS",
    "LPAR",
}
_UNIT = re.compile(r"\s*(seconds?|minutes?|mins?|hours?|days?|weeks?|[smhdw])\b")
_CLOSING = {"RPAR", "RSQB", "RBRACE", "COMMA", "EQUAL"}


def explained(e: Any, line: Line) -> Told:
    """The complaint about ``line`` that Lark's error ``e`` stands for."""
    from lark.exceptions import UnexpectedCharacters, UnexpectedToken

    if isinstance(e, UnexpectedCharacters):
        return _character(line, e.pos_in_stream or 0, set(e.allowed or ()))
    if isinstance(e, UnexpectedToken) and e.token.type != "$END":
        return _token(line, e.token, set(e.accepts or e.expected or ()))
    wanted = set(getattr(e, "accepts", None) or getattr(e, "expected", None) or ())
    return _short(line, wanted)


def _character(line: Line, at: int, wanted: set[str]) -> Told:
    sign = line.code[at]
    start = line.start + at
    if sign in "“”„‟‘’«»":
        return (QUOTES, *smart_quote(sign, start))
    shown = sign if sign.isprintable() and not sign.isspace() else f"U+{ord(sign):04X}"
    message = f"'{shown}' cannot stand here; expected {phrase(wanted - _CLOSING)}"
    return SYNTAX, message, start, start + 1, hint_at(line.code, at)


def _short(line: Line, wanted: set[str]) -> Told:
    message = f"the line ends too early; expected {phrase(wanted)}"
    hint = hint_at(line.code, len(line.code))
    if not hint and wanted == {"COLON"}:
        hint = "the name of a section ends with ':'"
    return SYNTAX, message, line.end, line.end + 1, hint


def _token(line: Line, token: Any, wanted: set[str]) -> Told:
    at = token.start_pos or 0
    shown = str(token).partition("\n")[0]
    start = line.start + at
    message = f"unexpected {quoted(shown)}; expected {phrase(wanted)}"
    return SYNTAX, message, start, start + len(shown), _hint(line, token, at, wanted)


def _hint(line: Line, token: Any, at: int, wanted: set[str]) -> str:
    code, kind = line.code, token.type
    if "DURATION" in wanted and kind in ("INT", "SNUM"):
        unit = _UNIT.match(code, at + len(token))
        return f"write {token}{unit[1][0]}" if unit else f"add a unit, for example {token}m or {token}h"
    if line.indent == 0 and wanted <= {"COLON", "DOT"} and kind in ("NAME", "STRING"):
        return "the name of a section is one word, such as hello_there, and ends with ':'"
    if hint := hint_at(code, at):
        return hint
    if "STRING" in wanted and "NAME" not in wanted and str(token)[:1].isalpha():
        return 'a text stands in quotes: "…"'
    return ""


def phrase(wanted: set[str]) -> str:
    """The terminals as one phrase.

    >>> phrase({"COLON", "ARROW", "AT", "AND", "OR", "IS", "CMP", "ADD", "MUL", "VBAR", "DOT", "IN"})
    "an operator, ':', '->' or '@id'"
    """
    rest = set(wanted)
    out: list[str] = []
    for many, few, name in ((_VALUE, 6, "a value"), (_OPERATORS, 5, "an operator")):
        if len(rest & many) >= few:
            out.append(name)
            rest -= many
    order = ("STRING", "NAME", "DURATION", "COLON", "ARROW")
    for kind in sorted(rest, key=lambda k: (order.index(k) if k in order else 9, k)):
        label = _LABELS.get(kind) or (None if kind in _SILENT else f"'{kind.lower()}'")
        if label and label not in out:
            out.append(label)
    return out[0] if len(out) == 1 else f"{', '.join(out[:-1])} or {out[-1]}" if out else "something else"
