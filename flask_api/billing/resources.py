"""Plans over HTTP (LLD 3.8)."""

from typing import Any

from marshmallow import fields

from core.services import plans
from core.services.house import House
from flask_api.api import Blueprint
from flask_api.fields import Instant, Schema, identifier


class PlanSchema(Schema):
    """A plan; null = no limit."""

    plan_id = identifier(required=True)
    name = fields.String(required=True)
    description = fields.String(required=True)
    price_monthly = fields.Decimal(required=True, places=2, as_string=True)
    max_instagram_accounts = fields.Integer(required=True, allow_none=True)
    max_contacts = fields.Integer(required=True, allow_none=True)
    max_flows = fields.Integer(required=True, allow_none=True)
    features = fields.List(fields.String(), required=True)
    created_at = Instant(required=True)
    updated_at = Instant(required=True)


def blueprint(house: House) -> Blueprint:
    """The operations on plans."""
    blp = Blueprint("billing", "Plans")

    @blp.operation(
        "GET",
        "/plans",
        id="listPlans",
        role="public",
        summary="The plans of this installation",
        out=PlanSchema(many=True),
    )
    def list_plans(house: House, who: None) -> Any:
        """A self-hosted installation has one, without limits."""
        return plans.listed(house)

    return blp
