"""Our own Api and Blueprint: an operation is declared in one place, with its role, schemas, errors and example."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from http import HTTPStatus
from typing import Any

import flask_smorest
from flask import Flask

from flask_api.fields import Anything, ErrorSchema, Instant, Nothing
from flask_api.guard import guarded
from flask_api.parser import Parser
from flask_api.spec import INFO, finish

PREFIX = "/api/v1"
READ = {
    "Idempotency-Key": "The same key and body answer the first response again; another body is refused",
    "If-Match": "The ETag that you read; refused with 412 when somebody has saved in between",
    "X-InstaFlow": "Any value; demanded when the refresh token comes as a cookie, so that no other site can send it",
}
"""What the headers mean that operations read."""
_PARAMETER = re.compile(r"\{(\w+)\}")


class Api(flask_smorest.Api):  # type: ignore[misc]
    """flask-smorest's Api with the house's one error shape."""

    ERROR_SCHEMA = ErrorSchema

    def init_app(self, app: Flask, *, spec_kwargs: Any = None) -> None:
        """Sets up the OpenAPI document."""
        self.register_field(Instant, "string", "date-time")
        self.register_field(Anything, None, None)
        super().init_app(app, spec_kwargs={**INFO, **(spec_kwargs or {})})

    def _register_error_handlers(self) -> None:
        """``flask_api.errors`` does that, for smorest's errors and all others."""

    def document(self) -> dict[str, Any]:
        """The OpenAPI document as JSON."""
        return finish(self.spec.to_dict())


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]
    """A feature's operations. ``name`` is their tag in the document.

    >>> blueprint = Blueprint("shop", "Orders and such")
    >>> @blueprint.operation("GET", "/orders/{orderId}", id="getOrder", role="agent", summary="One order")
    ... def get_order(house, who, order_id):
    ...     return {"orderId": order_id}
    """

    ARGUMENTS_PARSER = Parser()

    def __init__(self, name: str, description: str = "", prefix: str = PREFIX) -> None:
        super().__init__(name, f"flask_api.{name}", url_prefix=prefix, description=description)

    def operation(
        self,
        method: str,
        path: str,
        *,
        id: str,
        role: str,
        summary: str,
        body: Any = None,
        query: Any = None,
        out: Any = None,
        status: int = 200,
        errors: Sequence[int] = (),
        example: Any = None,
        answer: Any = None,
        headers: Mapping[str, str] | None = None,
        accepts: Sequence[str] = (),
        idempotent: bool = False,
        raw: tuple[str, Any] | None = None,
        form: Mapping[str, Any] | None = None,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Declares an operation.

        The function gets ``(house, who, body?, query?, *path values)``; ``who`` is None when ``role`` is ``public``. ``id`` is
        the stable operationId, ``errors`` the statuses beside the usual ones, ``example``/``answer`` of body and answer,
        ``headers`` (answered) and ``accepts`` (read) by name, ``idempotent`` = takes an Idempotency-Key,
        ``raw`` = (media type, example) of an answer without a schema, ``form`` = schema and example of a
        multipart body. ``{orderId}`` in the path is a UUID, ``{number}`` and single letters are whole numbers, ``{name}`` and ``{code}`` are words.
        """

        def decorator(function: Callable[..., Any]) -> Callable[..., Any]:
            view = self.response(status, out, example=answer, headers=_documented(headers))(function)
            view = view if query is not None else _without_query(view)
            view = self.arguments(query if query is not None else Nothing, location="query")(view)
            if body is not None:
                view = self.arguments(body, location="json", example=example)(view)
            read = [*accepts, *(["Idempotency-Key"] if idempotent else [])]
            refusals = {code: HTTPStatus(code).name for code in _usual(role, path, body, errors)}
            view = self.doc(responses=refusals, **_manual(id, role, summary, function.__doc__, read))(view)
            if raw is not None:
                view = self.doc(responses={status: {"content": {raw[0]: {"example": raw[1]}}}})(view)
            if form is not None:
                view = self.doc(requestBody={"required": True, "content": {"multipart/form-data": dict(form)}})(view)
            named = guarded(view, id, role, body is not None, idempotent)
            rule = _PARAMETER.sub(_converter, path)
            self.add_url_rule(rule, id, named, methods=[method])
            return function

        return decorator


def _without_query(view: Callable[..., Any]) -> Callable[..., Any]:
    """Drops the empty query that was only parsed to refuse unknown keys."""

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        return view(*args[:-1], **kwargs)

    return wrapper


def _converter(found: re.Match[str]) -> str:
    name = found[1]
    if name in ("name", "code", "kind"):
        return f"<{name}>"
    return f"<int:{name}>" if name == "number" or len(name) == 1 else f"<uuid:{name}>"


def _usual(role: str, path: str, body: Any, errors: Sequence[int]) -> list[int]:
    found = {*errors, 400, 429, 500, 503}
    if role != "public":
        found |= {401, 403}
    if "{" in path:
        found.add(404)
    if body is not None:
        found |= {413, 415}
    return sorted(found)


def _manual(id: str, role: str, summary: str, description: str | None, read: Sequence[str]) -> dict[str, Any]:
    doc: dict[str, Any] = {
        "operationId": id,
        "summary": summary,
        "x-role": role,
        "security": [] if role == "public" else [{"bearer": []}],
        "description": " ".join((description or summary).split()),
    }
    if read:
        doc["parameters"] = [
            {"in": "header", "name": name, "description": READ[name], "schema": {"type": "string"}} for name in read
        ]
    return doc


def _documented(headers: Mapping[str, str] | None) -> dict[str, Any] | None:
    if not headers:
        return None
    return {name: {"description": text, "schema": {"type": "string"}} for name, text in headers.items()}
