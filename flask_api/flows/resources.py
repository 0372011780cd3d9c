"""Flows over HTTP (LLD 4.3)."""

from typing import Any

from core.services import flow_files, flow_publish, flow_versions, flows
from core.services.actor import Actor
from core.services.house import House
from flask_api.api import Blueprint
from flask_api.flows import examples, files, plan, recordings, runs, schemas, versions
from flask_api.flows.etag import ETAG, expected, tagged
from flask_api.paged import PAGED, page_of, paged

ALL = "/instagram-accounts/{instagramAccountId}/flows"
ONE = "/flows/{flowId}"


def blueprint(house: House) -> Blueprint:
    """The operations on flows, their versions and runs."""
    blp = Blueprint("flows", "Flows, their versions and runs")
    _all(blp)
    _one(blp)
    _copying(blp)
    _switching(blp)
    files.declare(blp)
    plan.declare(blp)
    versions.declare(blp)
    runs.declare(blp)
    recordings.declare(blp)
    return blp


def _all(blp: Blueprint) -> None:
    @blp.operation(
        "POST",
        ALL,
        id="createFlow",
        role="editor",
        summary="Create a flow",
        body=schemas.FlowBody,
        out=schemas.FlowSchema,
        status=201,
        errors=(402, 409),
        example=examples.FLOW,
        answer=examples.CREATED,
        headers=ETAG,
        idempotent=True,
    )
    def create(house: House, who: Actor, body: dict[str, Any], instagram_account_id: str) -> Any:
        """Saved as a draft whatever the compiler says of it; `diagnostics` holds what it says."""
        given = {"definition": body.pop("flow_definition")} if "flow_definition" in body else {}
        return tagged(flows.create(house, who, instagram_account_id, flows.Draft(**body, **given)), 201)

    @blp.operation(
        "GET",
        ALL,
        id="listFlows",
        role="editor",
        summary="An account's flows",
        query=schemas.FlowsQuery,
        out=schemas.FlowListed(many=True),
        headers=PAGED,
    )
    def list_flows(house: House, who: Actor, query: dict[str, Any], instagram_account_id: str) -> Any:
        """The newest first, by status and text."""
        filters = (query.get("status"), query.get("text"))
        found = flows.listed(house, who, instagram_account_id, page_of(query), *filters)
        return paged(found.rows, found)


def _one(blp: Blueprint) -> None:
    @blp.operation(
        "GET",
        ONE,
        id="getFlow",
        role="editor",
        summary="One flow with its definition",
        out=schemas.FlowSchema,
        headers=ETAG,
    )
    def get_flow(house: House, who: Actor, flow_id: str) -> Any:
        """`flowDefinition` is the draft, `publishedVersion` the live version's number."""
        return tagged(flows.read(house, who, flow_id))

    @blp.operation(
        "PUT",
        ONE,
        id="changeFlow",
        role="editor",
        summary="Change a flow",
        body=schemas.FlowChange,
        out=schemas.FlowSchema,
        errors=(409, 412),
        example={"name": "Welcome", "status": "active"},
        headers=ETAG,
        accepts=("If-Match",),
    )
    def change(house: House, who: Actor, body: dict[str, Any], flow_id: str) -> Any:
        """Changes the draft. Status `active` publishes when the behaviour changed and is refused when there are errors. With `text`,
        steps that the draft has too keep their ids (where the text has none for them) and their places on the canvas."""
        text, notation = body.pop("text", None), body.pop("format", None)
        if text is None:
            return tagged(flows.change(house, who, flow_id, body, expected()))
        return tagged(flow_files.changed(house, who, flow_id, text, notation, body, expected()))

    @blp.operation("DELETE", ONE, id="deleteFlow", role="editor", summary="Delete a flow", status=204)
    def delete(house: House, who: Actor, flow_id: str) -> None:
        """Its runs under way are cancelled."""
        flow_versions.remove(house, who, flow_id)


def _copying(blp: Blueprint) -> None:
    @blp.operation(
        "POST",
        f"{ONE}/duplicate",
        id="duplicateFlow",
        role="editor",
        summary="Copy a flow",
        body=schemas.DuplicateBody,
        out=schemas.FlowSchema,
        status=201,
        errors=(402,),
        example={"name": "Welcome 2"},
        headers=ETAG,
        idempotent=True,
    )
    def duplicate(house: House, who: Actor, body: dict[str, Any], flow_id: str) -> Any:
        """The draft becomes a flow of its own, without triggers."""
        return tagged(flows.duplicate(house, who, flow_id, body["name"]), 201)


def _switching(blp: Blueprint) -> None:
    @blp.operation(
        "POST",
        f"{ONE}/publish",
        id="publishFlow",
        role="editor",
        summary="Publish the draft",
        body=schemas.PublishBody,
        out=schemas.VersionSchema,
        errors=(409,),
        example={"note": "Softer greeting"},
    )
    def publish(house: House, who: Actor, body: dict[str, Any], flow_id: str) -> Any:
        """Makes an immutable version and lets new runs begin on it; runs under way stay on theirs."""
        made = flow_publish.publish(house, who, flow_id, body["note"])
        return {**made, "live": True}

    for word, status in (("activate", "active"), ("deactivate", "inactive")):
        _switch(blp, word, status)


def _switch(blp: Blueprint, word: str, status: str) -> None:
    def switch(house: House, who: Actor, flow_id: str) -> Any:
        flow_publish.switch(house, who, flow_id, status)
        return tagged(flows.read(house, who, flow_id))

    switch.__doc__ = {
        "active": "Publishes when the behaviour changed, then lets triggers start it; refused with the errors.",
        "inactive": "Nothing new starts; runs under way finish.",
    }[status]
    blp.operation(
        "POST",
        f"{ONE}/{word}",
        id=f"{word}Flow",
        role="editor",
        summary=f"{word.capitalize()} a flow",
        out=schemas.FlowSchema,
        errors=(409,),
        headers=ETAG,
    )(switch)
