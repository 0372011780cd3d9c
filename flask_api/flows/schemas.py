"""Bodies and answers about flows."""

import marshmallow as ma
from marshmallow import fields

from core.store.tables.flows import FLOW_STATUS
from flask_api.fields import Anything, Dictionary, Instant, PageQuery, Schema, identifier, one_of, string
from flask_api.flows.recording_schemas import ComparedSchema

SLUG = r"^[a-z0-9][a-z0-9_-]{0,98}$"
WRITTEN = "Triggers as an author writes them: type, keyword, postPermalink and the type's own fields"


def slug() -> fields.String:
    """The flow's name in files."""
    return fields.String(
        validate=ma.validate.Regexp(SLUG, error="Lower-case letters, digits, hyphens and underscores.")
    )


class FlowBody(Schema):
    """A new flow."""

    name = string(200, 1, required=True)
    description = string(5000, load_default="")
    flow_definition = Dictionary()
    slug = slug()
    triggers = fields.List(Dictionary(), validate=ma.validate.Length(0, 200), metadata={"description": WRITTEN})


class FlowChange(Schema):
    """What is to change; all fields are optional."""

    name = string(200, 1)
    description = string(5000)
    flow_definition = Dictionary()
    text = string(5_000_000, 1, metadata={"description": "The flow as text in any notation, instead of flowDefinition"})
    format = one_of("json", "yaml", "flow", metadata={"description": "Of text, when it cannot be seen from it"})
    slug = slug()
    status = one_of(*FLOW_STATUS)
    triggers = fields.List(Dictionary(), validate=ma.validate.Length(0, 200), metadata={"description": WRITTEN})

    @ma.validates_schema
    def something(self, data: dict[str, object], **kwargs: object) -> None:
        """An empty change is a mistake, and so is a flow that is said twice."""
        if not set(data) - {"format"}:
            raise ma.ValidationError("Name at least one field.")
        if "text" in data and "flow_definition" in data:
            raise ma.ValidationError("Send the flow as text or as flowDefinition, not both.", "text")


class DuplicateBody(Schema):
    """The copy's name."""

    name = string(200, 1, load_default=None, allow_none=True)


class PublishBody(Schema):
    """What to remember of the version."""

    note = string(1000, load_default="")


class SpanSchema(Schema):
    """Where in the source text."""

    line = fields.Integer()
    column = fields.Integer()
    end_line = fields.Integer()
    end_column = fields.Integer()


class DiagnosticSchema(Schema):
    """One finding of the compiler; its code has a page of its own in the documentation."""

    code = fields.String(required=True)
    severity = fields.String(required=True, metadata={"enum": ["error", "warning", "info"]})
    message = fields.String(required=True)
    node = fields.String(required=True, allow_none=True, metadata={"description": "The step it is about"})
    span = fields.Raw(allow_none=True, metadata={"description": "line, column, endLine, endColumn in the source text"})
    hint = fields.String(required=True)
    path = fields.List(fields.String(), metadata={"description": "A witness: ids of steps"})
    related = fields.List(fields.Raw(), metadata={"description": "Other places: message, and span in the source"})
    fix = fields.Raw(
        allow_none=True,
        metadata={"description": "title; sure (false: let a person choose); changes (JSON Patch); edits (span, text)"},
    )
    witness = fields.Raw(
        allow_none=True,
        metadata={"description": "A conversation that shows it: now, contact and events of simulateFlow"},
    )


class FlowListed(Schema):
    """A flow without its definition."""

    flow_id = identifier(required=True)
    instagram_account_id = identifier(required=True)
    name = fields.String(required=True)
    description = fields.String(required=True)
    slug = fields.String(required=True)
    status = fields.String(required=True, metadata={"enum": list(FLOW_STATUS)})
    diagnostics = fields.List(fields.Nested(DiagnosticSchema), required=True)
    published_version = fields.Integer(required=True, allow_none=True)
    published_at = Instant(required=True, allow_none=True)
    changed = fields.Boolean(
        required=True, metadata={"description": "The draft behaves otherwise than the live version"}
    )
    revision = fields.Integer(required=True)
    created_at = Instant(required=True)
    updated_at = Instant(required=True)


class FlowSchema(FlowListed):
    """A flow (LLD 3.3): ``flowDefinition`` is the draft."""

    flow_definition = Dictionary(required=True)


class FlowsQuery(PageQuery):
    """Which flows."""

    status = one_of(*FLOW_STATUS)
    text = string(200, 1, metadata={"description": "In name, description or slug"})


class VersionListed(Schema):
    """A published version without its definition."""

    flow_version_id = identifier(required=True)
    flow_id = identifier(required=True)
    number = fields.Integer(required=True)
    program_hash = fields.String(required=True)
    author_id = identifier(allow_none=True)
    note = fields.String(required=True)
    live = fields.Boolean(required=True)
    created_at = Instant(required=True)


