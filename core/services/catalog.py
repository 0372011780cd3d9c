"""What is installed, for the canvas and for editors: node types, trigger types, plugins, the flow's JSON Schema."""

from typing import Any

from core.lang.schema import flow_schema as schema_of
from core.model.flowdoc import NodeDoc
from core.model.nodetype import NodeType
from core.services.house import House
from core.services.plugins import standing


def node_types(house: House) -> list[dict[str, Any]]:
    """Every node type with the JSON Schema of its configuration and the exits of its example."""
    return [_node_type(t) for t in house.registry.node_types.values()]


def _node_type(t: NodeType) -> dict[str, Any]:
    example = dict(t.example)
    data = {k: v for k, v in example.items() if k not in ("id", "type", "name", "connections")}
    return {
        "name": t.name,
        "title": t.title,
        "group": t.group,
        "icon": t.icon,
        "summary": t.summary,
        "schema": dict(t.json_schema()),
        "example": example,
        "exits": list(t.exits(NodeDoc(str(example.get("id", "node")), t.name, data=data))),
    }


def trigger_types(house: House) -> list[dict[str, Any]]:
    """Every way a flow can begin, in the order in which they are asked."""
    ordered = sorted(house.registry.trigger_types.values(), key=lambda t: (t.rank, t.name))
    return [
        {
            "name": t.name,
            "title": t.title,
            "summary": t.summary,
            "rank": t.rank,
            "kinds": sorted(t.kinds),
            "schema": dict(t.json_schema()),
        }
        for t in ordered
    ]


def plugins(house: House) -> list[dict[str, Any]]:
    """What is loaded; ``problem`` is empty where it works."""
    return [{"name": p.name, "version": p.version, "problem": p.problem} for p in standing(house)]


def flow_schema(house: House) -> dict[str, Any]:
    """The JSON Schema of a flow file, what is installed included."""
    return schema_of(house.registry)
