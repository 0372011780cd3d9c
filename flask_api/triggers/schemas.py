"""Bodies and answers about triggers."""

from typing import Any

import marshmallow as ma
from marshmallow import fields

from core.store.tables.triggers import TRIGGER_STATUS
from flask_api.fields import Dictionary, Instant, Schema, identifier, one_of, string

OWN = "Fields of the type's own (GET /trigger-types); they may also stand beside type and keyword"


class TriggerBody(Schema):
    """A new trigger. Fields of the type's own stand beside these or under ``options``; the type refuses unknown ones."""

    class Meta:
        """The trigger type knows its fields."""

        unknown = ma.INCLUDE

    type = string(50, 1, required=True)
    keyword = string(10_000, allow_none=True)
    post_permalink = string(2000, allow_none=True)
    status = one_of(*TRIGGER_STATUS)
    options = Dictionary(metadata={"description": OWN})


class TriggerChange(Schema):
    """What is to change; null takes a field away."""

    class Meta:
        """The trigger type knows its fields."""

        unknown = ma.INCLUDE

    status = one_of(*TRIGGER_STATUS)
    keyword = string(10_000, allow_none=True)
    post_permalink = string(2000, allow_none=True)
    options = Dictionary(metadata={"description": OWN})

    @ma.validates_schema(pass_original=True)
    def something(self, data: dict[str, Any], original: Any, **kwargs: object) -> None:
        """An empty change is a mistake, and the type stays."""
        if not data:
            raise ma.ValidationError("Name at least one field.")
        if "type" in data:
            raise ma.ValidationError("The type cannot change: delete the trigger and make another.", "type")


class TriggerSchema(Schema):
    """A trigger (LLD 3.4)."""

    trigger_id = identifier(required=True)
    flow_id = identifier(required=True)
    instagram_account_id = identifier(required=True)
    type = fields.String(required=True)
    keyword = fields.String(required=True)
    post_permalink = fields.String(required=True, allow_none=True)
    post_status = fields.String(
        required=True, allow_none=True, metadata={"description": "resolved, or pending while the post is looked for"}
    )
    media_id = fields.String(allow_none=True)
    options = Dictionary(required=True)
    status = fields.String(required=True, metadata={"enum": list(TRIGGER_STATUS)})
    created_at = Instant(required=True)
    updated_at = Instant(required=True)


class TestBody(Schema):
    """What might come in: a text, or a whole event as the receiver would normalise it."""

    text = string(10_000)
    event = Dictionary(metadata={"description": "kind (default message), text, payload, tap, referral, comment …"})
    first_contact = fields.Boolean(load_default=False, metadata={"description": "As the contact's very first event"})


class TestedTrigger(Schema):
    """What one trigger would do."""

    trigger_id = identifier(required=True)
    flow_id = identifier(required=True)
    flow_name = fields.String(required=True)
    type = fields.String(required=True)
    keyword = fields.String(required=True)
    fires = fields.Boolean(required=True)
    reason = fields.String(required=True, allow_none=True, metadata={"description": "The first reason against it"})


class TestSchema(Schema):
    """Which trigger would take it."""

    fires = identifier(required=True, allow_none=True)
    event = Dictionary(required=True)
    triggers = fields.List(fields.Nested(TestedTrigger), required=True)


class OverlappingTrigger(Schema):
    """A trigger and the flow that it starts."""

    trigger_id = identifier(required=True)
    flow_id = identifier(required=True)
    flow_name = fields.String(required=True)
    type = fields.String(required=True)
    keyword = fields.String(required=True, allow_none=True)


class OverlapSchema(Schema):
    """Two triggers that want the same words."""

    winner = fields.Nested(OverlappingTrigger, required=True)
    loser = fields.Nested(OverlappingTrigger, required=True)
    example = fields.String(required=True, metadata={"description": "The shortest text that both want"})
    shadowed = fields.Boolean(required=True, metadata={"description": "The loser gets none of its words"})
