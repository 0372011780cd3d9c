"""Field kinds for the schemas of node types: marshmallow fields that speak the author's language and never guess.

An optional field may be null, which means absent. Other keywords (``title=``, ``description=``, ``multiline=True`` …) are
metadata: they go into the JSON Schema, from which the canvas draws its form.
"""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, fields, validate

_MESSAGES: dict[str, Any] = {"required": "is missing", "null": "is missing", "validator_failed": "is not allowed"}


class _Field:
    """Shared by all kinds: optional fields allow null, unknown keywords are metadata."""

    def __init__(self, *args: Any, required: bool = False, default: Any = None, **more: Any) -> None:
        own: dict[str, Any] = {k: more.pop(k) for k in ("validate", "data_key", "strict") if k in more}
        metadata = {**more, **({"default": default} if default is not None else {})}
        own |= {"required": required, "allow_none": not required, "metadata": metadata}
        super().__init__(*args, **own)


class Text(_Field, fields.String):
    """A text; ``longest`` characters at most, not empty when it is required."""

    default_error_messages = {**_MESSAGES, "invalid": "must be a text"}

    def __init__(self, longest: int | None = None, **more: Any) -> None:
        if "validate" not in more and (longest or more.get("required")):
            shortest = 1 if more.get("required") else None
            more["validate"] = validate.Length(shortest, longest, error=_length(shortest, longest))
        super().__init__(**more)


class Template(Text):
    """A text that may hold ``{{expressions}}``; the canvas offers the variables in it."""

    def __init__(self, **more: Any) -> None:
        super().__init__(format="template", **more)


class Choice(Text):
    """One of a few words."""

    def __init__(self, *words: str, **more: Any) -> None:
        super().__init__(validate=validate.OneOf(words, error=f"must be one of: {', '.join(words)}"), **more)


class Whole(_Field, fields.Integer):
    """A whole number, from ``least`` to ``most``."""

    default_error_messages = {**_MESSAGES, "invalid": "must be a whole number", "too_large": "is too large"}

    def __init__(self, least: int = 0, most: int = 2**31, **more: Any) -> None:
        check = validate.Range(least, most, error=f"must be between {least} and {most}")
        super().__init__(strict=True, validate=check, **more)

    def _validated(self, value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class Number(_Field, fields.Float):
    """A number."""

    default_error_messages = {**_MESSAGES, "invalid": "must be a number", "special": "must be a number"}

    def _validated(self, value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class Flag(_Field, fields.Field[bool]):
    """True or false, and nothing that merely looks like it."""

    default_error_messages = {**_MESSAGES, "invalid": "must be true or false"}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class Items(_Field, fields.List[Any]):
    """A list of ``of``; ``least`` items at least."""

    default_error_messages = {**_MESSAGES, "invalid": "must be a list"}

    def __init__(self, of: Any, least: int = 0, **more: Any) -> None:
        if least:
            more["validate"] = validate.Length(least, error=f"must have at least {least}")
        super().__init__(of, **more)
        self.inner.allow_none = False


class Group(_Field, fields.Nested):
    """An object with fields of its own."""

    default_error_messages = {**_MESSAGES, "type": "must be an object"}

    def __init__(self, of: type[Schema], **more: Any) -> None:
        super().__init__(of, **more)


class Arguments(_Field, fields.Field[dict[str, Any]]):
    """An object of the author's own keys; its texts may hold ``{{expressions}}``."""

    default_error_messages = {**_MESSAGES, "invalid": "must be an object"}

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.make_error("invalid")
        return value


class Anything(_Field, fields.Raw):
    """Any JSON value; its texts may hold ``{{expressions}}``."""

    default_error_messages = _MESSAGES


def _length(shortest: int | None, longest: int | None) -> str:
    if longest is None:
        return "must not be empty"
    return f"must have {shortest or 0} to {longest} characters"
