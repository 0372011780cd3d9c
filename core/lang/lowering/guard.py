"""A condition as a guard expression: what a step that does not wait decides by."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from core.lang.conditions import KINDS, words_of
from core.lang.expressions import ExpressionError, substitute
from core.lang.fixing import meant
from core.lang.lowering import patterns
from core.lang.lowering.terms import built_in
from core.model.program import Json

if TYPE_CHECKING:
    from core.lang.lowering.pen import Writer


def guard_of(pen: "Writer", condition: Mapping[str, Any] | None) -> Json:
    """The guard; an unknown condition, or one that needs a step that waits, is IF111 and never holds."""
    if condition is None:
        return True
    try:
        return _guard(pen, condition)
    except ExpressionError as e:
        pen.unreadable(e, (*pen.condition_place(condition), "value"), condition.get("value"))
    except patterns.BadPattern as e:
        bad_pattern(pen, condition, e)
    return False


def bad_pattern(pen: "Writer", condition: Mapping[str, Any], e: Exception) -> None:
    """Reports a pattern that re2 refuses."""
    place = (*pen.condition_place(condition), "value")
    pen.job.report.add("IF515", f"the pattern {condition['value']} cannot be used: {e}", place, pen.node.id)


def _guard(pen: "Writer", condition: Mapping[str, Any]) -> Json:
    kind, value, terms = condition["type"], condition.get("value"), pen.job.terms
    if kind == "attribute_equals":
        return terms.checked(["is", ["var", "contact", condition["attribute"]], _as_text(pen, value)])
    if kind == "has_tag":
        return terms.checked(["tagged", value])
    if kind == "keyword":
        return ["says", *words_of(condition["value"])]
    if kind == "expression":
        return terms.expression(condition["value"])
    if kind == "button_payload":
        return ["is", ["var", "last", "payload"], value]
    if kind == "regex":
        return ["call", "matches", ["var", "last", "text"], patterns.normal(condition["value"])]
    if kind == "media":
        return ["isset", ["var", "last", "media"]]
    if kind in pen.job.catalog.language.conditions:
        expansion = built_in(pen.job.catalog.language.conditions[kind], f"condition '{kind}'")
        return terms.checked(substitute(expansion, {k: terms.value(v) for k, v in condition.items() if k != "type"}))
    misplaced(pen, condition, "on a step that does not wait for it")
    return False


def misplaced(pen: "Writer", condition: Mapping[str, Any], where: str) -> None:
    """Reports IF111."""
    kind = condition["type"]
    message = f"a condition of type '{kind}' cannot be used {where}"
    known = {*KINDS, *pen.job.catalog.language.conditions}
    if kind not in known:
        place = (*pen.condition_place(condition), "type")
        hint, fix = meant(kind, known, place, f"known: {', '.join(sorted(known))}")
        said = f"the condition type '{kind}' does not exist"
        pen.job.report.add("IF111", said, place, pen.node.id, hint, fix=fix)
        return
    pen.job.report.add("IF111", message, pen.condition_place(condition), pen.node.id)


def _as_text(pen: "Writer", value: Any) -> Json:
    if isinstance(value, str):
        return pen.job.terms.template(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
