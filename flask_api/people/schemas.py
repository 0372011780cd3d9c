"""Bodies and answers about oneself."""

import marshmallow as ma
from marshmallow import fields

from flask_api.fields import Instant, Schema, identifier, string


class UserSchema(Schema):
    """A person (LLD 3.1, without the password's hash)."""

    user_id = identifier(required=True)
    email = fields.String(required=True)
    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    subscription_plan_id = identifier(required=True, allow_none=True)
    status = fields.String(required=True)
    role = fields.String(required=True, metadata={"description": "Platform role: user, admin or agent"})
    email_verified_at = Instant(allow_none=True)
    created_at = Instant(required=True)
    updated_at = Instant(required=True)


class UserPatch(Schema):
    """What one may change of oneself."""

    first_name = string(100)
    last_name = string(100)
    email = string(320, 3)
    current_password = string(1024, 1, load_only=True, metadata={"description": "Needed to change the e-mail"})

    @ma.validates_schema
    def something(self, data: dict[str, object], **kwargs: object) -> None:
        """An empty change is a mistake."""
        if not data:
            raise ma.ValidationError("Name at least one field.")


class EraseBody(Schema):
    """Proof that it is oneself who leaves."""

    password = string(1024, 1, required=True)


class SessionSchema(Schema):
    """One sign-in."""

    session_id = identifier(required=True)
    created_at = Instant(required=True)
    last_used_at = Instant(required=True)
    address = fields.String(required=True)
    user_agent = fields.String(required=True)
    current = fields.Boolean(required=True)
