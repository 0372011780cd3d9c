"""Contacts over HTTP (LLD 4.5)."""

from typing import Any

from core.services import contacts
from core.services.actor import Actor
from core.services.house import House
from flask_api.api import Blueprint
from flask_api.contacts import schemas
from flask_api.paged import PAGED, page_of, paged

ACCOUNT = "/instagram-accounts/{instagramAccountId}"
ONE = "/contacts/{contactId}"
QUEUED = "queued"


def blueprint(house: House) -> Blueprint:
    """The operations on contacts."""
    blp = Blueprint("contacts", "Contacts and their tags")
    _lists(blp)
    _one(blp)
    _tags(blp)
    _flows(blp)
    return blp


def _lists(blp: Blueprint) -> None:
    @blp.operation(
        "GET",
        f"{ACCOUNT}/contacts",
        id="listContacts",
        role="agent",
        summary="An account's contacts",
        query=schemas.ContactsQuery,
        out=schemas.ContactsSchema,
        headers=PAGED,
    )
    def list_contacts(house: House, who: Actor, query: dict[str, Any], instagram_account_id: str) -> Any:
        """Who wrote last comes first."""
        filters = (query.get("search"), query.get("tag"))
        found = contacts.listed(house, who, instagram_account_id, page_of(query), *filters)
        return paged({"contacts": found.rows, "total": found.total}, found)

    @blp.operation(
        "GET",
        f"{ACCOUNT}/tags",
        id="listTags",
        role="agent",
        summary="An account's tags",
        out=schemas.TagSchema(many=True),
    )
    def list_tags(house: House, who: Actor, instagram_account_id: str) -> Any:
        """With the number of contacts that carry each."""
        return contacts.tags_of(house, who, instagram_account_id)


def _one(blp: Blueprint) -> None:
    @blp.operation("GET", ONE, id="getContact", role="agent", summary="One contact", out=schemas.ContactSchema)
    def get_contact(house: House, who: Actor, contact_id: str) -> Any:
        """With tags, attributes and where it is in its flows."""
        return contacts.read(house, who, contact_id)

    @blp.operation(
        "PATCH",
        ONE,
        id="changeContact",
        role="agent",
        summary="Change a contact",
        body=schemas.ContactChange,
        out=schemas.ContactSchema,
        example={"customAttributes": {"email": "ana@example.org", "old": None}},
    )
    def change(house: House, who: Actor, body: dict[str, Any], contact_id: str) -> Any:
        """Attributes that are not named stay; opting out ends what is under way."""
        return contacts.change(house, who, contact_id, body)


def _tags(blp: Blueprint) -> None:
    @blp.operation(
        "POST",
        f"{ONE}/tags",
        id="addTags",
        role="agent",
        summary="Add tags",
        body=schemas.TagsBody,
        out=schemas.TagsSchema,
        example={"tags": ["vip"]},
    )
    def add(house: House, who: Actor, body: dict[str, Any], contact_id: str) -> Any:
        """Those that the contact has already change nothing."""
        return contacts.tag(house, who, contact_id, body["tags"], on=True)

    @blp.operation(
        "DELETE",
        f"{ONE}/tags",
        id="removeTags",
        role="agent",
        summary="Remove tags",
        body=schemas.TagsBody,
        out=schemas.TagsSchema,
        example={"tags": ["vip"]},
    )
    def remove(house: House, who: Actor, body: dict[str, Any], contact_id: str) -> Any:
        """Those that the contact does not have change nothing."""
        return contacts.tag(house, who, contact_id, body["tags"], on=False)


def _flows(blp: Blueprint) -> None:
    @blp.operation(
        "POST",
        f"{ONE}/start-flow",
        id="startFlow",
        role="agent",
        summary="Start a flow for a contact",
        body=schemas.StartBody,
        out=schemas.Asked,
        status=202,
        errors=(409,),
        example={"flowId": "0192f0c1-7a6b-7c3e-8f00-2b1c4d5e6f72"},
        idempotent=True,
    )
    def start(house: House, who: Actor, body: dict[str, Any], contact_id: str) -> Any:
        """The flow must be active; outside the messaging window its messages are recorded as skipped."""
        contacts.start_flow(house, who, contact_id, str(body["flow_id"]), body["args"])
        return {"contact_id": contact_id, "status": QUEUED}

    for word, forget, text in (
        ("stop", False, "All runs of the contact end."),
        ("reset", True, "All runs end, and triggers that fire once may fire again."),
    ):
        _ending(blp, word, forget, text)


def _ending(blp: Blueprint, word: str, forget: bool, text: str) -> None:
    def end(house: House, who: Actor, contact_id: str) -> Any:
        contacts.stop_flow(house, who, contact_id, forget)
        return {"contact_id": contact_id, "status": QUEUED}

    end.__doc__ = text
    blp.operation(
        "POST",
        f"{ONE}/{word}-flow",
        id=f"{word}Flow",
        role="agent",
        summary=f"{word.capitalize()} a contact's flows",
        out=schemas.Asked,
        status=202,
    )(end)
