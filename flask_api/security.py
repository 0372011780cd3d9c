"""Who asks: access tokens (JWT, HS256, 15 minutes) made and read, checked against the user's row on every request."""

from datetime import timedelta
from typing import Any

import jwt
from flask import Flask, g, request
from flask_jwt_extended import JWTManager, create_access_token, decode_token
from flask_jwt_extended.exceptions import JWTExtendedException
from jwt.exceptions import ExpiredSignatureError, InvalidTokenError

from core.model.errors import ServiceError
from core.services import sessions
from core.services.actor import Actor
from core.services.house import House

AUDIENCE = "instaflow-api"
ISSUER = "instaflow"
TYPE = "at+jwt"
ACCESS_SECONDS = 15 * 60


def register(app: Flask, house: House) -> None:
    """Sets up the signing of access tokens."""
    app.config.update(
        JWT_SECRET_KEY=house.settings.secret_key,
        JWT_ALGORITHM="HS256",
        JWT_DECODE_ALGORITHMS=["HS256"],
        JWT_ENCODE_AUDIENCE=AUDIENCE,
        JWT_DECODE_AUDIENCE=AUDIENCE,
        JWT_ENCODE_ISSUER=ISSUER,
        JWT_DECODE_ISSUER=ISSUER,
        JWT_ACCESS_TOKEN_EXPIRES=timedelta(seconds=ACCESS_SECONDS),
        JWT_TOKEN_LOCATION=["headers"],
        JWT_HEADER_TYPE="Bearer",
        JWT_COOKIE_CSRF_PROTECT=False,
        JWT_ERROR_MESSAGE_KEY="message",
    )
    JWTManager(app)


def access_token(session: sessions.Session) -> str:
    """A token for the person of a session: claims ``sub``, ``userId``, ``roles``, ``sid`` (the sign-in), ``ver``."""
    claims = {
        "userId": session.user_id,
        "roles": [session.role],
        "sid": session.family,
        "ver": session.token_version,
    }
    token: str = create_access_token(session.user_id, additional_claims=claims, additional_headers={"typ": TYPE})
    return token


def claims() -> dict[str, Any]:
    """The claims of the request's access token, once per request. Raises ServiceError 401."""
    if "claims" not in g:
        g.claims = _read()
    found: dict[str, Any] = g.claims
    return found


def _read() -> dict[str, Any]:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise _unauthorized("Sign in first: send a valid access token as 'Authorization: Bearer …'")
    try:
        header = jwt.get_unverified_header(token.strip())
        found: dict[str, Any] = decode_token(token.strip())
    except ExpiredSignatureError as e:
        raise ServiceError(401, "token_expired", "The access token has expired: refresh it") from e
    except (InvalidTokenError, JWTExtendedException, ValueError, TypeError) as e:
        raise _unauthorized("The access token is not valid") from e
    if header.get("typ") != TYPE or found.get("type") != "access" or not isinstance(found.get("exp"), int):
        raise _unauthorized("This is not an access token")
    return found


def identify(house: House) -> Actor:
    """Who asks. Raises ServiceError 401 for no token, a bad one, an ended session or a person who may not sign in."""
    found = claims()
    role = sessions.standing(house, str(found.get("sub")), str(found.get("sid")), found.get("ver"))
    if role is None:
        raise _unauthorized("The session has ended: sign in again")
    return Actor(str(found["sub"]), role, str(found["sid"]), request.headers.get("Idempotency-Key"))


def _unauthorized(message: str) -> ServiceError:
    return ServiceError(401, "unauthorized", message)
