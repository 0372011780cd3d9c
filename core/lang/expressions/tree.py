"""From the grammar's rules to JSON s-expressions, while the parser runs: no tree in between, no recursion."""

from typing import Any

from lark import Token, Transformer, v_args

from core.lang.expressions import scalars
from core.lang.expressions.error import ExpressionError
from core.lang.expressions.names import FUNCTIONS
from core.model.program import Json


@v_args(inline=True)
class ToJson(Transformer[Token, Json]):
    """One method per alternative of ``grammar.lark``; see ``core.lang.expressions`` for the shapes."""

    def name(self, word: Token) -> Json:
        return ["var", str(word)]

    def member(self, of: Json, word: Token) -> Json:
        return [*of, str(word)] if isinstance(of, list) and of[0] == "var" else ["attr", of, str(word)]

    def index(self, of: Json, key: Json) -> Json:
        return ["idx", of, key]

    def filter(self, of: Json, word: Token, arguments: list[Json] | None = None) -> Json:
        return ["filter", of, str(word), *(arguments or ())]

    def call(self, word: Token, arguments: list[Json] | None) -> Json:
        check_call(str(word), arguments or [], word.start_pos or 0)
        return ["call", str(word), *(arguments or ())]

    def args(self, *items: Json) -> list[Json]:
        return list(items)

    def array(self, items: list[Json] | None) -> Json:
        return ["list", *(items or ())]

    def object(self, *pairs: list[Json] | None) -> Json:
        return ["obj", [p for p in pairs if p is not None]]

    def pair(self, key: str, value: Json) -> Json:
        return [key, value]

    def word(self, token: Token) -> str:
        return str(token) if token.type == "NAME" else unquote(token)

    def string(self, token: Token) -> str:
        return unquote(token)

    def whole(self, token: Token) -> int:
        return scalars.whole(token)

    def decimal(self, token: Token) -> float:
        return scalars.decimal(token)

    def duration(self, token: Token) -> Json:
        return ["dur", scalars.seconds(token)]

    def true(self) -> bool:
        return True

    def false(self) -> bool:
        return False

    def null(self) -> None:
        return None

    def tagged(self, word: str) -> Json:
        return ["tagged", word]

    def says(self, *words: str | None) -> Json:
        return ["says", *(w for w in words if w is not None)]

    def compare(self, a: Json, sign: Token, b: Json) -> Json:
        return [str(sign), a, b]

    def arithmetic(self, a: Json, sign: Token, b: Json) -> Json:
        return [str(sign), a, b]

    def inside(self, a: Json, b: Json) -> Json:
        return ["in", a, b]

    def outside(self, a: Json, b: Json) -> Json:
        return ["notin", a, b]

    def has(self, a: Json, b: Json) -> Json:
        return ["has", a, b]

    def contains(self, a: Json, b: Json) -> Json:
        return ["contains", a, b]

    def is_set(self, a: Json) -> Json:
        return ["isset", a]

    def is_unset(self, a: Json) -> Json:
        return ["isunset", a]

    def is_text(self, a: Json, text: str) -> Json:
        return ["is", a, text]

    def negation(self, a: Json) -> Json:
        return ["not", a]

    def minus(self, a: Json) -> Json:
        return -a if isinstance(a, int | float) and not isinstance(a, bool) else ["neg", a]

    def binary_and(self, a: Json, b: Json) -> Json:
        return ["and", a, b]

    def binary_or(self, a: Json, b: Json) -> Json:
        return ["or", a, b]


def unquote(token: Token) -> str:
    """The text of a STRING token; an error knows where in the expression it is."""
    try:
        return scalars.unquote(token)
    except ExpressionError as e:
        raise e.moved((token.start_pos or 0) + 1) from None


def check_call(name: str, arguments: list[Any], at: int) -> None:
    """Raises IF122 for a function that does not exist, IF120 for a wrong number of arguments."""
    known = FUNCTIONS.get(name)
    if known is None:
        raise ExpressionError.unknown("function", name, FUNCTIONS, at)
    few, many = known
    if not few <= len(arguments) <= many:
        wanted = str(few) if few == many else f"{few} to {many}"
        raise ExpressionError(f"{name}() takes {wanted} arguments, not {len(arguments)}", at)
