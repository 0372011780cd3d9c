"""Routes of YAML's flat form as conditions of the JSON document."""

from collections.abc import Mapping
from typing import Any

from core.lang.durations import seconds_of


def target_of(to: Any) -> Any:
    """``end`` = the flow ends here; ``{id: end}`` = the step of that name.

    >>> target_of("end"), target_of({"id": "end"}), target_of("hello")
    (None, 'end', 'hello')
    """
    if isinstance(to, dict) and set(to) == {"id"}:
        return to["id"]
    return None if to == "end" else to


def condition_of(route: Mapping[str, Any]) -> Any:
    """The condition of one route, its ``to`` left out; an unknown key gives a condition of that type.

    >>> condition_of({"timeout": "2h", "to": "late"})
    {'type': 'timeout', 'seconds': 7200}
    >>> condition_of({"attribute": "plan", "equals": "pro", "to": "x"})
    {'type': 'attribute_equals', 'attribute': 'plan', 'value': 'pro'}
    """
    rest = {k: v for k, v in route.items() if k != "to"}
    if "condition" in rest:
        return rest["condition"]
    if "attribute" in rest or "equals" in rest:
        return {"type": "attribute_equals", "attribute": rest.get("attribute"), "value": rest.get("equals")}
    key = next((k for k in rest if k in _ROUTES or k == "reply"), None)
    if key is None:
        return {"type": next(iter(rest), ""), **rest}
    if key == "reply":
        return {"type": "any_reply" if rest[key] == "any" else rest[key]}
    kind, field = _ROUTES[key]
    value = rest.pop(key)
    if key == "answer":
        value = {"valid": True, "invalid": False}.get(value, value) if isinstance(value, str) else value
    return {"type": kind, field: seconds_of(value) if key == "timeout" else value, **rest}


_ROUTES = {
    "payload": ("button_payload", "value"),
    "keyword": ("keyword", "value"),
    "matches": ("regex", "value"),
    "timeout": ("timeout", "seconds"),
    "answer": ("input_valid", "value"),
    "outcome": ("outcome", "value"),
    "tagged": ("has_tag", "value"),
    "if": ("expression", "value"),
    "share": ("random", "weight"),
}
"""Key of a route -> (condition type, its field)."""
