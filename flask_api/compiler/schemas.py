"""Bodies and answers of the compiler."""

import marshmallow as ma
from marshmallow import fields

from flask_api.fields import Anything, Dictionary, Schema, one_of, string
from flask_api.flows.schemas import DiagnosticSchema


class SourceBody(Schema):
    """A flow: as text in one of the notations, as JSON, or by the id of a stored one."""

    text = string(5_000_000, metadata={"description": "JSON (comments allowed), YAML or the text language"})
    format = one_of("json", "yaml", "flow")
    flow_definition = Dictionary()
    flow_id = fields.UUID()
    name = string(200, 1)
    triggers = fields.List(Dictionary(), validate=ma.validate.Length(0, 200))

    @ma.validates_schema
    def one_source(self, data: dict[str, object], **kwargs: object) -> None:
        """Exactly one source."""
        if sum(name in data for name in ("text", "flow_definition", "flow_id")) != 1:
            raise ma.ValidationError("Send exactly one of text, flowDefinition and flowId.")


class SimulateBody(SourceBody):
    """A flow and a conversation to play on it."""

    now = Anything(metadata={"description": "Time of the first event, RFC 3339 or milliseconds"})
    contact = Dictionary(metadata={"description": "firstName, username, attributes, tags"})
    account = Dictionary()
    seed = fields.Integer(validate=ma.validate.Range(0, 2**31 - 1))
    segments = fields.List(fields.String())
    mocks = Dictionary(metadata={"description": "Answers of calls by name"})
    events = fields.List(Dictionary(), required=True, validate=ma.validate.Length(0, 500))
    instagram_account_id = fields.UUID(metadata={"description": "Whose active flows are the subflows"})

    @ma.validates("events")
    def typed(self, value: list[dict[str, object]], data_key: str) -> None:
        """Each event says what it is."""
        if not all(isinstance(event.get("type"), str) for event in value):
            raise ma.ValidationError("Each event needs a type, a text.")


class FlowTestBody(SourceBody):
    """A flow and its tests."""

    tests = string(1_000_000, 1, metadata={"description": "The YAML of a test file; its `file` is not read"})
    instagram_account_id = fields.UUID(metadata={"description": "Whose active flows are the subflows"})


class FlowTestedSchema(Schema):
    """How the tests went: each with its transcript, what was wrong and where; the states and exits that none came by."""

    diagnostics = fields.List(fields.Nested(DiagnosticSchema), required=True)
    name = fields.String(required=True)
    flow = fields.String(required=True)
    passed = fields.Boolean(required=True)
    tests = fields.List(Dictionary(), required=True)
    coverage = Dictionary(required=True, allow_none=True)
    problems = fields.List(Dictionary(), required=True)


class ConvertBody(SourceBody):
    """A flow, and the notation that is wanted."""

    to = one_of("json", "yaml", "flow", required=True)


class ConvertedSchema(Schema):
    """The flow as text."""

    text = fields.String(required=True)


class CheckedSchema(Schema):
    """What the compiler found."""

    ok = fields.Boolean(required=True, metadata={"description": "It may be activated"})
    diagnostics = fields.List(fields.Nested(DiagnosticSchema), required=True)


class CompiledSchema(CheckedSchema):
    """The program; drafts with errors have one too when they could be lowered."""

    hash = fields.String(required=True, allow_none=True)
    program = Dictionary(required=True, allow_none=True)
    bounds = Dictionary(required=True, allow_none=True)
    window = Dictionary(required=True, allow_none=True)
    data_map = fields.List(Dictionary(), required=True, allow_none=True)


class SimulatedSchema(Schema):
    """How the conversation went."""

    diagnostics = fields.List(fields.Nested(DiagnosticSchema), required=True)
    transcript = fields.List(Dictionary(), required=True)
    steps = fields.List(Dictionary(), required=True)
    run = Dictionary(required=True, allow_none=True)
    node = fields.String(allow_none=True)
    variables = Dictionary(allow_none=True)
    buttons = fields.List(Anything())
    contact = Dictionary()
    tags = fields.List(fields.String())
    timers = fields.List(Anything())
    now = Anything()
