"""What the OpenAPI document says of the API as a whole, and its last touches."""

import re
from http import HTTPStatus
from typing import Any

from flask_api.codes import BY_STATUS, NAMED, table
from flask_api.samples import sample

METHODS = {"get", "post", "put", "patch", "delete"}

DESCRIPTION = f"""Automation for Instagram: flows, triggers, contacts and conversations.

Keys are camelCase, ids are UUIDs, times are RFC 3339 in UTC. Sign in at `POST /api/v1/auth/login` and send the answered token as
`Authorization: Bearer <token>`; it lives for 15 minutes and is renewed at `POST /api/v1/auth/refresh`. Lists take `page` (from 1)
and `limit` (1 to 100) and answer their size in the header `X-Pagination`. Unknown keys in a body or query are refused. POSTs that
create or send take an `Idempotency-Key`. A resource of another tenant is answered as 404. Each operation names in `x-role` the
least role that may call it.

Every error is `{{"code", "message", "details"}}`:

{table()}
"""

INFO: dict[str, Any] = {
    "info": {
        "description": DESCRIPTION,
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    },
    "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}},
    "security": [{"bearer": []}],
}


def finish(document: dict[str, Any]) -> dict[str, Any]:
    """The document with its paths and components in a stable order, its errors explained, and an example of each answer."""
    document["paths"] = dict(sorted(document["paths"].items()))
    document["components"] = {k: dict(sorted(v.items())) for k, v in sorted(document["components"].items())}
    _explained(document["components"].get("responses", {}))
    schemas = document["components"].get("schemas", {})
    for item in document["paths"].values():
        _described(item.get("parameters", []))
        for method in METHODS & item.keys():
            _exemplified(item[method], schemas)
    return document


def _explained(responses: dict[str, Any]) -> None:
    """Each error's meaning, and the codes it comes with."""
    for name, response in responses.items():
        status = HTTPStatus[name].value if name in HTTPStatus.__members__ else 0
        usual = dict([BY_STATUS[status]] if status in BY_STATUS else [])
        codes = {**usual, **{c: m for c, (s, m) in sorted(NAMED.items()) if s == status}}
        if codes:
            response |= {"description": next(iter(codes.values())), "x-codes": codes}


def _described(parameters: list[dict[str, Any]]) -> None:
    """What the values in a path are."""
    for one in parameters:
        if "name" in one and "description" not in one:
            words = re.sub(r"(?<=[a-z])([A-Z])", r" \1", one["name"]).lower().removesuffix(" id")
            words = words.replace("instagram", "Instagram")
            one["description"] = f"The {words}'s id" if one["name"].endswith("Id") else f"The {words}"


def _exemplified(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    good = [r for status, r in operation["responses"].items() if status.startswith("2")]
    for part in [operation.get("requestBody", {}), *good]:
        for content in part.get("content", {}).values():
            if "example" not in content and "schema" in content:
                content["example"] = sample(content["schema"], schemas)
