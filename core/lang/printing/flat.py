"""The document in YAML's flat form: the way back from ``core.lang.reading.flat``."""

from collections.abc import Mapping
from typing import Any

from core.lang.printing.flat_step import step_of
from core.lang.reading.flat import to_definition

_ENVELOPE = ("name", "description", "status")
_OURS = {"flow", "start", "steps", "when", "layout", "extra", *_ENVELOPE}
_INNER = {"startNodeId", "nodes"}


def flat_of(definition: Mapping[str, Any]) -> dict[str, Any] | None:
    """The flat form of a normal document; None when it cannot say it."""
    wrapped = "flowDefinition" in definition
    inner = definition["flowDefinition"] if wrapped else definition
    envelope = definition if wrapped else {}
    known = {"flowDefinition", "slug", "triggers", *_ENVELOPE}
    if not isinstance(inner, Mapping) or not isinstance(inner.get("nodes"), list) or set(envelope) - known:
        return None
    steps = _steps(inner["nodes"])
    if steps is None:
        return None
    out: dict[str, Any] = {}
    if "slug" in envelope:
        out["flow"] = envelope["slug"]
    out |= {k: envelope[k] for k in _ENVELOPE if k in envelope}
    if "triggers" in envelope:
        out["when"] = _when(envelope["triggers"])
    more = {k: v for k, v in inner.items() if k not in _INNER}
    out |= {k: v for k, v in more.items() if k not in _OURS}
    if "startNodeId" in inner:
        out["start"] = inner["startNodeId"]
    out["steps"] = steps
    if layout := _layout(inner["nodes"]):
        out["layout"] = layout
    if extra := {k: v for k, v in more.items() if k in _OURS}:
        out["extra"] = extra
    if out.get("start") == to_definition({**out, "start": None} | _no_start(out))[0]["flowDefinition"]["startNodeId"]:
        out.pop("start", None)
    return out


def _no_start(out: Mapping[str, Any]) -> dict[str, Any]:
    """What the start would be if it were not written."""
    steps = out["steps"]
    return {"start": next(iter(steps), None) if "start" not in steps else "start"}


def _steps(nodes: list[Any]) -> dict[str, Any] | None:
    steps: dict[str, Any] = {}
    for node in nodes:
        if not isinstance(node, Mapping) or not isinstance(node.get("id"), str) or node["id"] in steps:
            return None
        step = step_of(node)
        if step is None:
            return None
        steps[node["id"]] = step
    return steps


def _layout(nodes: list[Any]) -> dict[str, list[Any]]:
    return {n["id"]: [n["position"]["x"], n["position"]["y"]] for n in nodes if _placed(n)}


def _placed(node: Mapping[str, Any]) -> bool:
    at = node.get("position")
    return isinstance(at, Mapping) and set(at) == {"x", "y"}


def _when(triggers: Any) -> Any:
    return [_trigger(t) for t in triggers] if isinstance(triggers, list) else triggers


def _trigger(trigger: Any) -> Any:
    if not isinstance(trigger, Mapping) or not isinstance(trigger.get("type"), str):
        return trigger
    more = {k: v for k, v in trigger.items() if k != "type"}
    words = more.get("keyword")
    if isinstance(words, str) and ", " in words:
        more["keyword"] = words.split(", ")
    return {trigger["type"]: more} if more else trigger["type"]
