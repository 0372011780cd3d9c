"""The API's own rate limits, per person and else per address; off by INSTAFLOW_RATE_LIMITS=off."""

from flask import Flask, Response, g, request

from core.model.errors import ServiceError
from core.services.house import House
from flask_api import security

PER_CALLER = "600 per minute"
PER_ADDRESS_SIGNING_IN = "60 per minute"
FREE = ("/healthz", "/readyz", "/metrics", "/static/", "/docs", "/openapi.json", "/api/v1/webhooks/")
"""Not counted: probes, the documentation, and webhooks, which carry a signature."""
WAIT = "X-InstaFlow-Wait"
"""Where the limiter writes when to come back; it never leaves the house."""


def register(app: Flask, house: House) -> None:
    """Counts requests in memory, or in Redis where the queue is there, so that all web processes count together."""
    if not house.settings.rate_limits:
        return
    from flask_limiter import HeaderNames, Limiter

    app.after_request(_told_when_refused)
    queue = house.settings.queue_url
    storage = queue if queue.startswith(("redis://", "rediss://")) else "memory://"
    limiter = Limiter(
        _caller,
        app=app,
        application_limits=[_limit],
        storage_uri=storage,
        headers_enabled=True,
        header_name_mapping={HeaderNames.RETRY_AFTER: WAIT},
        swallow_errors=True,
        in_memory_fallback_enabled=storage != "memory://",
        in_memory_fallback=[PER_CALLER] if storage != "memory://" else [],
    )
    limiter.request_filter(lambda: request.path.startswith(FREE))


def _told_when_refused(response: Response) -> Response:
    """Retry-After belongs to refusals: the limiter would put it on every answer, over that of a 503 too."""
    wait = response.headers.pop(WAIT, None)
    if wait is not None and response.status_code == 429:
        response.headers.setdefault("Retry-After", wait)
    return response


def _limit() -> str:
    return PER_ADDRESS_SIGNING_IN if request.path.startswith("/api/v1/auth/") else PER_CALLER


def _caller() -> str:
    """The person when the token is good, else the address."""
    address = request.remote_addr or "unknown"
    if request.path.startswith("/api/v1/auth/") or "Authorization" not in request.headers:
        return f"address:{address}:{request.path.startswith('/api/v1/auth/')}"
    try:
        return f"user:{security.claims()['sub']}"
    except ServiceError:
        g.pop("claims", None)
        return f"address:{address}:"
