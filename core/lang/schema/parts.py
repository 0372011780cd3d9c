"""Pieces of JSON Schema that all forms share."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.model.limits import ID_CHARS

Schema = dict[str, Any]
ID: Schema = {"type": "string", "minLength": 1, "maxLength": ID_CHARS, "pattern": r"^(?!!)[^/#\n\r\t]*$"}
WORDS: Schema = {
    "description": "Keywords: one text, separated by commas, or a list",
    "anyOf": [{"type": "string", "pattern": r"[^,\s]"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}],
}
NOTES: Schema = {
    "description": "Comments",
    "anyOf": [{"type": ["string", "null"]}, {"type": "array", "items": {"type": "string"}}],
}
NAME: Schema = {"type": ["string", "null"], "description": "What the canvas shows"}
DURATION: Schema = {
    "description": "A duration such as 30m, 2h or 1d12h, or seconds",
    "anyOf": [{"type": "string", "pattern": "^([0-9]{1,9}[wdhms])+$"}, {"type": "integer", "minimum": 0}],
}


def ref(name: str) -> Schema:
    """A reference to a part."""
    return {"$ref": f"#/$defs/{name}"}


def listed(items: Schema, **more: Any) -> Schema:
    """A list, or nothing."""
    return {"type": ["array", "null"], "items": items, **more}


def mapping(properties: Mapping[str, Any], **more: Any) -> Schema:
    """An object, or nothing; other keys are warned about by the compiler, not forbidden."""
    return {"type": ["object", "null"], "properties": dict(properties), **more}


def words(known: Mapping[str, str], closed: bool = True) -> Schema:
    """One of the words, each with what it means; other texts too when it is not ``closed``."""
    one: Schema = {"type": "string", "enum": list(known), "enumDescriptions": list(known.values())}
    return one if closed else {"anyOf": [one, {"type": "string"}]}


def chosen(key: str, cases: Mapping[str, Schema]) -> list[Schema]:
    """For ``allOf``: what holds when ``key`` is one of the cases."""
    return [
        {"if": {"properties": {key: {"const": name}}, "required": [key]}, "then": then} for name, then in cases.items()
    ]


def nullable(schema: Mapping[str, Any]) -> Schema:
    """The schema of a field that may be null, which means absent."""
    out = loose(schema)
    if "enum" in out:
        out["enum"] = [*out["enum"], None]
    if isinstance(out.get("type"), str):
        out["type"] = [out["type"], "null"]
    elif isinstance(out.get("type"), list) and "null" not in out["type"]:
        out["type"] = [*out["type"], "null"]
    return out if {"type", "enum", "anyOf", "oneOf", "$ref"} & out.keys() <= {"type", "enum"} else _or_null(out)


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def loose(schema: Mapping[str, Any]) -> Schema:
    """The same with every field that is not required allowed to be null, all the way down."""
    out = {k: v for k, v in schema.items() if k not in ("maximum", "minimum") or schema.get("type") != "string"}
    if isinstance(out.get("properties"), Mapping):
        out["properties"] = fields(out)
    if isinstance(out.get("items"), Mapping):
        out["items"] = loose(out["items"])
    return out


def fields(schema: Mapping[str, Any], without: Iterable[str] = ()) -> dict[str, Schema]:
    """The fields of a type's own schema, those left out that ``without`` names."""
    required: Sequence[str] = schema.get("required", ())
    own = schema.get("properties", {})
    return {k: loose(v) if k in required else nullable(v) for k, v in own.items() if k not in without}


def scalar(*kinds: str, description: str = "") -> Schema:
    """A value of one of the kinds of JSON."""
    out: Schema = {"type": list(kinds) if len(kinds) > 1 else kinds[0]}
    return {**out, "description": description} if description else out
