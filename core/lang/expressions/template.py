"""Texts with ``{{expressions}}`` inside, and JSON arguments whose texts are such templates."""

import re
from functools import lru_cache

from core.lang.expressions.error import ExpressionError
from core.lang.expressions.parse import parse_expression
from core.model.limits import EXPRESSION_DEPTH, TEMPLATE_PARTS
from core.model.program import Json

_INSIDE = re.compile(r"""(?:[^"'}]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\}(?!\})|\}(?=\}\}))*""")
"""What stands between ``{{`` and its ``}}``; quotes may hold braces; two objects that end together need a space between their braces."""


@lru_cache(maxsize=8192)
def parse_template(text: str) -> Json:
    """The text itself when nothing is in braces, else ``["tpl", [part, [expression], …]]``. Raises ExpressionError.

    >>> parse_template("Hi {{contact.firstName}}!")
    ['tpl', ['Hi ', [['var', 'contact', 'firstName']], '!']]
    """
    parts = _parts(text)
    return text if all(isinstance(p, str) for p in parts) else ["tpl", parts]


def _parts(text: str) -> list[Json]:
    parts: list[Json] = []
    here = 0
    while (opened := text.find("{{", here)) >= 0:
        inside = _INSIDE.match(text, opened + 2)
        assert inside is not None
        if not text.startswith("}}", inside.end()):
            raise ExpressionError("this '{{' has no matching '}}'", opened, hint="close it, and close quotes inside it")
        if opened > here:
            parts.append(text[here:opened])
        parts.append([_expression(inside[0], opened + 2)])
        here = inside.end() + 2
        if len(parts) > TEMPLATE_PARTS:
            raise ExpressionError(f"a text may hold {TEMPLATE_PARTS // 2} expressions", opened)
    if here < len(text):
        parts.append(text[here:])
    return parts


def _expression(text: str, at: int) -> Json:
    try:
        return parse_expression(text)
    except ExpressionError as e:
        raise e.moved(at) from None


def parse_value(source: Json, level: int = 0) -> Json:
    """An argument as an expression: a text that is exactly one ``{{…}}`` keeps its type, other texts are templates.

    >>> parse_value({"n": "{{score + 1}}", "to": ["Hi {{name}}"]})
    ['obj', [['n', ['+', ['var', 'score'], 1]], ['to', ['list', ['tpl', ['Hi ', [['var', 'name']]]]]]]]
    """
    if level > EXPRESSION_DEPTH:
        raise ExpressionError(f"this value is nested deeper than {EXPRESSION_DEPTH} levels")
    if isinstance(source, str):
        parsed = parse_template(source)
        return parsed[1][0][0] if isinstance(parsed, list) and len(parsed[1]) == 1 else parsed
    if isinstance(source, list | tuple):
        return ["list", *(parse_value(item, level + 1) for item in source)]
    if isinstance(source, dict):
        return ["obj", [[str(key), parse_value(item, level + 1)] for key, item in source.items()]]
    return source
