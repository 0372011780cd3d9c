"""Idempotency-Key: the same key and body answer the first response again; another body is a conflict."""

import hashlib
from collections.abc import Callable
from typing import Any

from flask import Response, current_app, make_response, request

from core.model.errors import ServiceError
from core.services import idempotency
from core.services.actor import Actor
from core.services.house import House


def once(house: House, who: Actor, run: Callable[[], Any]) -> Any:
    """Runs the operation, or answers what it answered the first time. A refused attempt may be repeated."""
    key = who.key or ""
    if len(key) > 200 or not key.isprintable():
        raise ServiceError(400, "validation_failed", "Idempotency-Key: at most 200 printable characters")
    route = f"{request.method} {request.path}"[:200]
    digest = hashlib.sha256(request.get_data()).hexdigest()
    stored = idempotency.begin(house, who, key, route, digest)
    if stored is not None:
        return _again(stored)
    try:
        response = make_response(run())
    except BaseException:
        idempotency.forget(house, who, key)
        raise
    kept = {k: v for k, v in response.headers.items() if k in ("ETag", "Location")}
    idempotency.finish(house, who, key, response.status_code, {"body": response.get_json(), "headers": kept})
    return response


def _again(stored: idempotency.Stored) -> Response:
    body = current_app.json.dumps(stored.response["body"])
    headers = {**stored.response["headers"], "Idempotent-Replayed": "true"}
    return Response(body, stored.status, headers, mimetype="application/json")
