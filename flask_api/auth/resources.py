"""Auth over HTTP (LLD 4.1)."""

from typing import Any

from flask import Response, make_response, request

from core.model.errors import ServiceError
from core.services import auth, mail_tokens, people, sessions
from core.services.actor import Actor
from core.services.house import House
from flask_api import security
from flask_api.api import Blueprint
from flask_api.auth import cookies, schemas

PERSON = {"email": "ana@example.org", "password": "seven grey herons", "firstName": "Ana", "lastName": "Ruiz"}
ANSWER = {
    "userId": "0192f0c1-7a6b-7c3e-8f00-2b1c4d5e6f70",
    "email": "ana@example.org",
    "token": "eyJ0eXAiOiJhdCtqd3Qi…",
}


def blueprint(house: House) -> Blueprint:
    """The operations under /auth."""
    blp = Blueprint("auth", "Registering, signing in and out")
    _entering(blp)
    _sessions(blp)
    _passwords(blp)
    return blp


def _entering(blp: Blueprint) -> None:
    @blp.operation(
        "POST",
        "/auth/register",
        id="register",
        role="public",
        summary="Register and sign in",
        body=schemas.RegisterBody,
        out=schemas.SignedIn,
        status=201,
        errors=(403, 409),
        example=PERSON,
        answer=ANSWER,
    )
    def register(house: House, who: None, body: dict[str, Any]) -> Response:
        """Makes a person with a workspace of their own. The refresh token goes into a cookie, or into the answer."""
        how = body.pop("refresh")
        cookies.require_safe_origin(how)
        return cookies.signed_in(auth.register(house, auth.Newcomer(**body), cookies.client()), 201, how)

    @blp.operation(
        "POST",
        "/auth/login",
        id="login",
        role="public",
        summary="Sign in",
        body=schemas.LoginBody,
        out=schemas.SignedIn,
        errors=(401, 403),
        example={k: PERSON[k] for k in ("email", "password")},
        answer=ANSWER,
    )
    def login(house: House, who: None, body: dict[str, Any]) -> Response:
        """Ten failures within 15 minutes close an account for the rest of them, a hundred an address."""
        cookies.require_safe_origin(body["refresh"])
        session = auth.login(house, body["email"], body["password"], cookies.client())
        return cookies.signed_in(session, 200, body["refresh"])


def _sessions(blp: Blueprint) -> None:
    @blp.operation(
        "POST",
        "/auth/refresh",
        id="refresh",
        role="public",
        summary="Renew the sign-in",
        body=schemas.RefreshBody,
        out=schemas.SignedIn,
        errors=(401, 403),
        example={},
        answer=ANSWER,
        accepts=(cookies.HEADER,),
    )
    def refresh(house: House, who: None, body: dict[str, Any]) -> Response:
        """Each refresh token is good once; using one again ends the whole sign-in. With the cookie, send X-InstaFlow."""
        token, how = cookies.refresh_token(body)
        if not token:
            raise ServiceError(401, "invalid_refresh", "The refresh token is wrong, expired or revoked")
        return cookies.signed_in(sessions.renew(house, token, cookies.client()), 200, how)

    @blp.operation(
        "POST",
        "/auth/logout",
        id="logout",
        role="public",
        summary="Sign out",
        body=schemas.RefreshBody,
        status=204,
        errors=(403,),
        example={},
        accepts=(cookies.HEADER,),
    )
    def logout(house: House, who: None, body: dict[str, Any]) -> Response:
        """Ends the sign-in of the refresh token (body or cookie) or of the access token; silent when there is none."""
        family = None
        if "Authorization" in request.headers:
            family = security.identify(house).session
        token = cookies.refresh_token(body)[0] if body.get("refresh_token") or not family else None
        auth.logout(house, token, family)
        return cookies.forget(make_response("", 204))


def _passwords(blp: Blueprint) -> None:
    @blp.operation(
        "POST",
        "/auth/password/forgot",
        id="forgotPassword",
        role="public",
        summary="Ask for a reset link",
        body=schemas.ForgotBody,
        status=204,
        example={"email": PERSON["email"]},
    )
    def forgot(house: House, who: None, body: dict[str, Any]) -> None:
        """Answers the same whether the person exists or not."""
        mail_tokens.forgot(house, body["email"], cookies.client())

    @blp.operation(
        "POST",
        "/auth/password/reset",
        id="resetPassword",
        role="public",
        summary="Set a password by the mailed link",
        body=schemas.ResetBody,
        status=204,
        example={"token": "…", "password": "eleven red foxes"},
    )
    def reset(house: House, who: None, body: dict[str, Any]) -> None:
        """Ends every session of the person."""
        mail_tokens.reset(house, body["token"], body["password"])

    @blp.operation(
        "POST",
        "/auth/password/change",
        id="changePassword",
        role="signed-in",
        summary="Change one's password",
        body=schemas.ChangeBody,
        out=schemas.SignedIn,
        example={"currentPassword": PERSON["password"], "password": "eleven red foxes"},
        answer=ANSWER,
    )
    def change(house: House, who: Actor, body: dict[str, Any]) -> Response:
        """Ends every other session; the answer carries the token of a new one."""
        args = (body["current_password"], body["password"], cookies.client())
        return cookies.signed_in(auth.change_password(house, who.user_id, *args), 200, "cookie")

    @blp.operation(
        "POST",
        "/auth/email/verify",
        id="verifyEmail",
        role="public",
        summary="Prove an e-mail address",
        body=schemas.VerifyBody,
        status=204,
        example={"token": "…"},
    )
    def verify(house: House, who: None, body: dict[str, Any]) -> None:
        """By the token of the mailed link."""
        mail_tokens.verify(house, body["token"])

    @blp.operation(
        "POST",
        "/auth/email/verify/resend",
        id="resendVerification",
        role="signed-in",
        summary="Send the verification mail again",
        status=204,
    )
    def resend(house: House, who: Actor) -> None:
        """To one's present address; earlier links stop working."""
        mail_tokens.send_verification(house, who.user_id, people.me(house, who)["email"])
