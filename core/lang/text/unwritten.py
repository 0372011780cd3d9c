"""The exit that a step has though nobody wrote it. The reader adds it, the printer leaves it out."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.lang.conditions import KINDS

Condition = Mapping[str, Any] | None

USUAL: dict[str, dict[str, Any]] = {
    "get_input": {"type": "input_valid", "value": True},
    "external_api_call": {"type": "outcome", "value": "success"},
}
"""Steps that go on only when it went well, unless an exit says else."""
LAST = frozenset({"human_takeover", "end"})
"""Steps that the flow does not go on behind."""


def unwritten(kind: str, data: Mapping[str, Any], exits: Sequence[tuple[Condition, bool]]) -> dict[str, Any] | None:
    """The condition of that exit ({} = it has none); None = the step has no such exit.

    ``exits`` = the written ones: (condition, False when it is left open).

    >>> unwritten("message", {}, []), unwritten("get_input", {}, []), unwritten("end", {}, [])
    ({}, {'type': 'input_valid', 'value': True}, None)
    """
    conditions = [condition for condition, _ in exits]
    if kind in USUAL:
        return None if USUAL[kind] in conditions else dict(USUAL[kind])
    if None in conditions or kind in LAST or kind == "random_split":
        return None
    if kind in ("message", "carousel") and waits(data, [c for c, connected in exits if connected]):
        return None
    return {}


def waits(data: Mapping[str, Any], conditions: Sequence[Condition]) -> bool:
    """A message waits when it shows quick replies, or has an exit for an answer."""
    content = data.get("content")
    buttons = {**data, **(content if isinstance(content, Mapping) else {})}.get("buttons")
    shown = buttons if isinstance(buttons, list) else ()
    if any(isinstance(b, Mapping) and b.get("type") == "quick_reply" for b in shown):
        return True
    kinds = (KINDS.get(str(c.get("type"))) for c in conditions if c)
    return any(kind is not None and kind.place == "reply" for kind in kinds)
