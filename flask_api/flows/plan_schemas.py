"""Bodies and answers of plans: a folder of flow files against an account."""

import marshmallow as ma
from marshmallow import fields

from core.model.limits import NODES_PER_FLOW
from core.services.flow_plan.look import KINDS
from core.store.tables.flows import FLOW_STATUS
from flask_api.fields import Dictionary, Schema, identifier, one_of, string
from flask_api.flows.schemas import WRITTEN, DiagnosticSchema, DifferenceSchema, UnderWay, slug

MOST_FLOWS, MOST_TESTS = 1000, 2000
WORKSPACE = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,98}$"


class FlowFileBody(Schema):
    """A flow of the folder. What it does not say of name, description and status stays as it is on the server."""

    slug = slug()
    file = string(1000, 1, required=True, metadata={"description": "Where it stands in the folder"})
    name = string(200, 1)
    description = string(5000)
    status = one_of(*FLOW_STATUS)
    flow_definition = Dictionary(required=True)
    automatic_ids = fields.List(
        string(100, 1),
        validate=ma.validate.Length(0, NODES_PER_FLOW),
        metadata={"description": "Steps whose ids nobody wrote: they keep the ids that they had in the last apply"},
    )
    triggers = fields.List(Dictionary(), validate=ma.validate.Length(0, 200), metadata={"description": WRITTEN})

    @ma.validates_schema
    def named(self, data: dict[str, object], **kwargs: object) -> None:
        """The slug is what names it."""
        if "slug" not in data:
            raise ma.ValidationError("Missing data for required field.", "slug")


class TestFileBody(Schema):
    """A test file of the folder."""

    __test__ = False

    file = string(1000, 1, required=True)
    text = string(1_000_000, 1, required=True, metadata={"description": "Its YAML"})
    flows = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "Names of flows as the file writes them, to slugs"},
    )


class FlowsPlanBody(Schema):
    """A whole folder: a flow that this workspace applied once and that is not in `flows` is to be removed."""

    workspace = fields.String(
        load_default="default",
        validate=ma.validate.Regexp(WORKSPACE, error="Letters, digits, dots, hyphens and underscores."),
        metadata={"description": "The folder's name; folders of other names are left alone"},
    )
    flows = fields.List(fields.Nested(FlowFileBody), required=True, validate=ma.validate.Length(0, MOST_FLOWS))
    tests = fields.List(fields.Nested(TestFileBody), load_default=list, validate=ma.validate.Length(0, MOST_TESTS))
    overwrite = fields.List(
        string(100, 1),
        load_default=list,
        validate=ma.validate.Length(0, MOST_FLOWS),
        metadata={"description": "Slugs, or `*`: there the files win over what was changed on the server"},
    )


class FlowsApplyBody(FlowsPlanBody):
    """The folder again, and the plan that somebody has seen."""

    state = fields.Dict(
        keys=fields.String(), values=fields.String(), required=True, metadata={"description": "`state` of the plan"}
    )
    despite_failed_tests = fields.Boolean(load_default=False)


class TranscriptSchema(Schema):
    """One conversation with the old and with the new flow, in lines."""

    old = fields.List(fields.String(), required=True)
    new = fields.List(fields.String(), required=True)


class PlannedFlowSchema(Schema):
    """A flow of the folder or of the account."""

    slug = fields.String(required=True)
    kind = fields.String(required=True, metadata={"enum": list(KINDS)})
    file = fields.String(required=True, allow_none=True)
    flow_id = identifier(required=True, allow_none=True)
    status = fields.String(required=True, metadata={"enum": list(FLOW_STATUS), "description": "After an apply"})
    changes = fields.List(fields.String(), required=True, metadata={"description": "Parts that would be written"})
    drift = fields.List(
        fields.String(), required=True, metadata={"description": "Parts changed on the server since the last apply"}
    )
    conflicts = fields.List(fields.String(), required=True, metadata={"description": "Parts changed on both sides"})
    reason = fields.String(required=True, metadata={"description": "Of a conflict"})
    differences = fields.List(
        fields.Nested(DifferenceSchema), required=True, metadata={"description": "What people will notice"}
    )
    transcript = fields.Nested(TranscriptSchema, required=True, allow_none=True)
    theirs = fields.List(
        fields.Nested(DifferenceSchema), required=True, metadata={"description": "What was changed on the server"}
    )
    people = fields.Integer(required=True, metadata={"description": "Contacts under way; they end on their version"})
    under_way = fields.List(fields.Nested(UnderWay), required=True)
    diagnostics = fields.List(fields.Nested(DiagnosticSchema), required=True)


class BlockedSchema(Schema):
    """What stands in the way of an apply."""

    code = fields.String(required=True, metadata={"enum": ["conflict", "flow_has_errors", "still_run", "tests_failed"]})
    slug = fields.String(required=True, allow_none=True)
    message = fields.String(required=True)


class FlowsPlanSchema(Schema):
    """What an apply would do."""

    changes = fields.Integer(required=True, metadata={"description": "Flows that would be written or removed"})
    state = fields.Dict(
        keys=fields.String(), values=fields.String(), required=True, metadata={"description": "Send it with the apply"}
    )
    flows = fields.List(fields.Nested(PlannedFlowSchema), required=True)
    tests = fields.List(Dictionary(), required=True, metadata={"description": "As testFlow answers them"})
    blocked = fields.List(fields.Nested(BlockedSchema), required=True)


class FlowsAppliedSchema(FlowsPlanSchema):
    """What was carried out; ``state`` is that before."""

    apply_id = identifier(required=True)
