"""Reading bodies and queries: unknown keys refused everywhere, 400 instead of 422, 415 for what is not JSON."""

from typing import Any, NoReturn

import marshmallow as ma
import orjson
from flask import Request
from webargs import core
from webargs.flaskparser import FlaskParser

from core.model.errors import ServiceError
from core.model.limits import DOCUMENT_DEPTH

DEPTH = DOCUMENT_DEPTH * 3
"""Levels of a body; the flow's own limit is checked by the compiler, with a diagnostic."""


class Parser(FlaskParser):
    """webargs' parser with the API's rules."""

    DEFAULT_VALIDATION_STATUS = 400
    DEFAULT_UNKNOWN_BY_LOCATION = {
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": ma.RAISE,
        "querystring": ma.RAISE,
    }

    def _raw_load_json(self, req: Request) -> Any:
        data = req.get_data(cache=True)
        if not data:
            return core.missing
        if not core.is_json(req.mimetype):
            raise ServiceError(415, "unsupported_media_type", "Send the body as application/json")
        return strict(data)

    def load_querystring(self, req: Request, schema: ma.Schema) -> Any:
        """The query; NUL characters are refused here, once for all."""
        if any("\x00" in part for pair in req.args.items(multi=True) for part in pair):
            raise ServiceError(400, "validation_failed", "A NUL character is not allowed in a query")
        return super().load_querystring(req, schema)

    def _handle_invalid_json_error(self, error: Any, req: Request, *args: Any, **kwargs: Any) -> NoReturn:
        raise ServiceError(400, "malformed_json", "The body is not JSON")


def strict(data: bytes) -> Any:
    """The JSON value of a body. Refuses what either store cannot keep: NUL characters, lone surrogates, NaN.

    >>> strict(b'{"a": 1}')
    {'a': 1}
    """
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as e:
        raise ServiceError(400, "malformed_json", "The body is not JSON", {"at": str(e)}) from e
    if b"\\u0000" in data and _has_nul(value):
        raise ServiceError(400, "validation_failed", "A NUL character is not allowed anywhere in the body")
    if data.count(b"[") + data.count(b"{") > DEPTH and _depth(value) > DEPTH:
        raise ServiceError(400, "validation_failed", f"The body is nested deeper than {DEPTH} levels")
    return value


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return value if isinstance(value, list) else []


def _has_nul(value: Any) -> bool:
    pending = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, str) and "\x00" in one:
            return True
        pending.extend(_children(one))
    return False


def _depth(value: Any) -> int:
    level, depth = [value], 0
    while level:
        depth += 1
        level = [child for one in level for child in _children(one) if isinstance(child, (dict, list))]
    return depth
