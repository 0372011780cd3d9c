"""Literals of the text language: quoted texts, numbers, durations, lists and objects; what is none is an expression."""

import re
from typing import Any

from core.lang.expressions.error import ExpressionError
from core.lang.expressions.scalars import unquote

STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'')
_NUMBER = re.compile(r"-?\d+(?:(\.\d+)?(?:[eE][-+]?\d+)|(\.\d+))?")
_DURATION = re.compile(r"(?:\d+[wdhms])+")
_PART = re.compile(r"(\d+)([wdhms])")
_PIECE = re.compile(STRING.pattern + r"|[(\[{]|[)\]}]|[,:]")
_TOGETHER = re.compile(STRING.pattern + r"|\}(?=\})")
_KEY = re.compile(r"\s*(?:([^\W\d]\w*)|(" + STRING.pattern + r"))\s*")
_UNITS = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1}
_WORDS = {"true": True, "false": False, "null": None}
_DIGITS = 18


def text_of(token: str) -> str:
    '''The text of a quoted token; a text of several lines loses the indentation that all its lines have.

    Raises ExpressionError for an escape that does not exist; its ``at`` is the offset in ``token``.

    >>> text_of("'it\\\\'s'"), text_of('"""\\n    a\\n      b\\n    """')
    ("it's", 'a\\n  b')
    '''
    if not token.startswith('"""'):
        return unquote(token)
    body = token[3:-3]
    if body.startswith("\n"):
        body = _dedented(body[1:])
    return unquote(f'"{body}"')


def _dedented(body: str) -> str:
    lines = body.split("\n")
    last = lines.pop() if not lines[-1].strip() else None
    margins = [len(line) - len(line.lstrip(" ")) for line in lines if line.strip()]
    margin = min([*margins, *([len(last)] if last is not None else [])], default=0)
    return "\n".join(line[margin:] for line in lines)


def seconds_of(duration: str) -> int:
    """Seconds of a duration such as ``1h30m``. Raises ExpressionError when it is longer than a thousand years.

    >>> seconds_of("1h30m")
    5400
    """
    parts = _PART.findall(duration)
    if any(len(n) > 11 for n, _ in parts):
        raise ExpressionError("this duration is too long")
    return sum(int(n) * _UNITS[unit] for n, unit in parts)


def value_of(source: str) -> Any:
    """The JSON value of an argument: a literal as it is, anything else as the text ``{{expression}}``.

    >>> value_of("[1, 'a', {plan: contact.plan}]"), value_of("a + 1"), value_of("2h")
    ([1, 'a', {'plan': '{{contact.plan}}'}], '{{a + 1}}', 7200)
    """
    source = source.strip()
    if source in _WORDS:
        return _WORDS[source]
    first = source[:1]
    if first in "\"'" and STRING.fullmatch(source):
        return text_of(source)
    if (first.isdigit() or first == "-") and _NUMBER.fullmatch(source):
        return _number(source)
    if first.isdigit() and _DURATION.fullmatch(source):
        return seconds_of(source)
    if first in ("[", "{") and (parts := items_of(source)) is not None:
        return [value_of(p) for p in parts] if first == "[" else {k: value_of(v) for k, v in map(pair_of, parts)}
    return "{{" + apart(source) + "}}"


def apart(source: str) -> str:
    """The expression with a space between braces that end together, so that it can stand in ``{{ }}``.

    >>> apart("{a: {b: '}}'}}.a")
    "{a: {b: '}}'} }.a"
    """
    return _TOGETHER.sub(lambda m: "} " if m[0] == "}" else m[0], source) if "}}" in source else source


def _number(source: str) -> int | float:
    if source.lstrip("-").isdigit():
        if len(source) > _DIGITS + 1:
            raise ExpressionError("this number has too many digits", hint=f"at most {_DIGITS}")
        return int(source)
    return float(source)


def items_of(source: str) -> list[str] | None:
    """What stands between the commas of a list or object; None when the bracket closes before the end."""
    depth, begin, out = 0, 1, []
    for piece in _PIECE.finditer(source):
        sign = piece[0]
        if sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth -= 1
            if depth == 0 and piece.end() != len(source):
                return None
        elif sign == "," and depth == 1:
            out.append(source[begin : piece.start()])
            begin = piece.end()
    last = source[begin:-1]
    return [*out, last] if out or last.strip() else []


def pair_of(source: str) -> tuple[str, str]:
    """Key and value of ``key: value``, the value as it is written."""
    key = _KEY.match(source)
    if key is None or source[key.end() : key.end() + 1] != ":":
        raise ExpressionError("an object is written {name: value, …}")
    return key[1] or text_of(key[2]), source[key.end() + 1 :].strip()