class VersionSchema(VersionListed):
    """A published version; it never changes."""

    flow_definition = Dictionary(required=True)


class DifferenceSchema(Schema):
    """After these steps of the contact the versions part: lines of what each does."""

    after = fields.List(fields.String(), required=True)
    old = fields.List(fields.String(), required=True)
    new = fields.List(fields.String(), required=True)
    ways = fields.Integer(required=True, metadata={"description": "So many ways lead to the same difference"})


class VersionDiffSchema(Schema):
    """Two versions held side by side."""

    old = fields.Integer(required=True)
    new = fields.Integer(required=True)
    same = fields.Boolean(required=True)
    differences = fields.List(fields.Nested(DifferenceSchema), required=True)
    conversations = fields.Nested(ComparedSchema, required=True)


class UnderWay(Schema):
    """People in one place."""

    version = fields.Integer(allow_none=True)
    node_id = fields.String(allow_none=True)
    status = fields.String(required=True)
    people = fields.Integer(required=True)


class LeftSchema(Schema):
    """People who cannot move, in one place."""

    node_id = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, metadata={"enum": ["not_at_rest", "step_missing", "step_changed"]})
    message = fields.String(required=True)
    people = fields.Integer(required=True)


class MovableSchema(Schema):
    """People on other versions: how many could move to the draft, and why the others could not."""

    can = fields.Integer(required=True)
    cannot = fields.List(fields.Nested(LeftSchema), required=True)


class ReportSchema(Schema):
    """What publishing would meet."""

    flow_id = identifier(required=True)
    published_version = fields.Integer(required=True, allow_none=True)
    changed = fields.Boolean(required=True)
    people = fields.Integer(required=True, metadata={"description": "Contacts under way; they end on their version"})
    under_way = fields.List(fields.Nested(UnderWay), required=True)
    movable = fields.Nested(
        MovableSchema, required=True, allow_none=True, metadata={"description": "null when the draft has errors"}
    )
    diagnostics = fields.List(fields.Nested(DiagnosticSchema), required=True)


class CauseSchema(Schema):
    """What stopped some of a flow's runs."""

    error_code = fields.String(required=True)
    node_id = fields.String(required=True, allow_none=True)
    status = fields.String(
        required=True,
        metadata={"enum": ["paused", "errored"], "description": "paused: can be retried; errored: needs a change"},
    )
    runs = fields.Integer(required=True)
    message = fields.String(required=True, metadata={"description": "Of the newest of them"})
    since = Instant(required=True)
    latest = Instant(required=True)


class CauseBody(Schema):
    """Which runs: all live ones that this stopped."""

    error_code = string(50, 1, required=True)
    node_id = string(200, 1, metadata={"description": "The step; without it: wherever the error came"})


class MoveCauseBody(CauseBody):
    """Which runs, and whereto."""

    version = fields.Integer(load_default=None, allow_none=True, validate=ma.validate.Range(1, 1_000_000))


class CauseAsked(Schema):
    """A worker will do it."""

    asked = fields.Integer(required=True, metadata={"description": "Runs; at most 10,000 a request"})
    left = fields.List(
        fields.Nested(LeftSchema), required=True, metadata={"description": "Runs that cannot move, and why"}
    )


class RunsQuery(PageQuery):
    """Which runs."""

    status = one_of("running", "waiting", "paused", "errored", "done", "cancelled")
    error_code = string(50, 1)


class RunSchema(Schema):
    """One contact in one version of a flow."""

    run_id = identifier(required=True)
    flow_id = identifier(required=True)
    contact_id = identifier(required=True)
    version = fields.Integer(allow_none=True)
    status = fields.String(required=True)
    pause_reason = fields.String(allow_none=True)
    wait_kind = fields.String()
    node_id = fields.String(allow_none=True)
    trigger_id = identifier(allow_none=True)
    trigger = Dictionary()
    error_code = fields.String(allow_none=True)
    error = fields.Raw(allow_none=True)
    outcome = fields.String(allow_none=True)
    seq = fields.Integer()
    started_at = Instant(required=True)
    updated_at = Instant(required=True)
    ended_at = Instant(allow_none=True)


class MoveBody(Schema):
    """Whereto."""

    version = fields.Integer(load_default=None, allow_none=True, validate=ma.validate.Range(1, 1_000_000))


class RunAsked(Schema):
    """A worker will do it."""

    run_id = identifier(required=True)
    status = fields.String(required=True, metadata={"description": "As it was when asked"})


class StepSchema(Schema):
    """One step of a run."""

    seq = fields.Integer(required=True)
    at = Instant(required=True)
    event_id = fields.Integer(allow_none=True)
    disposition = fields.String(required=True)
    path = fields.List(Anything(), required=True, metadata={"description": "[state, edge] in order"})


class TraceSchema(Schema):
    """What a run went through."""

    run = fields.Nested(RunSchema, required=True)
    steps = fields.List(fields.Nested(StepSchema), required=True)
