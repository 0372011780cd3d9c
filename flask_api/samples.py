"""Examples for the OpenAPI document, made from the schemas where nobody wrote a better one."""

from collections.abc import Mapping
from typing import Any

ID = "0192f0c1-7a6b-7c3e-8f00-2b1c4d5e6f71"
TIME = "2026-11-23T09:30:00.000Z"
DEPTH = 6
FORMATS = {"uuid": ID, "date-time": TIME, "email": "ana@example.org", "uri": "https://cdn.example/photo.jpg"}
NAMES: Mapping[str, Any] = {
    "email": "ana@example.org",
    "firstName": "Ana",
    "lastName": "Ruiz",
    "name": "Welcome",
    "slug": "welcome",
    "description": "Greets whoever writes first",
    "instagramUsername": "ana.ruiz",
    "instagramUserId": "836120000000201",
    "text": "Hello!",
    "keyword": "price, cost",
    "total": 1,
    "programHash": "ir1:4f1d0c9b8a7e6d5c4b3a29181716f5e4",
    "nodeId": "welcome",
    "content": {"text": "Hello!"},
    "tags": ["vip"],
    "customAttributes": {"city": "Madrid"},
    "timezone": "Europe/Madrid",
    "message": "The step cannot be reached",
    "errorCode": "http_500",
    "path": [],
    "flowDefinition": {"startNodeId": "start", "nodes": [{"id": "start", "type": "start", "connections": []}]},
}
"""Values by field name, where the name tells more than the type."""
TYPES: Mapping[str, Any] = {"string": "text", "integer": 1, "number": 1.5, "boolean": True, "null": None}


def sample(schema: Mapping[str, Any], schemas: Mapping[str, Any], name: str = "", depth: int = 0) -> Any:
    """A value that fits a schema. ``schemas`` = components/schemas; ``name`` = the field it is for.

    >>> sample({"type": "object", "properties": {"flowId": {"type": "string", "format": "uuid"}}}, {})
    {'flowId': '0192f0c1-7a6b-7c3e-8f00-2b1c4d5e6f71'}
    """
    if "$ref" in schema:
        schema = schemas.get(schema["$ref"].rpartition("/")[2], {})
    if "enum" in schema:
        return next((v for v in schema["enum"] if v is not None), None)
    kinds = schema.get("type", [])
    kind = next((k for k in ([kinds] if isinstance(kinds, str) else kinds) if k != "null"), "")
    if schema.get("format") in FORMATS:
        return FORMATS[schema["format"]]
    if name in NAMES and _fits(NAMES[name], kind):
        return NAMES[name]
    if depth >= DEPTH and (kind in ("object", "array") or "properties" in schema):
        return [] if kind == "array" else {}
    if kind == "array":
        return [sample(schema.get("items", {}), schemas, name.removesuffix("s"), depth + 1)]
    if kind == "object" or "properties" in schema:
        return {k: sample(v, schemas, k, depth + 1) for k, v in schema.get("properties", {}).items()}
    return _any_of(schema, schemas, name, depth) if "anyOf" in schema else TYPES.get(kind)


def _any_of(schema: Mapping[str, Any], schemas: Mapping[str, Any], name: str, depth: int) -> Any:
    return sample(next((s for s in schema["anyOf"] if s.get("type") != "null"), {}), schemas, name, depth + 1)


def _fits(value: Any, kind: str) -> bool:
    fits = {"string": str, "integer": int, "array": list, "object": dict}
    return kind in fits and isinstance(value, fits[kind])
