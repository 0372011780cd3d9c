"""Every operation of the document with odd values in body, query and headers: an answer in the one shape, never a 500."""

import json
import random
import re
import uuid
from typing import Any
from urllib.parse import urlencode

from core.cli.openapi import document
from tests.api.conftest import Shop, Town
from tests.api.test_document import bodies, operations, things

ODD: list[Any] = [
    *(None, True, False, 0, -1, 1.5, 10**18, 10**30, -(10**30), "", "x", "\x00", "é" * 50, "a" * 3000, "%", "_", "💥"),
    *(
        [],
        [1],
        [[]],
        {},
        {"a": {"b": [None]}},
        {"$ref": "#"},
        ["x"] * 300,
        "2026-01-01",
        "\ud83d",
        "'; DROP TABLE x;--",
    ),
    *("00000000-0000-0000-0000-000000000000", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"),
]
LEFT_OUT = {
    *("logout", "eraseMe", "changePassword", "login", "register", "endOtherSessions", "endSession", "resetPassword"),
    *("forgotPassword", "disconnectInstagramAccount", "deleteFlow", "deleteTrigger", "sendMessage"),
}
"""They end the session or the things that the others are tried on; sending waits for an outcome."""
ROUNDS = 8


def mutated(value: Any, dice: random.Random) -> Any:
    """The value with odd ones in it."""
    if dice.random() < 0.35:
        return dice.choice(ODD)
    if isinstance(value, dict):
        found = {k: mutated(v, dice) if dice.random() < 0.5 else v for k, v in value.items()}
        return {**found, "userId": dice.choice(ODD)} if dice.random() < 0.2 else found
    return [mutated(v, dice) for v in value] if isinstance(value, list) else value


def test_no_operation_ever_crashes(town: Town, shop: Shop) -> None:
    dice, own = random.Random(5), things(shop)
    wanted = [o for o in operations(json.loads(document())) if o[2]["operationId"] not in LEFT_OUT]
    for method, path, operation in wanted * ROUNDS:
        address = re.sub(r"\{(\w+)\}", lambda m: own.get(m[1], str(uuid.uuid4())), path)
        names = [p["name"] for p in operation.get("parameters", ()) if p.get("in") == "query" and dice.random() < 0.4]
        query = {name: str(dice.choice(ODD)).encode("utf-8", "replace") for name in names}
        body = bodies(operation, own)
        headers = {"Authorization": f"Bearer {shop.token}"}
        if dice.random() < 0.2:
            headers |= {
                "Idempotency-Key": dice.choice(["k", "x" * 300]),
                "If-Match": dice.choice(["*", '"r1"', "junk"]),
            }
        answer = shop.client.open(
            f"{address}?{urlencode(query)}",
            method=method.upper(),
            data=None if body is None else json.dumps(mutated(body, dice)),
            content_type="application/json",
            headers=headers,
        )
        allowed = answer.status_code < 500 or answer.status_code == 503
        assert allowed, (method, path, query, body, answer.text)
        if answer.status_code >= 400 and operation["operationId"] != "getReadiness":
            assert set(answer.get_json()) == {"code", "message", "details"}, path
        answer.close()
