"""Instagram's webhook in the OpenAPI document (LLD 4.9): the handshake, and the receiver's own function."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from threading import Lock
from typing import Any

from flask import Response, g, request

from core.model.errors import ServiceError
from core.runtime.intake import Intake
from core.services.house import House
from flask_api.answers import RETRY_AFTER
from flask_api.api import Blueprint
from flask_api.webhooks.callbacks import add_callbacks
from flask_api.webhooks.handshake import handshake
from flask_api.webhooks.receiver import Receiver, trace_of
from flask_api.webhooks.schemas import Received

PATH = "/webhooks/instagram"
SIGNATURE = {
    "in": "header",
    "name": "X-Hub-Signature-256",
    "description": "sha256= and the HMAC-SHA256 of the raw body under the app's secret",
    "schema": {"type": "string"},
}
BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {"type": "object", "properties": {"object": {"type": "string"}, "entry": {"type": "array"}}},
            "example": {
                "object": "instagram",
                "entry": [
                    {
                        "id": "17841400000000101",
                        "time": 1795392001480,
                        "messaging": [
                            {
                                "sender": {"id": "836120000000201"},
                                "recipient": {"id": "17841400000000101"},
                                "timestamp": 1795392001120,
                                "message": {"mid": "aWdfZAG1", "text": "Hi! Do you deliver on Sundays?"},
                            }
                        ],
                    }
                ],
            },
        }
    },
}


def blueprint(house: House) -> Blueprint:
    """The operations under /webhooks/instagram."""
    blp = Blueprint("webhooks", "What Instagram calls")
    _handshake(blp, house)
    _delivery(blp, house)
    add_callbacks(blp, house, _add)
    return blp


def _handshake(blp: Blueprint, house: House) -> None:
    def verify() -> Response:
        challenge = handshake(request.args, house.settings.meta_verify_token)
        if challenge is None:
            raise ServiceError(403, "forbidden", "The mode, the token or the challenge is not the expected one")
        return Response(challenge, 200, mimetype="text/plain")

    documented = blp.response(200, {"type": "string"}, content_type="text/plain", description="The challenge")(verify)
    _add(
        blp,
        "GET",
        PATH,
        "verifyInstagramWebhook",
        documented,
        (403,),
        summary="Agree to be Instagram's callback",
        description="Meta asks this once, when the callback address is set up.",
        parameters=[
            {"in": "query", "name": name, "required": True, "schema": {"type": "string"}}
            for name in ("hub.mode", "hub.challenge", "hub.verify_token")
        ],
    )


def _delivery(blp: Blueprint, house: House) -> None:
    receiver = _lazy(house)

    def receive() -> dict[str, str]:
        signature = request.headers.get("X-Hub-Signature-256", "").encode("latin-1", "replace")
        answer = receiver().take(request.get_data(), signature, trace_of(g.request_id))
        if answer.code:
            details = {"retryAfter": int(RETRY_AFTER)} if answer.status == 503 else {}
            raise ServiceError(answer.status, answer.code, answer.message, details)
        return {"status": "ok"}

    _add(
        blp,
        "POST",
        PATH,
        "receiveInstagramWebhook",
        blp.response(200, Received)(receive),
        (400, 413, 503),
        summary="Take what happened on Instagram",
        description=(
            "Answers 200 after the events are stored, whatever is inside; 400 `invalid_signature` or `invalid_payload`; 503 when"
            " they could not be stored, so that Instagram delivers them again. At most 4 MiB. In the running installation a"
            " receiver in front of this application answers, by the same function."
        ),
        parameters=[SIGNATURE],
        requestBody=BODY,
    )


def _add(blp: Blueprint, method: str, path: str, id: str, view: Any, errors: Sequence[int], **doc: Any) -> None:
    """Declares a public operation whose body and answer are not JSON of ours."""
    for status in errors:
        view = blp.alt_response(status, response=HTTPStatus(status).name)(view)
    view = blp.doc(operationId=id, security=[], **doc, **{"x-role": "public"})(view)
    blp.add_url_rule(path, id, view, methods=[method], provide_automatic_options=False)


def _lazy(house: House) -> Callable[[], Receiver]:
    """The house's receiver, made when it is first needed: a process that has one in front never needs it."""
    lock = Lock()
    made: list[Receiver] = []

    def receiver() -> Receiver:
        with lock:
            if not made:
                intake = Intake(house.store.db, house.clock, house.wake_drain)
                webhook = house.registry.webhooks["instagram"]
                made.append(Receiver(intake, webhook, house.settings.meta_app_secrets, house.clock))
        return made[0]

    return receiver
