"""YAML's flat form (flow-language.md 2.3) as the JSON document: steps keyed by id, one verb each, every target written."""

from collections.abc import Mapping
from typing import Any

from core.lang.reading.flat_step import Moves, node_of
from core.lang.report import Place

_ENVELOPE = ("name", "description", "status")
_OURS = {"flow", "start", "steps", "when", "layout", "extra", *_ENVELOPE}
_STEPS: Place = ("flowDefinition", "nodes")


def to_definition(flat: Mapping[str, Any]) -> tuple[dict[str, Any], dict[Place, Place]]:
    """The envelope with its ``flowDefinition``, and where its places stand in the YAML. Never raises: what has the wrong
    shape is handed on as it is, so that the document's own checks name it."""
    moved: dict[Place, Place] = {("flowDefinition",): (), _STEPS: ("steps",), ("triggers",): ("when",)}
    definition = {k: v for k, v in flat.items() if k not in _OURS}
    steps = flat.get("steps")
    definition["startNodeId"] = _start(flat, steps)
    moved[("flowDefinition", "startNodeId")] = ("start",)
    definition["nodes"] = _nodes(steps, flat.get("layout"), moved) if isinstance(steps, dict) else steps
    if isinstance(flat.get("extra"), dict):
        definition |= flat["extra"]
    envelope: dict[str, Any] = {k: flat[k] for k in _ENVELOPE if k in flat}
    if flat.get("flow") is not None:
        envelope["slug"] = flat["flow"]
    if "when" in flat:
        envelope["triggers"] = _triggers(flat["when"], moved)
    return {**envelope, "flowDefinition": definition}, moved


def _start(flat: Mapping[str, Any], steps: Any) -> Any:
    if "start" in flat:
        return flat["start"]
    return next(iter(steps), None) if isinstance(steps, dict) and "start" not in steps else "start"


def _nodes(steps: dict[str, Any], layout: Any, moved: dict[Place, Place]) -> list[Any]:
    out: list[Any] = []
    for step_id, raw in steps.items():
        place = (*_STEPS, len(out))
        moved[place] = ("steps", step_id)
        node = node_of(step_id, raw, Moves(place, ("steps", step_id), moved))
        at = layout.get(step_id) if isinstance(layout, dict) else None
        if isinstance(node, dict) and isinstance(at, list) and len(at) == 2:
            node["position"] = {"x": at[0], "y": at[1]}
        out.append(node)
    return out


def _triggers(when: Any, moved: dict[Place, Place]) -> Any:
    if not isinstance(when, list):
        return when
    out: list[Any] = []
    for i, line in enumerate(when):
        if isinstance(line, str):
            line = {"type": line}
        elif isinstance(line, dict) and len(line) == 1 and "type" not in line:
            ((kind, more),) = line.items()
            moved |= {("triggers", i): ("when", i, kind), ("triggers", i, "type"): ("when", i)}
            line = {"type": kind, **_joined(more)} if isinstance(more, dict) or more is None else line
        out.append(line)
    return out


def _joined(more: Mapping[str, Any] | None) -> dict[str, Any]:
    """The trigger's keywords as the API writes them: one text, separated by commas."""
    out = dict(more or {})
    words = out.get("keyword")
    if isinstance(words, list) and all(isinstance(w, str) and "," not in w for w in words):
        out["keyword"] = ", ".join(words)
    return out
