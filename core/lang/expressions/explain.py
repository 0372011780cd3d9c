"""What the parser did not understand, in the author's words."""

from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken

from core.lang.expressions.error import ExpressionError

_VALUE = {"NAME", "STRING", "INT", "FLOAT", "DURATION", "LPAR", "LSQB", "LBRACE", "TRUE", "FALSE", "NULL"}


def explained(e: UnexpectedInput, text: str) -> ExpressionError:
    """The parser's complaint with the place in ``text`` and a hint for frequent slips."""
    if not text.strip():
        return ExpressionError("this expression is empty", hint="write a path such as contact.firstName")
    if isinstance(e, UnexpectedCharacters):
        at = e.pos_in_stream or 0
        return ExpressionError(f"'{text[at : at + 1]}' cannot stand here", at, hint=_slip(text, at))
    at_end = isinstance(e, UnexpectedEOF) or (isinstance(e, UnexpectedToken) and e.token.type == "$END")
    if at_end:
        return ExpressionError(f"the expression ends too early; expected {_expected(e)}", len(text))
    assert isinstance(e, UnexpectedToken)
    at = e.token.start_pos or 0
    return ExpressionError(f"unexpected '{e.token}'; expected {_expected(e)}", at, hint=_slip(text, at))


def _expected(e: UnexpectedInput) -> str:
    wanted = set(getattr(e, "accepts", None) or getattr(e, "expected", None) or ())
    if wanted >= {"NAME"} and wanted & _VALUE != {"NAME"}:
        return "a value"
    if wanted == {"NAME"}:
        return "a name"
    if "RPAR" in wanted and "COMMA" in wanted:
        return "',' or ')'"
    if "RPAR" in wanted:
        return "an operator or ')'"
    if "RSQB" in wanted:
        return "an operator or ']'"
    return "an operator"


def _slip(text: str, at: int) -> str:
    rest = text[at : at + 2]
    if rest.startswith("="):
        return "equality is written =="
    if rest == "&&":
        return "write and"
    if rest == "||" or text[max(0, at - 1) : at + 1] == "||":
        return "write or"
    if rest.startswith("!"):
        return "write not"
    if rest[:1] in ('"', "'", "“", "”", "‘", "’"):
        return "a text begins and ends with the same straight quote"
    return ""
