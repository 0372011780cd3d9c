"""The refresh token's cookie: on https __Host- and Secure, on an http loopback address by port, elsewhere none (decision 34)."""

from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, make_response, request

from core.model.errors import ServiceError
from core.services.sessions import Client, Session
from flask_api.security import access_token

LOOPBACK = ("127.0.0.1", "localhost", "::1")
HEADER = "X-InstaFlow"


def client() -> Client:
    """The other end of this request."""
    return Client(request.remote_addr or "", request.headers.get("User-Agent", ""))


def name() -> str | None:
    """The cookie's name at this address, or None when no cookie would be safe."""
    if request.is_secure:
        return "__Host-instaflow_refresh"
    here = urlsplit(f"//{request.host}")
    if here.hostname in LOOPBACK or str(here.hostname).startswith("127."):
        return f"instaflow_refresh_{here.port or 80}"
    return None


def signed_in(session: Session, status: int, how: str) -> Response:
    """The answer of a sign-in; ``how`` says where the refresh token goes: cookie or body."""
    body: dict[str, Any] = {"userId": session.user_id, "email": session.email, "token": access_token(session)}
    if how == "body":
        body["refreshToken"] = session.refresh
    response = make_response(current_app.json.dumps(body), status)
    response.mimetype = "application/json"
    if how == "cookie" and (cookie := name()):
        age = 30 * 24 * 3600
        response.set_cookie(cookie, session.refresh, age, secure=request.is_secure, httponly=True, samesite="Strict")
    return response


def require_safe_origin(how: str) -> None:
    """Refuses a browser on plain http elsewhere than on a loopback address: it could keep no sign-in safe."""
    browser = "Origin" in request.headers or "Sec-Fetch-Site" in request.headers
    if how == "cookie" and browser and name() is None:
        message = "A browser cannot keep a sign-in safe over http; use https or a loopback address"
        raise ServiceError(400, "insecure_origin", message)


def refresh_token(body: dict[str, Any]) -> tuple[str | None, str]:
    """The refresh token and whence it came. A cookie counts only with our header and from our own origin (CSRF)."""
    if body.get("refresh_token"):
        return body["refresh_token"], "body"
    cookie = name()
    token = request.cookies.get(cookie) if cookie else None
    origin = request.headers.get("Origin")
    if token and (HEADER not in request.headers or (origin and urlsplit(origin).netloc != request.host)):
        raise ServiceError(403, "origin_refused", f"Send the header {HEADER} from this application's own origin")
    return token, "cookie"


def forget(response: Response) -> Response:
    """Takes the cookie away."""
    if cookie := name():
        response.delete_cookie(cookie, secure=request.is_secure, httponly=True, samesite="Strict")
    return response
