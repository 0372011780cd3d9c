"""Shapes of recorded conversations."""

import marshmallow as ma
from marshmallow import fields

from flask_api.fields import Anything, Instant, Schema, identifier


class PartingSchema(Schema):
    """Where two versions part in one conversation."""

    event = fields.Integer(required=True, metadata={"description": "Number of the recorded event, from 0"})
    after = fields.List(fields.String(), required=True, metadata={"description": "What both do until then"})
    old = fields.List(fields.String(), required=True)
    new = fields.List(fields.String(), required=True)


class OtherwiseSchema(Schema):
    """A conversation that goes otherwise."""

    run_id = identifier(required=True)
    difference = fields.Nested(PartingSchema, required=True)


class ComparedSchema(Schema):
    """The newest recorded conversations of the flow, at most 100, on both versions."""

    looked_at = fields.Integer(required=True)
    differ = fields.Integer(required=True)
    first = fields.Nested(OtherwiseSchema, required=True, allow_none=True)


class TakenSchema(Schema):
    """One event of a recording."""

    at = fields.Integer(required=True, metadata={"description": "Milliseconds since 1970"})
    event = Anything(required=True, metadata={"description": "As the engine took it"})
    path = fields.List(Anything(), required=True, metadata={"description": "[state, exit] in order"})


class RecordingSchema(Schema):
    """A conversation that was had. Of the contact it holds what the flow looks at, as they were when the run began."""

    flow = fields.String(required=True)
    program = fields.String(required=True)
    ids = fields.List(fields.String(), required=True)
    contact = Anything(required=True)
    tags = fields.List(fields.String(), required=True)
    segments = fields.List(fields.String(), required=True)
    account = Anything(required=True)
    wrote_ago = fields.Integer(required=True, allow_none=True)
    events = fields.List(fields.Nested(TakenSchema), required=True)


class TestQuery(Schema):
    """What the file names."""

    __test__ = False

    file = fields.String(load_default="flow.yaml", validate=ma.validate.Length(1, 200))
    name = fields.String(load_default="a recorded conversation", validate=ma.validate.Length(1, 200))


class TestText(Schema):
    """A test file."""

    __test__ = False

    text = fields.String(required=True)


class ReplayBody(Schema):
    """On which version."""

    version = fields.Integer(
        load_default=None,
        allow_none=True,
        validate=ma.validate.Range(0, 1_000_000),
        metadata={"description": "0 = the draft, null = the live one"},
    )


class TurnSchema(Schema):
    """What came of one event."""

    at = Instant(required=True)
    came = fields.String(required=True)
    lines = fields.List(fields.String(), required=True)


class ReplaySchema(Schema):
    """A conversation on another version."""

    run_id = identifier(required=True)
    version = fields.Integer(required=True)
    same = fields.Boolean(required=True)
    difference = fields.Nested(PartingSchema, required=True, allow_none=True)
    left_at = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "The event behind which its own version goes another way now than it did then"},
    )
    transcript = fields.List(fields.Nested(TurnSchema), required=True)
