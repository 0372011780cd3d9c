"""The one shape of every error: {"code", "message", "details"}, whatever went wrong and wherever."""

import logging
from collections.abc import Iterator, Mapping
from typing import Any, cast

from flask import Flask, Response, current_app
from werkzeug.exceptions import HTTPException

from core.model.errors import ServiceError, StoreError
from flask_api.codes import BY_STATUS, NAMED

log = logging.getLogger(__name__)


def answer(
    status: int,
    code: str,
    message: str,
    details: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """An error as the API answers it."""
    body = current_app.json.dumps({"code": code, "message": message, "details": dict(details or {})})
    return Response(body, status, headers, mimetype="application/json")


def register(app: Flask) -> None:
    """Makes the app answer every error in the one shape."""
    app.register_error_handler(ServiceError, _refused)
    app.register_error_handler(StoreError, _unavailable)
    app.register_error_handler(HTTPException, http)
    app.register_error_handler(Exception, _crashed)


def http(error: HTTPException) -> Response:
    """Werkzeug's and webargs' errors; a schema's findings become ``details`` = field -> messages."""
    status = error.code or 500
    if status < 400:
        return cast(Response, error.get_response())
    data = getattr(error, "data", None) or {}
    headers = {k: v for k, v in error.get_headers() if k in ("Allow", "Retry-After", "WWW-Authenticate")}
    headers.update(data.get("headers") or {})
    if "messages" in data:
        return answer(400, "validation_failed", BY_STATUS[400][1], dict(flat(data["messages"])), headers)
    code, message = BY_STATUS.get(status, (f"http_{status}", error.name))
    return answer(status, code, message, None, headers)


def flat(messages: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """A schema's nested findings as dotted field -> list of messages; webargs' location (json, query) is left out.

    >>> dict(flat({"json": {"name": ["too long"], "items": {0: {"url": ["not a URL"]}}}}))
    {'name': ['too long'], 'items.0.url': ['not a URL']}
    """
    if not isinstance(messages, Mapping):
        yield path or "_schema", [str(m) for m in (messages if isinstance(messages, list) else [messages])]
        return
    for key, value in messages.items():
        if not path and key in ("json", "query", "form", "headers"):
            yield from flat(value)
        else:
            yield from flat(value, f"{path}.{key}" if path else str(key))


def _refused(error: ServiceError) -> Response:
    headers = {}
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if "retryAfter" in error.details:
        headers["Retry-After"] = str(error.details["retryAfter"])
    return answer(error.status, error.code, error.message, error.details, headers)


def _unavailable(error: StoreError) -> Response:
    """Down, full, read-only, locked, or of another version: whatever the operation, the same answer, and nothing was changed."""
    log.error("the database cannot serve", extra={"reason": str(error)})
    return answer(503, "store_unavailable", NAMED["store_unavailable"][1], None, {"Retry-After": "1"})


def _crashed(error: Exception) -> Response:
    log.exception("a request failed", exc_info=error)
    return answer(500, *BY_STATUS[500])
