"""Version 1 to 2: the condition ``attribute_equals`` names its attribute ``attribute``.

Documents of version 1 call it ``attributeName`` or ``name`` as well; the requirements leave it open.
"""

from collections.abc import Mapping
from typing import Any

_OLD = ("attributeName", "name")


def to_2(definition: Mapping[str, Any]) -> dict[str, Any]:
    """The definition of version 2. Shares with its argument what does not change.

    >>> old = {"nodes": [{"connections": [{"condition": {"type": "attribute_equals", "name": "plan", "value": "pro"}}]}]}
    >>> to_2(old)["nodes"][0]["connections"][0]["condition"]
    {'type': 'attribute_equals', 'attribute': 'plan', 'value': 'pro'}
    """
    nodes = definition.get("nodes")
    if not isinstance(nodes, list) or not any(_is_old(c) for n in nodes for c in _conditions(n)):
        return dict(definition)
    return {**definition, "nodes": [_node(n) for n in nodes]}


def _conditions(node: Any) -> list[Any]:
    connections = node.get("connections") if isinstance(node, Mapping) else None
    return [c.get("condition") for c in connections or () if isinstance(c, Mapping)] if _listed(connections) else []


def _listed(value: Any) -> bool:
    return isinstance(value, list)


def _is_old(condition: Any) -> bool:
    return (
        isinstance(condition, Mapping)
        and condition.get("type") == "attribute_equals"
        and "attribute" not in condition
        and any(key in condition for key in _OLD)
    )


def _node(node: Any) -> Any:
    if not any(_is_old(c) for c in _conditions(node)):
        return node
    return {**node, "connections": [_connection(c) for c in node["connections"]]}


def _connection(connection: Any) -> Any:
    if not isinstance(connection, Mapping) or not _is_old(connection.get("condition")):
        return connection
    condition = connection["condition"]
    old = next(key for key in _OLD if key in condition)
    return {**connection, "condition": {("attribute" if k == old else k): v for k, v in condition.items()}}
