"""What is installed, for the canvas and for editors: node types, trigger types, plugins, the flow's JSON Schema."""

from collections.abc import Mapping
from typing import Any

from core.model.flowdoc import NodeDoc
from core.model.nodetype import NodeType
from core.model.properties import KINDS as PROPERTY_KINDS
from core.services.house import House
from core.services.plugins import standing

CONDITIONS = ("input_valid", "button_payload", "keyword", "attribute_equals")


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
    """The JSON Schema of a flow file: the definition, or the envelope around it."""
    steps = [_step(t) for t in house.registry.node_types.values()]
    definition = {
        "type": "object",
        "required": ["startNodeId", "nodes"],
        "properties": {
            "startNodeId": {"type": "string"},
            "nodes": {"type": "array", "items": {"oneOf": steps}},
            "params": {"type": "array", "items": {"type": "object"}},
            "settings": {"type": "object"},
            "properties": {"type": "array", "items": {"oneOf": [_property(kind) for kind in PROPERTY_KINDS]}},
            "notes": {"type": "array", "items": {"type": "string"}},
        },
    }
    triggers = {"type": "array", "items": {"oneOf": [_trigger(t) for t in trigger_types(house)]}}
    words = {name: {"type": "string"} for name in ("name", "description", "status", "slug")}
    envelope = {
        "type": "object",
        "required": ["flowDefinition"],
        "properties": {**words, "triggers": triggers, "flowDefinition": {"$ref": "#/$defs/definition"}},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "InstaFlow flow",
        "oneOf": [envelope, {"$ref": "#/$defs/definition"}],
        "$defs": {"definition": definition, "connection": _connection()},
    }


def _property(kind: str) -> dict[str, Any]:
    """``{"never": "say \\"*coupon*\\" unless tagged customer"}``."""
    one = {kind: {"type": "string", "minLength": 1}}
    return {"type": "object", "required": [kind], "properties": one, "additionalProperties": False}


def _step(t: NodeType) -> dict[str, Any]:
    own = t.json_schema()
    outer: Mapping[str, Any] = {
        "id": {"type": "string", "minLength": 1},
        "type": {"const": t.name},
        "name": {"type": ["string", "null"]},
        "connections": {"type": "array", "items": {"$ref": "#/$defs/connection"}},
        "position": {"type": "object"},
        "notes": {"type": "array", "items": {"type": "string"}},
    }
    required = ["id", "type", *own.get("required", ())]
    more = {k: v for k, v in own.items() if k not in ("properties", "required", "additionalProperties", "type")}
    return {**more, "type": "object", "required": required, "properties": {**own.get("properties", {}), **outer}}


def _trigger(t: Mapping[str, Any]) -> dict[str, Any]:
    schema = t["schema"]
    required = ["type", *schema.get("required", ())]
    return {
        **schema,
        "required": required,
        "properties": {**schema.get("properties", {}), "type": {"const": t["name"]}},
    }


def _connection() -> dict[str, Any]:
    condition = {"type": ["object", "null"], "properties": {"type": {"type": "string", "examples": list(CONDITIONS)}}}
    return {
        "type": "object",
        "required": ["targetNodeId"],
        "properties": {"targetNodeId": {"type": ["string", "null"]}, "condition": condition},
    }
