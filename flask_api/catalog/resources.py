"""What is installed, over HTTP."""

from typing import Any

from flask import Response, current_app
from marshmallow import fields

from core.lang.schema import DRAFT
from core.services import catalog
from core.services.actor import Actor
from core.services.house import House
from flask_api.api import Blueprint
from flask_api.fields import Dictionary, Schema


class NodeTypeSchema(Schema):
    """A node type; ``schema`` is the JSON Schema of its configuration."""

    name = fields.String(required=True)
    title = fields.String(required=True)
    group = fields.String(required=True, metadata={"description": "message, logic, contact, action or person"})
    icon = fields.String(required=True)
    summary = fields.String(required=True)
    schema = Dictionary(required=True)
    example = Dictionary(required=True)
    exits = fields.List(fields.String(), required=True, metadata={"description": "The exits of the example"})


class TriggerTypeSchema(Schema):
    """A way a flow can begin."""

    name = fields.String(required=True)
    title = fields.String(required=True)
    summary = fields.String(required=True)
    rank = fields.Integer(required=True, metadata={"description": "Its place in the order of precedence"})
    kinds = fields.List(fields.String(), required=True)
    schema = Dictionary(required=True)


class PluginSchema(Schema):
    """A plugin; ``problem`` is empty where it works."""

    name = fields.String(required=True)
    version = fields.String(required=True)
    problem = fields.String(required=True)


def blueprint(house: House) -> Blueprint:
    """The operations on what is installed."""
    blp = Blueprint("catalog", "What is installed")

    @blp.operation(
        "GET",
        "/node-types",
        id="listNodeTypes",
        role="signed-in",
        summary="Node types",
        out=NodeTypeSchema(many=True),
    )
    def node_types(house: House, who: Actor) -> Any:
        """The canvas draws its sidebar and forms from them."""
        return catalog.node_types(house)

    @blp.operation(
        "GET",
        "/trigger-types",
        id="listTriggerTypes",
        role="signed-in",
        summary="Trigger types",
        out=TriggerTypeSchema(many=True),
    )
    def trigger_types(house: House, who: Actor) -> Any:
        """In the order of precedence."""
        return catalog.trigger_types(house)

    @blp.operation(
        "GET", "/plugins", id="listPlugins", role="signed-in", summary="Plugins", out=PluginSchema(many=True)
    )
    def plugins(house: House, who: Actor) -> Any:
        """What is loaded, and what could not be."""
        return catalog.plugins(house)

    @blp.operation(
        "GET",
        "/schemas/flow.json",
        id="getFlowSchema",
        role="signed-in",
        summary="The JSON Schema of a flow file",
        raw=("application/schema+json", {"$schema": DRAFT, "type": "object"}),
    )
    def flow_schema(house: House, who: Actor) -> Response:
        """For editors: completion and checks while writing JSON or YAML."""
        body = current_app.json.dumps(catalog.flow_schema(house))
        return Response(body, mimetype="application/schema+json")

    return blp
