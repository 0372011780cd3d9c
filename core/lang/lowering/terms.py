"""Expressions on their way into a program: names are checked, plugins' filters expanded, patterns tested, uses noted."""

from collections.abc import Callable

from core.lang.catalog import Catalog
from core.lang.expressions import (
    FILTERS,
    ExpressionError,
    parse_expression,
    parse_template,
    parse_value,
    substitute,
    walk,
)
from core.lang.lowering import patterns
from core.model.context import PROFILE_FIELDS
from core.model.program import Json

Use = Callable[[str, str], None]
_NO_FIELD = frozenset({"id", "tags"})
"""What every contact has without anybody setting it."""


class Terms:
    """One compilation's expressions; each text is looked at once. All methods raise ExpressionError."""

    def __init__(self, catalog: Catalog, use: Use) -> None:
        self._language = catalog.language
        self._use = use
        self._known: dict[tuple[str, str], Json] = {}

    def expression(self, text: str) -> Json:
        """A bare expression; one that an author put into braces is read as well."""
        bare = text.strip()
        if bare.startswith("{{") and bare.endswith("}}"):
            bare = bare[2:-2]
        return self._once("e", bare, lambda: parse_expression(bare))

    def template(self, text: str) -> Json:
        """A text with ``{{…}}``."""
        return text if "{{" not in text else self._once("t", text, lambda: parse_template(text))

    def value(self, source: Json) -> Json:
        """An argument of any JSON type."""
        return self.checked(parse_value(source))

    def _once(self, kind: str, text: str, parse: Callable[[], Json]) -> Json:
        key = (kind, text)
        if key not in self._known:
            self._known[key] = self.checked(parse())
        return self._known[key]

    def checked(self, e: Json) -> Json:
        """The expression in built-in terms only, its uses noted."""
        if any(_to_rewrite(one) for one in walk(e)):
            e = self._rewritten(e)
        for one in walk(e):
            self._note(one)
        return e

    def _note(self, e: list[Json]) -> None:
        if e[0] == "var" and e[1] == "contact" and len(e) > 2 and e[2] not in _NO_FIELD:
            self._use("profile" if e[2] in PROFILE_FIELDS else "attributes", e[2])
        elif e[0] == "tagged":
            self._use("tags", e[1])
        elif e[0] == "call" and e[1] == "in_segment" and isinstance(e[2], str):
            self._use("segments", e[2])
        elif e[0] == "filter":
            _check_arguments(e)

    def _rewritten(self, e: Json) -> Json:
        if not isinstance(e, list) or not e or e[0] in ("var", "dur", "tagged", "says", "roll"):
            return e
        if e[0] == "obj":
            return ["obj", [[k, self._rewritten(v)] for k, v in e[1]]]
        if e[0] == "tpl":
            return ["tpl", [p if isinstance(p, str) else [self._rewritten(p[0])] for p in e[1]]]
        e = [e[0], *(self._rewritten(x) for x in e[1:])]
        if e[0] == "call" and e[1] == "matches":
            return [*e[:3], _pattern(e[3])]
        return self._expanded(e) if e[0] == "filter" and e[2] not in FILTERS else e

    def _expanded(self, e: list[Json]) -> Json:
        name = e[2]
        if name not in self._language.filters:
            raise ExpressionError.unknown("filter", name, {*FILTERS, *self._language.filters})
        names = {"value": e[1], **{f"arg{i}": a for i, a in enumerate(e[3:], 1)}}
        return self.checked(substitute(built_in(self._language.filters[name], f"filter '{name}'"), names))


def built_in(text: str, owner: str) -> Json:
    """A plugin's expansion, which may use built-in filters only. Raises ExpressionError (IF114)."""
    try:
        e = parse_expression(text)
    except ExpressionError as error:
        raise ExpressionError(f"the {owner} of a plugin cannot be read: {error.message}", code="IF114") from None
    strange = next((x[2] for x in walk(e) if x[0] == "filter" and x[2] not in FILTERS), None)
    if strange:
        raise ExpressionError(
            f"the {owner} of a plugin uses the filter '{strange}', which is not built in", code="IF114"
        )
    return e


def _to_rewrite(e: list[Json]) -> bool:
    return (e[0] == "filter" and e[2] not in FILTERS) or (e[0] == "call" and e[1] == "matches")


def _check_arguments(e: list[Json]) -> None:
    few, many = FILTERS[e[2]]
    if not few <= len(e) - 3 <= many:
        wanted = str(few) if few == many else f"{few} to {many}"
        raise ExpressionError(f"the filter '{e[2]}' takes {wanted} arguments, not {len(e) - 3}")


def _pattern(pattern: Json) -> str:
    if not isinstance(pattern, str):
        raise ExpressionError('matches(text, "pattern") needs a pattern in quotes')
    try:
        return patterns.normal(pattern)
    except patterns.BadPattern as e:
        raise ExpressionError(f"the pattern {pattern} cannot be used: {e}", code="IF515") from None
