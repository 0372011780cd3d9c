"""Conflicts for people: as a sentence, and as comments in the document."""

from typing import Any

from core.lang.revisions.lists import ABSENT
from core.lang.revisions.merge import Conflict, Document, Merged
from core.model.codec import canonical

SIGN = "MERGE CONFLICT"
_CHARS = 200


def told(conflict: Conflict) -> str:
    """One sentence: where, and what each side has."""
    sides = (("base", conflict.base), ("ours", conflict.ours), ("theirs", conflict.theirs))
    return f"{conflict.where}: " + ", ".join(f"{name} {_value(given)}" for name, given in sides)


def _value(given: Any) -> str:
    if given is ABSENT:
        return "has none"
    shown = canonical(given).decode()
    return shown if len(shown) <= _CHARS else shown[: _CHARS - 1] + "…"


def noted(found: Merged) -> Document:
    """The document with a comment for each conflict: at its step, or at the flow."""
    document = found.document
    inner = dict(document.get("flowDefinition", document))
    for conflict in found.conflicts:
        note = f"{SIGN} {told(conflict)}"
        nodes = inner.get("nodes", [])
        if conflict.step is not None and any(n["id"] == conflict.step for n in nodes):
            inner["nodes"] = [_with(n, note) if n["id"] == conflict.step else n for n in nodes]
        else:
            inner = _with(inner, note)
    return {**document, "flowDefinition": inner} if "flowDefinition" in document else inner


def _with(holder: Document, note: str) -> Document:
    notes = holder.get("notes")
    return {**holder, "notes": [*(notes if isinstance(notes, list) else []), note]}
