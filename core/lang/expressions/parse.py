"""The text of one expression to JSON: plain paths by a regular expression, everything else by an LALR grammar."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.lang.expressions.error import ExpressionError
from core.lang.expressions.names import WORDS
from core.lang.expressions.walk import depth
from core.model.limits import EXPRESSION_CHARS, EXPRESSION_DEPTH
from core.model.program import Json

_PATH = re.compile(r"\s*([^\W\d]\w*(?:\.[^\W\d]\w*)*)\s*\Z")


@lru_cache(maxsize=8192)
def parse_expression(text: str) -> Json:
    """The expression as JSON (shared between callers: never change it). Raises ExpressionError.

    >>> parse_expression("contact.firstName|default('there')")
    ['filter', ['var', 'contact', 'firstName'], 'default', 'there']
    """
    if len(text) > EXPRESSION_CHARS:
        raise ExpressionError(f"an expression may have {EXPRESSION_CHARS} characters; this one has {len(text)}")
    path = _PATH.match(text)
    if path and (parts := path[1].split("."))[0] not in WORDS:
        return ["var", *parts]
    tree = _parse(text)
    if depth(tree) > EXPRESSION_DEPTH:
        raise ExpressionError(
            f"this expression is nested deeper than {EXPRESSION_DEPTH} levels", hint="split it into several steps"
        )
    return tree


def _parse(text: str) -> Json:
    from lark.exceptions import UnexpectedInput, VisitError

    from core.lang.expressions.explain import explained

    try:
        return _lark().parse(text)
    except UnexpectedInput as e:
        raise explained(e, text) from None
    except VisitError as e:
        if isinstance(e.orig_exc, ExpressionError):
            raise e.orig_exc from None
        raise


@lru_cache(maxsize=1)
def _lark() -> Any:
    """The parser's tables, built when the first expression that is not a plain path is read, and kept."""
    from lark import Lark

    from core.lang.expressions.tree import ToJson

    grammar = Path(__file__).with_name("grammar.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", lexer="contextual", maybe_placeholders=True, transformer=ToJson())
