"""The JSON form: the definition with its nodes and connections, and the API's envelope around it."""

from typing import Any

from core.lang.catalog import Catalog
from core.lang.conditions import KINDS
from core.lang.document import WORDS as SETTINGS
from core.lang.document_node import BASE
from core.lang.schema.parts import (
    ID,
    NAME,
    NOTES,
    WORDS,
    Schema,
    chosen,
    fields,
    listed,
    loose,
    mapping,
    ref,
    scalar,
    words,
)
from core.model.nodetype import NodeType, TriggerType
from core.model.properties import KINDS as PROPERTIES

_CONDITIONS = {
    "button_payload": "A button with this payload was tapped",
    "keyword": "One of these words is in the answer",
    "regex": "The answer matches this pattern (re2)",
    "media": "A picture, a video or a sound came",
    "any_reply": "Any answer",
    "timeout": "Nobody answered for so many seconds",
    "input_valid": "The answer to the question fits, or does not",
    "outcome": "How the call or the subflow ended",
    "random": "The share of a random split, in percent",
    "attribute_equals": "An attribute of the contact has this value",
    "has_tag": "The contact has this tag",
    "expression": "The expression holds",
}
_TEXT: Schema = {"type": "string", "pattern": r"\S"}
_SECONDS: Schema = {"type": "integer", "minimum": 1}
_FIELDS: dict[str, dict[str, Schema]] = {
    **{k: {"value": _TEXT} for k in ("button_payload", "regex", "outcome", "has_tag", "expression")},
    "keyword": {"value": WORDS},
    "timeout": {"seconds": _SECONDS},
    "input_valid": {"value": scalar("boolean")},
    "random": {"weight": {"type": "number", "exclusiveMinimum": 0, "maximum": 100}},
    "attribute_equals": {"attribute": _TEXT, "value": scalar("string", "number", "boolean")},
}
OLD_NAMES = ("attributeName", "name")
"""What ``attribute`` was called in documents of version 1."""


def common() -> dict[str, Schema]:
    """The keys of a definition beside its steps; YAML's flat form has the same."""
    text = {"anyOf": [{"type": ["string", "null"]}, {"type": "array", "items": {"type": "string"}}]}
    settings = {
        "interrupt": {
            "enum": [*SETTINGS["interrupt"], None],
            "description": "Whether other flows may interrupt",
        },
        "stale": {"enum": [*SETTINGS["stale"], None]},
        "language": scalar("string", "null", description="The language of the flow's own texts, such as en"),
        "expireSeconds": {**scalar("integer", "null", description="A run that is older ends"), "minimum": 1},
    }
    return {
        "params": listed(mapping({"name": {"type": "string", "minLength": 1}}, required=["name"], type="object")),
        "settings": mapping(settings),
        "locales": mapping({}, description="Texts in other languages", additionalProperties=mapping({}, additionalProperties=text)),
        "properties": listed({"oneOf": [_property(kind) for kind in PROPERTIES]}, description="What must never, always or at some time happen"),
        "formatVersion": {"type": ["integer", "null"], "minimum": 1},
        "notes": {"description": "Comments", "anyOf": [{"type": ["string", "null"]}, {"type": "array"}]},
    }  # fmt: skip


def _property(kind: str) -> Schema:
    one = {kind: {"type": "string", "minLength": 1}}
    return {"type": "object", "required": [kind], "properties": one, "additionalProperties": False}


def definition(registry: Catalog) -> dict[str, Schema]:
    """The parts: definition, node, connection, condition."""
    return {
        "definition": {
            "type": "object",
            "required": ["startNodeId", "nodes"],
            "properties": {
                "startNodeId": {"type": "string", "description": "The step that the flow begins with"},
                "nodes": {"type": "array", "items": ref("node")},
                **common(),
            },
        },
        "node": _node(registry),
        "connection": _connection(),
        "condition": _condition(registry),
    }


def _node(registry: Catalog) -> Schema:
    types = registry.node_types
    number = {"x": {"type": "number"}, "y": {"type": "number"}}
    return {
        "type": "object",
        "required": ["id", "type"],
        "properties": {
            "id": ID,
            "type": words({t.name: t.summary for t in types.values()}),
            "name": NAME,
            "connections": listed(ref("connection"), description="The exits, in order"),
            "notes": NOTES,
            "position": mapping(number, required=["x", "y"], description="The place on the canvas"),
        },
        "allOf": chosen("type", {name: own(t) for name, t in types.items()}),
    }


def own(t: NodeType | TriggerType) -> Schema:
    """What a type's own schema demands of its fields."""
    given: Any = t.json_schema()
    out: Schema = {"properties": fields(given, BASE)}
    if required := [k for k in given.get("required", ()) if k not in BASE]:
        out["required"] = required
    return out


def _connection() -> Schema:
    target = scalar("string", "null", description="The step that it leads to; null ends the flow")
    return {
        "type": "object",
        "required": ["targetNodeId"],
        "properties": {"targetNodeId": target, "condition": {"anyOf": [{"type": "null"}, ref("condition")]}},
    }


def _condition(registry: Catalog) -> Schema:
    known = {**_CONDITIONS, **dict.fromkeys(registry.language.conditions, "A condition of a plugin")}
    cases = {kind: _needs(_FIELDS.get(kind, {})) for kind in KINDS}
    needs = cases["attribute_equals"]
    needs["anyOf"] = [{"required": [name]} for name in ("attribute", *OLD_NAMES)]
    needs["required"] = ["value"]
    return {
        "type": "object",
        "required": ["type"],
        "properties": {"type": words(known, closed=False)},
        "allOf": chosen("type", cases),
    }


def _needs(given: dict[str, Schema]) -> Schema:
    return {"properties": given, "required": list(given)}


def envelope(registry: Catalog) -> dict[str, Schema]:
    """The parts: envelope, trigger."""
    texts = {k: scalar("string", "null") for k in ("name", "description", "status", "slug")}
    triggers = listed(ref("trigger"), description="How the flow begins")
    return {
        "envelope": {
            "type": "object",
            "required": ["flowDefinition"],
            "properties": {**texts, "triggers": triggers, "flowDefinition": ref("definition")},
        },
        "trigger": _trigger(registry),
    }


def _trigger(registry: Catalog) -> Schema:
    types = registry.trigger_types
    return {
        "type": "object",
        "required": ["type"],
        "properties": {
            "type": words({t.name: t.summary for t in types.values()}),
            "options": {"type": ["object", "null"]},
        },
        "allOf": chosen("type", {name: trigger_fields(t) for name, t in types.items()}),
    }


def trigger_fields(t: TriggerType) -> Schema:
    """A trigger's own fields, flat or under ``options``."""
    given = t.json_schema()
    inside = fields(given)
    out: Schema = {"properties": {**inside, "options": mapping(inside)}}
    if required := list(given.get("required", ())):
        there = {"properties": {"options": {"type": "object", "required": required}}, "required": ["options"]}
        out["anyOf"] = [{"required": required}, there]
    return out


__all__ = ["common", "definition", "envelope", "loose", "own", "trigger_fields"]
