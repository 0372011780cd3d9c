"""Bodies and answers about contacts."""

import marshmallow as ma
from marshmallow import fields

from flask_api.fields import Dictionary, Instant, PageQuery, Schema, identifier, string


class ContactSchema(Schema):
    """A contact (LLD 3.5): someone who wrote to, or commented under, one of the accounts."""

    contact_id = identifier(required=True)
    instagram_account_id = identifier(required=True)
    conversation_id = identifier(required=True, allow_none=True)
    instagram_user_id = fields.String(required=True, allow_none=True)
    instagram_username = fields.String(required=True, allow_none=True)
    first_name = fields.String(required=True, allow_none=True)
    last_name = fields.String(required=True, allow_none=True)
    profile_picture_url = fields.String(required=True, allow_none=True)
    last_interaction_at = Instant(required=True, allow_none=True)
    current_flow_id = identifier(required=True, allow_none=True)
    current_flow_step_node_id = fields.String(required=True, allow_none=True)
    flow_context = Dictionary(required=True, allow_none=True)
    flow_status = fields.String(
        required=True, metadata={"enum": ["none", "running", "waiting", "paused", "errored", "human"]}
    )
    tags = fields.List(fields.String(), required=True)
    custom_attributes = Dictionary(required=True)
    opted_out_at = Instant(required=True, allow_none=True)
    window_ends_at = Instant(
        required=True, allow_none=True, metadata={"description": "Until then automation may write; null = it may not"}
    )
    created_at = Instant(required=True)
    updated_at = Instant(required=True)


class ContactsSchema(Schema):
    """One page of contacts."""

    contacts = fields.List(fields.Nested(ContactSchema), required=True)
    total = fields.Integer(required=True)


class ContactsQuery(PageQuery):
    """Which contacts."""

    search = string(200, 1, metadata={"description": "In user name or name"})
    tag = string(100, 1)


class TagsBody(Schema):
    """Names of tags."""

    tags = fields.List(string(100, 1), required=True, validate=ma.validate.Length(1, 100))

    @ma.validates("tags")
    def named(self, value: list[str], data_key: str) -> None:
        """A tag of spaces is none."""
        if any(not name.strip() for name in value):
            raise ma.ValidationError("A tag needs a name.")


class TagsSchema(Schema):
    """A contact's tags."""

    contact_id = identifier(required=True)
    tags = fields.List(fields.String(), required=True)


class ContactChange(Schema):
    """What is to change."""

    first_name = string(200, allow_none=True)
    last_name = string(200, allow_none=True)
    custom_attributes = Dictionary(metadata={"description": "Merged in; null takes an attribute away"})
    opted_out = fields.Boolean(metadata={"description": "True: automation never writes to this contact"})

    @ma.validates_schema
    def something(self, data: dict[str, object], **kwargs: object) -> None:
        """An empty change is a mistake."""
        if not data:
            raise ma.ValidationError("Name at least one field.")


class StartBody(Schema):
    """Which flow."""

    flow_id = fields.UUID(required=True)
    args = Dictionary(load_default=dict, metadata={"description": "Values of the flow's parameters"})


class Asked(Schema):
    """A worker will do it."""

    contact_id = identifier(required=True)
    status = fields.String(required=True)


class TagSchema(Schema):
    """A tag and how many contacts carry it."""

    name = fields.String(required=True)
    contacts = fields.Integer(required=True)
