"""One step in YAML's flat form: the short one of its type, or the plain one (``use``), whichever reads as the same node again."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from core.lang.expressions.unparse import duration
from core.lang.printing.normal import normal
from core.lang.reading.flat_step import VERBS, Moves, node_of
from core.model.flowdoc import payload_for

Node = Mapping[str, Any]
Step = dict[str, Any]
_COMMON = ("id", "type", "connections", "position")


def step_of(node: Node) -> Step | None:
    """The step; None when neither form says the node."""
    for form in (_short(node), _plain(node)):
        if form is not None and _back(node["id"], form) == _seen(node):
            return form
    return None


def _back(id_: str, step: Step) -> Any:
    read = node_of(id_, dict(step), Moves((), (), {}))
    return _seen(normal({"nodes": [read]})["nodes"][0]) if isinstance(read, Mapping) else None


def _seen(node: Node) -> dict[str, Any]:
    """Without the place on the canvas, which stands in the layout."""
    at = node.get("position")
    placed = isinstance(at, Mapping) and set(at) == {"x", "y"}
    return {k: v for k, v in node.items() if k != "position" or not placed}


def _short(node: Node) -> Step | None:
    kind = node.get("type", "")
    verb = _VERB.get(kind) if isinstance(kind, str) else None
    if verb is None:
        return None
    left = {k: v for k, v in node.items() if k not in _COMMON}
    step: Step = {"name": left.pop("name")} if "name" in left else {}
    if not _MAKE[verb](left, step):
        return None
    connections = list(node.get("connections") or ())
    if verb in ("say", "carousel", "ask"):
        _buttons(step, left, connections)
    if "position" in node and not isinstance(node["position"], Mapping):
        left["position"] = node["position"]
    step |= left
    return step if _routes(step, connections, "branch" if verb == "branch" else "routes") else None


def _plain(node: Node) -> Step | None:
    left = {k: v for k, v in node.items() if k not in _COMMON}
    step: Step = {k: left.pop(k) for k in ("name", "notes") if k in left}
    step["use"] = node.get("type")
    if left:
        step["with"] = left
    return step if _routes(step, list(node.get("connections") or ()), "routes") else None


def _routes(step: Step, connections: list[Any], key: str) -> bool:
    """The exits: routes, then ``next`` or ``else``; False when one says more than can be written."""
    routes: list[Any] = []
    for one in connections:
        if not isinstance(one, Mapping) or set(one) != {"targetNodeId", "condition"}:
            return False
        to = _target(one["targetNodeId"])
        if one["condition"] is None:
            step["next" if len(connections) == 1 else "else"] = to
        elif isinstance(one["condition"], Mapping):
            routes.append({**_route(one["condition"]), "to": to})
        else:
            return False
    if routes or key == "branch":
        step[key] = routes
        for word in ("next", "else"):
            if word in step:
                step[word] = step.pop(word)
    return True


def _target(target: Any) -> Any:
    return "end" if target is None else {"id": "end"} if target == "end" else target


def _route(condition: Mapping[str, Any]) -> dict[str, Any]:
    kind, value = condition.get("type"), condition.get("value")
    keys = set(condition) - {"type"}
    if kind == "attribute_equals" and keys == {"attribute", "value"}:
        return {"attribute": condition["attribute"], "equals": value}
    if kind == "timeout" and keys == {"seconds"} and _whole(condition["seconds"]):
        return {"timeout": duration(condition["seconds"])}
    if kind in ("media", "any_reply") and not keys:
        return {"reply": "media" if kind == "media" else "any"}
    if kind == "input_valid" and keys == {"value"} and isinstance(value, bool):
        return {"answer": "valid" if value else "invalid"}
    if kind == "random" and keys == {"weight"}:
        return {"share": condition["weight"]}
    word = _ROUTE.get(str(kind))
    return {word: value} if word is not None and keys == {"value"} else {"condition": dict(condition)}


_ROUTE = {
    "button_payload": "payload",
    "keyword": "keyword",
    "regex": "matches",
    "outcome": "outcome",
    "has_tag": "tagged",
    "expression": "if",
}


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _buttons(step: Step, left: dict[str, Any], connections: list[Any]) -> None:
    """Buttons with the exits that they take, quick replies apart from the others."""
    holder = step if "buttons" in step else left
    shown = holder.pop("buttons", None)
    if not isinstance(shown, list):
        if shown is not None:
            left["buttons"] = shown
        return
    groups: dict[str, list[Any]] = {"quick": [], "buttons": []}
    for button in shown:
        quick = isinstance(button, Mapping) and button.get("type") == "quick_reply"
        groups["quick" if quick else "buttons"].append(_button(button, "quick_reply" if quick else None, connections))
    step |= {k: v for k, v in groups.items() if v}


def _button(button: Any, kind: str | None, connections: list[Any]) -> Any:
    if not isinstance(button, Mapping):
        return button
    out = dict(button)
    if out.get("type") == (kind or ("url" if "url" in out else "postback")):
        del out["type"]
    payload = button.get("payload")
    if isinstance(out.get("text"), str) and payload == payload_for(out["text"]) and button.get("type") != "url":
        out.pop("payload", None)
    at = next((i for i, c in enumerate(connections) if _taps(c, payload)), None)
    if at is not None:
        out["to"] = _target(connections.pop(at)["targetNodeId"])
    return out


def _taps(connection: Any, payload: Any) -> bool:
    condition = connection.get("condition") if isinstance(connection, Mapping) else None
    fine = isinstance(connection, Mapping) and set(connection) == {"targetNodeId", "condition"}
    return fine and payload is not None and condition == {"type": "button_payload", "value": payload}


def _say(left: dict[str, Any], step: Step) -> bool:
    content = left.pop("content", None)
    shown = dict(content) if isinstance(content, Mapping) else {}
    step["say"] = shown.pop("text", None)
    step |= {k: shown.pop(k) for k in ("mediaUrl", "mediaType", "media", "buttons") if k in shown}
    if shown:
        left["content"] = shown
    return True


def _carousel(left: dict[str, Any], step: Step) -> bool:
    content = left.pop("content", None)
    shown = dict(content) if isinstance(content, Mapping) else {}
    if not isinstance(shown.get("cards"), list):
        return False
    step["carousel"] = shown.pop("cards")
    if "buttons" in shown:
        step["buttons"] = shown.pop("buttons")
    if shown:
        left["content"] = shown
    return True


def _ask(left: dict[str, Any], step: Step) -> bool:
    step["ask"] = left.pop("prompt", None)
    _move(left, step, "inputType", "type")
    if "saveToAttribute" in left:
        step["into"] = f"contact.{left.pop('saveToAttribute')}"
    else:
        _move(left, step, "saveToVariable", "into")
    return True


def _wait(left: dict[str, Any], step: Step) -> bool:
    if _whole(left.get("durationSeconds")):
        step["wait"] = duration(left.pop("durationSeconds"))
        return True
    inner: dict[str, Any] = {}
    for doc, flat in (("until", "until"), ("businessHours", "hours"), ("timeZone", "zone")):
        if doc in left:
            inner[flat] = left.pop(doc)
    step["wait"] = inner
    return bool(inner)


def _tags(verb: str) -> Callable[[dict[str, Any], Step], bool]:
    def make(left: dict[str, Any], step: Step) -> bool:
        key = "tagNames" if "tagNames" in left else "tagName"
        step[verb] = left.pop(key, None)
        return step[verb] is not None

    return make


def _set(left: dict[str, Any], step: Step) -> bool:
    if not isinstance(left.get("target"), str):
        return False
    step["set"] = {left.pop("target"): left.pop("value", None)}
    return True


def _called(verb: str, key: str) -> Callable[[dict[str, Any], Step], bool]:
    def make(left: dict[str, Any], step: Step) -> bool:
        step[verb] = left.pop(key, None)
        _move(left, step, "arguments", "with")
        _move(left, step, "saveToVariable", "into")
        if _whole(left.get("timeoutSeconds")):
            step["within"] = duration(left.pop("timeoutSeconds"))
        return step[verb] is not None

    return make


def _one(verb: str, key: str) -> Callable[[dict[str, Any], Step], bool]:
    def make(left: dict[str, Any], step: Step) -> bool:
        step[verb] = left.pop(key, None)
        return True

    return make


def _empty(verb: str) -> Callable[[dict[str, Any], Step], bool]:
    def make(left: dict[str, Any], step: Step) -> bool:
        step[verb] = None
        return True

    return make


def _move(left: dict[str, Any], step: Step, doc: str, flat: str) -> None:
    if doc in left:
        step[flat] = left.pop(doc)


def _verbs() -> Iterator[tuple[str, str]]:
    return ((kind, verb) for verb, (kind, _) in VERBS.items() if kind is not None)


_VERB = dict(_verbs())
_MAKE: Mapping[str, Callable[[dict[str, Any], Step], bool]] = {
    "say": _say,
    "carousel": _carousel,
    "ask": _ask,
    "wait": _wait,
    "tag": _tags("tag"),
    "untag": _tags("untag"),
    "set": _set,
    "unset": _one("unset", "target"),
    "handover": _one("handover", "messageToAgent"),
    "call": _called("call", "integration"),
    "run": _called("run", "flow"),
    "branch": _empty("branch"),
    "split": _one("split", "experiment"),
    "comment_reply": _one("comment_reply", "text"),
    "end": _one("end", "outcome"),
    "begin": _empty("begin"),
}
