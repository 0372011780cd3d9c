"""Oneself over HTTP (LLD 4.1, users/me)."""

from typing import Any

from core.services import people
from core.services.actor import Actor
from core.services.house import House
from flask_api.api import Blueprint
from flask_api.people import schemas


def blueprint(house: House) -> Blueprint:
    """The operations under /users/me."""
    blp = Blueprint("people", "One's own profile and sign-ins")
    _profile(blp)
    _sessions(blp)
    return blp


def _profile(blp: Blueprint) -> None:
    @blp.operation("GET", "/users/me", id="getMe", role="signed-in", summary="Oneself", out=schemas.UserSchema)
    def get_me(house: House, who: Actor) -> Any:
        """The profile of the person who asks."""
        return people.me(house, who)

    @blp.operation(
        "PATCH",
        "/users/me",
        id="changeMe",
        role="signed-in",
        summary="Change one's profile",
        body=schemas.UserPatch,
        out=schemas.UserSchema,
        errors=(401, 409),
        example={"firstName": "Ana"},
    )
    def change_me(house: House, who: Actor, body: dict[str, Any]) -> Any:
        """Another e-mail is to be verified anew."""
        return people.change(house, who, body)

    @blp.operation(
        "DELETE",
        "/users/me",
        id="eraseMe",
        role="signed-in",
        summary="Erase oneself",
        body=schemas.EraseBody,
        status=204,
        example={"password": "seven grey herons"},
    )
    def erase_me(house: House, who: Actor, body: dict[str, Any]) -> None:
        """Deletes the person and everything in their workspace, for good."""
        people.erase(house, who, body["password"])


def _sessions(blp: Blueprint) -> None:
    @blp.operation(
        "GET",
        "/users/me/sessions",
        id="listSessions",
        role="signed-in",
        summary="Live sign-ins",
        out=schemas.SessionSchema(many=True),
    )
    def list_sessions(house: House, who: Actor) -> Any:
        """Where one is signed in, the newest first."""
        return people.sign_ins(house, who)

    @blp.operation(
        "DELETE",
        "/users/me/sessions",
        id="endOtherSessions",
        role="signed-in",
        summary="End all other sign-ins",
        status=204,
    )
    def end_other_sessions(house: House, who: Actor) -> None:
        """Only the one that asks stays."""
        people.end_others(house, who)

    @blp.operation(
        "DELETE",
        "/users/me/sessions/{sessionId}",
        id="endSession",
        role="signed-in",
        summary="End a sign-in",
        status=204,
    )
    def end_session(house: House, who: Actor, session_id: str) -> None:
        """At once: its access token is refused as well."""
        people.end_sign_in(house, who, session_id)
