"""What happens around every request: ids for the logs, security headers, X-Pagination, request metrics."""

import logging
import time
from contextlib import ExitStack

from flask import Flask, Response, g, request

from core.observe import bound
from core.store.ids import new_id
from flask_api import metrics
from flask_api.headers import request_id, security_headers

log = logging.getLogger(__name__)


def register(app: Flask) -> None:
    """Hooks the edge into the app."""
    app.before_request(_begin)
    app.after_request(_finish)
    app.teardown_request(_end)


def _begin() -> None:
    g.began = time.perf_counter()
    g.request_id = request_id(request.headers.get("X-Request-Id"), new_id())
    g.stack = ExitStack()
    g.stack.enter_context(bound(request=g.request_id, trace=g.request_id))


def _finish(response: Response) -> Response:
    for name, value in security_headers(request.is_secure):
        response.headers.setdefault(name, value)
    response.headers["X-Request-Id"] = g.get("request_id", "")
    if request.path.startswith("/api/"):
        response.headers.setdefault("Cache-Control", "no-store")
    took = time.perf_counter() - g.get("began", time.perf_counter())
    operation = request.endpoint or "none"
    metrics.request(request.method, operation, response.status_code, took)
    if log.isEnabledFor(logging.DEBUG):
        who = g.get("claims", {}).get("sub")
        found = {"operation": operation, "status": response.status_code, "ms": round(took * 1000), "user": who}
        log.debug("request served", extra=found)
    return response


def _end(_error: BaseException | None) -> None:
    stack: ExitStack | None = g.pop("stack", None)
    if stack is not None:
        stack.close()
