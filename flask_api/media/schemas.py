"""Answers about uploaded media."""

from marshmallow import fields

from flask_api.fields import Instant, Schema, identifier


class MediumSchema(Schema):
    """An uploaded file."""

    media_id = identifier(required=True)
    instagram_account_id = identifier(required=True)
    type = fields.String(required=True, metadata={"enum": ["image", "video", "audio", "file"]})
    mime = fields.String(required=True, metadata={"description": "By its content, not by its name"})
    size = fields.Integer(required=True, metadata={"description": "Bytes"})
    name = fields.String(required=True)
    media_url = fields.String(required=True, metadata={"description": "`media:<id>`: names it as a message's mediaUrl"})
    address = fields.String(
        required=True, metadata={"description": "Its bytes, for an hour at least, without a sign-in"}
    )
    created_at = Instant(required=True)


class AddressQuery(Schema):
    """What a signed address carries."""

    expires = fields.Integer(metadata={"description": "Milliseconds since 1970"})
    signature = fields.String()
