"""Kinds of answers: the built-in ones, and plugins' as narrower forms of them (decision 21)."""

from typing import TYPE_CHECKING

from core.lang.fixing import meant
from core.lang.lowering import patterns
from core.model.program import Json

if TYPE_CHECKING:
    from core.lang.lowering.pen import Writer

INPUTS = ("text", "email", "phone", "number", "date", "choice", "url")
"""What the engine reads."""


def resolve_input(pen: "Writer", kept: dict[str, Json]) -> None:
    """Puts a built-in type and a re2 pattern in place of what the author named; unknown types are IF112.

    A plugin's type is ``{"type": a built-in one, "pattern"?: …, "options"?: […]}``; what the step says itself wins.
    """
    name = kept["type"]
    if name not in INPUTS:
        language = pen.job.catalog.language
        if name not in language.inputs:
            known = {*INPUTS, *language.inputs}
            place = (*pen.node.place, "inputType")
            hint, fix = meant(str(name), known, place, f"known: {', '.join(sorted(known))}")
            said = f"the input type '{name}' does not exist"
            pen.job.report.add("IF112", said, place, pen.node.id, hint, fix=fix)
            kept["type"] = "text"
        else:
            narrower = language.inputs[name]
            kept |= {k: narrower[k] for k in ("pattern", "options") if k in narrower and k not in kept}
            kept["type"] = narrower.get("type", "text")
    if "pattern" in kept:
        _pattern(pen, kept)


def _pattern(pen: "Writer", kept: dict[str, Json]) -> None:
    try:
        kept["pattern"] = patterns.normal(kept["pattern"])
    except patterns.BadPattern as e:
        pen.problem("IF515", f"the pattern {kept.pop('pattern')} cannot be used: {e}", ("pattern",))
