"""Triggers over HTTP (LLD 4.4)."""

from typing import Any

from core.services import trigger_overlaps, trigger_test, triggers
from core.services.actor import Actor
from core.services.house import House
from flask_api.api import Blueprint
from flask_api.fields import PageQuery, camel
from flask_api.paged import PAGED, page_of, paged
from flask_api.triggers import schemas

ALL = "/flows/{flowId}/triggers"
ONE = "/triggers/{triggerId}"
EXAMPLE = {"type": "dm_keyword", "keyword": "price, cost"}
OUTER = ("type", "keyword", "post_permalink", "status", "options")


def blueprint(house: House) -> Blueprint:
    """The operations on triggers."""
    blp = Blueprint("triggers", "How flows begin")
    _all(blp)
    _one(blp)
    _test(blp)
    return blp


def _written(body: dict[str, Any]) -> dict[str, Any]:
    """The trigger as an author writes it: our own fields get their outer names back."""
    return {camel(k) if k in OUTER else k: v for k, v in body.items()}


def _all(blp: Blueprint) -> None:
    @blp.operation(
        "POST",
        ALL,
        id="createTrigger",
        role="editor",
        summary="Create a trigger",
        body=schemas.TriggerBody,
        out=schemas.TriggerSchema,
        status=201,
        errors=(409,),
        example=EXAMPLE,
        idempotent=True,
    )
    def create(house: House, who: Actor, body: dict[str, Any], flow_id: str) -> Any:
        """A `postPermalink` is looked up among the account's posts; `postStatus` says whether it was found."""
        return triggers.create(house, who, flow_id, _written(body))

    @blp.operation(
        "GET",
        ALL,
        id="listTriggers",
        role="editor",
        summary="A flow's triggers",
        query=PageQuery,
        out=schemas.TriggerSchema(many=True),
        headers=PAGED,
    )
    def list_triggers(house: House, who: Actor, query: dict[str, Any], flow_id: str) -> Any:
        """The oldest first."""
        found = triggers.listed(house, who, flow_id, page_of(query))
        return paged(found.rows, found)


def _one(blp: Blueprint) -> None:
    @blp.operation("GET", ONE, id="getTrigger", role="editor", summary="One trigger", out=schemas.TriggerSchema)
    def get_trigger(house: House, who: Actor, trigger_id: str) -> Any:
        """With the options of its type."""
        return triggers.read(house, who, trigger_id)

    @blp.operation(
        "PUT",
        ONE,
        id="changeTrigger",
        role="editor",
        summary="Change a trigger",
        body=schemas.TriggerChange,
        out=schemas.TriggerSchema,
        errors=(409,),
        example={"status": "inactive"},
    )
    def change(house: House, who: Actor, body: dict[str, Any], trigger_id: str) -> Any:
        """Fields that are not named stay."""
        return triggers.change(house, who, trigger_id, _written(body))

    @blp.operation("DELETE", ONE, id="deleteTrigger", role="editor", summary="Delete a trigger", status=204)
    def delete(house: House, who: Actor, trigger_id: str) -> None:
        """Runs that it began go on."""
        triggers.remove(house, who, trigger_id)


def _test(blp: Blueprint) -> None:
    @blp.operation(
        "POST",
        "/instagram-accounts/{instagramAccountId}/triggers/test",
        id="testTriggers",
        role="editor",
        summary="Which trigger would fire, and why not the others",
        body=schemas.TestBody,
        out=schemas.TestSchema,
        example={"text": "what does it cost?"},
    )
    def test(house: House, who: Actor, body: dict[str, Any], instagram_account_id: str) -> Any:
        """Starts nothing. What depends on the contact is not looked at."""
        event = {**body.get("event", {}), **({"text": body["text"]} if "text" in body else {})}
        return trigger_test.test(house, who, instagram_account_id, event, body["first_contact"])

    @blp.operation(
        "GET",
        "/instagram-accounts/{instagramAccountId}/triggers/overlaps",
        id="listTriggerOverlaps",
        role="editor",
        summary="Triggers that want the same words",
        out=schemas.OverlapSchema(many=True),
    )
    def overlaps(house: House, who: Actor, instagram_account_id: str) -> Any:
        """Of the live triggers of different flows: who gets the words, who does not, and a shortest example. Triggers that never get
        anything come first."""
        return trigger_overlaps.overlaps(house, who, instagram_account_id)
