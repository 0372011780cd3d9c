"""A marshmallow schema as JSON Schema (2020-12): what the canvas draws and editors check."""

from typing import Any

from marshmallow import Schema, fields, validate

_TYPES: tuple[tuple[type[Any], dict[str, Any]], ...] = (
    (fields.String, {"type": "string"}),
    (fields.Integer, {"type": "integer"}),
    (fields.Number, {"type": "number"}),
    (fields.Boolean, {"type": "boolean"}),
)


def schema_of(schema: Schema) -> dict[str, Any]:
    """The object that ``schema`` accepts. Unknown keys are kept and warned about, so they are not forbidden here.

    >>> from instaflow.fields import Text
    >>> schema_of(Schema.from_dict({"tagName": Text(required=True)})())["required"]
    ['tagName']
    """
    known = {field.data_key or name: field for name, field in schema.fields.items()}
    out: dict[str, Any] = {"type": "object", "properties": {key: field_of(field) for key, field in known.items()}}
    if required := [key for key, field in known.items() if field.required]:
        out["required"] = required
    return out


def field_of(field: Any) -> dict[str, Any]:
    """One field: its type, what its validators demand, and its metadata as it is."""
    return {**_kind(field), **_limits(field.validators), **field.metadata}


def _kind(field: Any) -> dict[str, Any]:
    if isinstance(field, fields.Nested):
        return schema_of(field.schema)
    if isinstance(field, fields.List):
        return {"type": "array", "items": field_of(field.inner)}
    from instaflow.fields import Arguments, Flag

    if isinstance(field, Arguments):
        return {"type": "object", "additionalProperties": True}
    if isinstance(field, Flag):
        return {"type": "boolean"}
    return next((dict(kind) for cls, kind in _TYPES if isinstance(field, cls)), {})


def _limits(validators: Any) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for check in validators:
        if isinstance(check, validate.OneOf):
            out["enum"] = list(check.choices)
        elif isinstance(check, validate.Range):
            out |= {k: v for k, v in (("minimum", check.min), ("maximum", check.max)) if v is not None}
        elif isinstance(check, validate.Length):
            out |= {k: v for k, v in (("minLength", check.min), ("maxLength", check.max)) if v is not None}
        elif isinstance(check, validate.Regexp):
            out["pattern"] = check.regex.pattern
    return out
