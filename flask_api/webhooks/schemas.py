"""Answers to Instagram's calls."""

from marshmallow import fields

from flask_api.fields import Schema


class Received(Schema):
    """The events are stored."""

    status = fields.String(required=True)
