"""Meta's deauthorize and data-deletion callbacks, and the page on which a person sees how a deletion went."""

from collections.abc import Callable
from html import escape
from typing import Any, Protocol, cast

from flask import Response, request

from core.model.errors import ServiceError
from core.services import deauthorize
from core.services.house import House
from flask_api.api import Blueprint
from flask_api.fields import rfc3339
from flask_api.webhooks.schemas import Deletion, DeletionStarted, Received

BODY = {
    "required": True,
    "content": {
        "application/x-www-form-urlencoded": {
            "schema": {
                "type": "object",
                "required": ["signed_request"],
                "properties": {"signed_request": {"type": "string"}},
            }
        }
    },
}
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Data deletion</title>
<h1>Data deletion</h1><p>Code: {code}</p><p>{sentence}</p></html>"""
SENTENCES = {
    "deleted": "Everything that came from Instagram was deleted at {at}.",
    "nothing_stored": "Nothing that came from Instagram is stored for this request.",
}

Add = Callable[..., None]


class Signed(Protocol):
    """The part of the webhook "instagram" that reads a signed request."""

    def signed_request(self, text: str, secrets: tuple[str, ...]) -> dict[str, Any] | None: ...


def add_callbacks(blp: Blueprint, house: House, add: Add) -> None:
    """Declares the three operations; ``add(blp, method, path, id, view, errors, **doc)`` declares one without a JSON body."""
    _deauthorize(blp, house, add)
    _deletion(blp, house, add)
    _state(blp)


def _deauthorize(blp: Blueprint, house: House, add: Add) -> None:
    def removed() -> dict[str, str]:
        deauthorize.deauthorize(house, *_person(house))
        return {"status": "ok"}

    add(
        blp,
        "POST",
        "/webhooks/instagram/deauthorize",
        "deauthorizeInstagram",
        blp.response(200, Received)(removed),
        (400, 503),
        summary="Somebody removed the app",
        description="Disconnects the accounts that this person connected. 503 for one who is not recorded: Meta asks again.",
        requestBody=BODY,
    )


def _deletion(blp: Blueprint, house: House, add: Add) -> None:
    def delete() -> dict[str, str]:
        code = deauthorize.delete_data(house, *_person(house))
        return {"url": f"{house.settings.public_url}/api/v1/data-deletion/{code}", "confirmation_code": code}

    add(
        blp,
        "POST",
        "/webhooks/instagram/data-deletion",
        "deleteInstagramData",
        blp.response(200, DeletionStarted)(delete),
        (400, 503),
        summary="Somebody asks for the deletion of their data",
        description="Erases what came from Instagram for the accounts that this person connected; their flows stay.",
        requestBody=BODY,
    )


def _state(blp: Blueprint) -> None:
    @blp.operation(
        "GET",
        "/data-deletion/{code}",
        id="getDataDeletion",
        role="public",
        summary="How a deletion went",
        out=Deletion,
        errors=(404,),
    )
    def state(house: House, who: None, code: str) -> Any:
        """JSON, or a page where a browser asks."""
        found = deauthorize.deletion(house, code)
        if request.accept_mimetypes.best_match(["application/json", "text/html"]) != "text/html":
            return found
        sentence = SENTENCES[found["status"]].format(at=rfc3339(found["completed_at"]))
        return Response(PAGE.format(code=escape(code), sentence=sentence), mimetype="text/html")


def _person(house: House) -> tuple[str, int]:
    """Who asks (Meta's app-scoped user id) and when (milliseconds); ServiceError 400 when Meta did not sign it."""
    webhook = cast(Signed, house.registry.webhooks["instagram"])
    payload = webhook.signed_request(request.form.get("signed_request", ""), house.settings.meta_app_secrets)
    if payload is None:
        raise ServiceError(400, "invalid_signature", "The signed_request is missing or wrong")
    user_id, issued = payload.get("user_id"), payload.get("issued_at")
    if not isinstance(user_id, (str, int)) or isinstance(user_id, bool) or not 0 < len(str(user_id)) <= 64:
        raise ServiceError(400, "invalid_payload", "The signed_request names no user")
    seconds = issued if isinstance(issued, int) and 0 < issued < 10**11 else 0
    return str(user_id), seconds * 1000
