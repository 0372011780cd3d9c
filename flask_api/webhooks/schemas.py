"""Answers to what Instagram and Meta call."""

from marshmallow import Schema as Plain
from marshmallow import fields

from flask_api.fields import Instant, Schema


class Received(Schema):
    """The events are stored."""

    status = fields.String(required=True)


class DeletionStarted(Plain):
    """What Meta wants to hear, in its own spelling."""

    url = fields.String(required=True)
    confirmation_code = fields.String(required=True)


class Deletion(Schema):
    """How a deletion went: ``deleted`` or ``nothing_stored``."""

    code = fields.String(required=True)
    status = fields.String(required=True)
    requested_at = Instant(required=True)
    completed_at = Instant(required=True, allow_none=True)
