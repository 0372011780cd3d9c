"""The document's list of properties: ``[{"never": "say \\"*coupon*\\" unless tagged customer"}]``."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.lang.properties.read import PropertyError, read_property
from core.lang.report import Place, Report
from core.model.limits import PROPERTIES
from core.model.properties import KINDS, Property


def read_properties(raw: Any, place: Place, report: Report) -> tuple[Property, ...]:
    """The properties that can be read; IF006 and IF703 for what cannot."""
    if raw is None:
        return ()
    if not isinstance(raw, list):
        report.add("IF006", "properties must be a list", place, hint='write: [{never: say "*coupon*"}]')
        return ()
    if len(raw) > PROPERTIES:
        report.add("IF703", f"a flow may have {PROPERTIES} properties; this one has {len(raw)}", place)
    found = (_one(item, (*place, i), report) for i, item in enumerate(raw[:PROPERTIES]))
    return tuple(p for p in found if p is not None)


def _one(item: Any, place: Place, report: Report) -> Property | None:
    if not isinstance(item, Mapping) or len(item) != 1 or not isinstance(next(iter(item.values())), str):
        hint = f"known: {', '.join(KINDS)}; each with a text"
        report.add("IF703", "a property is an object with one key and its line", place, hint=hint)
        return None
    ((kind, text),) = item.items()
    try:
        return replace(read_property(str(kind), text), place=place)
    except PropertyError as e:
        report.add("IF703", e.message, (*place, str(kind)), hint=e.hint)
        return None


def canonical(raw: Any) -> Any:
    """The list in its one spelling; what cannot be read stays as it is."""
    return [_spelled(item) for item in raw] if isinstance(raw, list) else raw


def _spelled(item: Any) -> Any:
    if not isinstance(item, Mapping) or len(item) != 1 or not isinstance(next(iter(item.values())), str):
        return item
    ((kind, text),) = item.items()
    try:
        return {kind: read_property(str(kind), text).text.partition(" ")[2]}
    except PropertyError:
        return dict(item)
