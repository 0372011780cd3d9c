"""The base schema (camelCase outside, unknown keys refused) and the few fields that every feature uses."""

from datetime import UTC, datetime
from typing import Any

import marshmallow as ma
from marshmallow import fields

MAX_INSTANT = 253_402_300_799_999
"""The last millisecond of year 9999."""


def camel(name: str) -> str:
    """The outer spelling of a column's name.

    >>> camel("instagram_account_id")
    'instagramAccountId'
    """
    head, *rest = name.split("_")
    return head + "".join(w.capitalize() for w in rest)


class Schema(ma.Schema):
    """Keys are camelCase outside; unknown keys are refused (marshmallow's own default)."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Gives each field its outer name."""
        field_obj.data_key = camel(field_obj.data_key or field_name)


class Nothing(Schema):
    """An operation without parameters: any is one too many."""


class Instant(fields.Field[int]):
    """Milliseconds inside, RFC 3339 in UTC outside. Any offset is read; a time without an offset is refused."""

    def _serialize(self, value: int | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else rfc3339(value)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        try:
            found = datetime.fromisoformat(value)
            if found.tzinfo is None:
                raise ValueError
            return int(found.timestamp() * 1000)
        except (TypeError, ValueError, OverflowError) as e:
            raise ma.ValidationError("Not an RFC 3339 time with an offset, such as 2026-11-25T08:00:00Z.") from e


def rfc3339(ms: int) -> str:
    """Milliseconds as RFC 3339 in UTC.

    >>> rfc3339(1795392000123)
    '2026-11-23T00:00:00.123Z'
    """
    whole = datetime.fromtimestamp(min(max(ms, 0), MAX_INSTANT) // 1000, UTC)
    return f"{whole:%Y-%m-%dT%H:%M:%S}.{ms % 1000:03d}Z"


class Anything(fields.Raw):
    """Any JSON value."""


class Dictionary(fields.Dict):
    """A JSON object with whatever keys."""


def string(maximum: int, minimum: int = 0, **more: Any) -> fields.String:
    """A string with limits; NUL is refused, since PostgreSQL cannot keep it."""
    return fields.String(validate=[ma.validate.Length(minimum, maximum), _no_nul], **more)


def one_of(*words: str, **more: Any) -> fields.String:
    """One of a few words."""
    return fields.String(validate=ma.validate.OneOf(words), **more)


def identifier(**more: Any) -> fields.String:
    """An id of ours: a UUID's 36 characters."""
    return fields.String(metadata={"format": "uuid"}, **more)


def _no_nul(value: str) -> None:
    if "\x00" in value:
        raise ma.ValidationError("A NUL character is not allowed.")


class PageQuery(Schema):
    """Which part of a list: ``page`` counts from 1."""

    page = fields.Integer(load_default=1, validate=ma.validate.Range(1, 1_000_000), metadata={"description": "From 1"})
    limit = fields.Integer(load_default=50, validate=ma.validate.Range(1, 100), metadata={"description": "Rows a page"})


class ErrorSchema(Schema):
    """Every error."""

    class Meta:
        """OpenAPI name."""

        title = "Error"

    code = fields.String(required=True, metadata={"description": "snake_case, one of the documented list"})
    message = fields.String(required=True, metadata={"description": "For a person"})
    details = Dictionary(required=True, metadata={"description": "More, by code; fields of a refused body"})
