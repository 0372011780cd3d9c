"""What the OpenAPI document says of the API as a whole, and its last touches."""

from typing import Any

from flask_api.codes import table

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
    """The document with its paths and components in a stable order."""
    document["paths"] = dict(sorted(document["paths"].items()))
    document["components"] = {k: dict(sorted(v.items())) for k, v in sorted(document["components"].items())}
    return document
