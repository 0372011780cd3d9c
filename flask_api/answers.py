"""Answers that are given without Flask: in front of it, while it loads, and when it fails."""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask_api.headers import security_headers

RETRY_AFTER = "5"
REASONS = {200: "200 OK", 400: "400 Bad Request", 413: "413 Content Too Large", 503: "503 Service Unavailable"}


class Answer(NamedTuple):
    """An HTTP answer; ``code`` is "" when all is well."""

    status: int
    code: str = ""
    message: str = ""


def written(answer: Answer, trace: str, https: bool) -> tuple[list[tuple[str, str]], bytes]:
    """The answer's headers, without its length, and body.

    >>> written(Answer(200), "t", False)[1]
    b'{"status":"ok"}'
    >>> written(Answer(503, "busy", "Later"), "t", False)[1]
    b'{"code":"busy","message":"Later","details":{}}'
    """
    if answer.code:
        body = b'{"code":"%s","message":"%s","details":{}}' % (answer.code.encode(), answer.message.encode())
    else:
        body = b'{"status":"ok"}'
    headers = [
        ("Content-Type", "application/json"),
        ("Cache-Control", "no-store"),
        ("X-Request-Id", trace),
        *security_headers(https),
    ]
    if answer.status == 503:
        headers.append(("Retry-After", RETRY_AFTER))
    return headers, body


def respond(answer: Answer, trace: str, https: bool, start_response: Callable[..., Any]) -> list[bytes]:
    """By WSGI. A list: granian sends anything else as a stream, at twice the cost."""
    headers, body = written(answer, trace, https)
    start_response(REASONS[answer.status], [*headers, ("Content-Length", str(len(body)))])
    return [body]
