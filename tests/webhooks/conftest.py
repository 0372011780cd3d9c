"""What webhook tests need: two connected accounts, a receiver with a real inbox behind it, the reference's payloads."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from core.runtime.intake import Intake
from core.store.ids import same_id
from core.store.store import Store
from core.testing.clock import FixedClock
from flask_api.webhooks.counts import Counts
from flask_api.webhooks.receiver import Receiver, compose
from plugins.instagram.receive import WEBHOOK
from plugins.instagram.signature import sign

SECRET = "instaflow-test-app-secret"
BAKERY, SHOP = "17841400000000101", "17841400000000102"
NEWEST = 1_795_392_265_000
"""Just after the newest event of the payloads; the shift puts it at now."""

PAYLOADS: list[dict[str, Any]] = json.loads((Path(__file__).parents[1] / "data" / "instagram-events.json").read_text())
BY_NAME = {p["name"]: p for p in PAYLOADS}


def seed(store: Store, *ig_ids: str) -> None:
    """One owner with these Instagram accounts, all connected."""
    owner = same_id("owner")
    with store.db.write() as tx:
        tx.insert(
            "user",
            ("user_id", "email", "password_hash", "role", "created_at", "updated_at"),
            [(owner, "ana@example.org", "-", "user", 0, 0)],
        )
        tx.insert(
            "instagram_account",
            ("instagram_account_id", "user_id", "instagram_user_id", "created_at", "updated_at"),
            [(same_id(ig_id), owner, ig_id, 0, 0) for ig_id in ig_ids],
        )


def shifted(value: Any, delta_ms: int, key: str = "") -> Any:
    """The payload with its times moved by a common delta (decision 37), each in the unit it is written in."""
    if isinstance(value, dict):
        return {k: shifted(v, delta_ms, k) for k, v in value.items()}
    if isinstance(value, list):
        return [shifted(v, delta_ms, key) for v in value]
    if key in ("time", "timestamp") and isinstance(value, int):
        if value > 1_790_000_000_000:
            return value + delta_ms
        return value + delta_ms // 1000 if value > 1_790_000_000 else value
    return value


@dataclass
class Door:
    """The composed application of one installation, reached as Instagram reaches it."""

    store: Store
    clock: FixedClock
    counts: Counts
    client: Client
    woken: list[int]

    def post(self, body: bytes, signature: bytes | None = None, **headers: str) -> TestResponse:
        """A delivery with the right signature, or the given one."""
        signature = sign(body, SECRET) if signature is None else signature
        named = {k.replace("_", "-"): v for k, v in headers.items()}
        return self.client.post(
            "/api/v1/webhooks/instagram",
            data=body,
            content_type="application/json",
            headers={"X-Hub-Signature-256": signature.decode("latin-1"), **named},
        )

    def deliver(self, payload: Any) -> TestResponse:
        """A payload of the reference, shifted to now."""
        delta = self.clock.now() - NEWEST
        return self.post(json.dumps(shifted(payload, delta - delta % 1000)).encode())

    def rows(self) -> list[dict[str, Any]]:
        """The inbox in order: kind, key, contact's external id, payload, state, source_at."""
        sql = (
            "SELECT e.account_id, e.kind, e.dedupe_key, i.external_id, e.payload, e.state, e.source_at, e.trace_id"
            " FROM inbound_event e LEFT JOIN contact_identity i ON i.contact_id = e.contact_id ORDER BY e.id"
        )
        names = ("account", "kind", "key", "contact", "payload", "state", "at", "trace")
        with self.store.db.read() as tx:
            found = [dict(zip(names, row, strict=True)) for row in tx.all(sql)]
        return [{**row, "payload": json.loads(row["payload"])} for row in found]

    def count(self, table: str) -> int:
        """Rows in a table."""
        with self.store.db.read() as tx:
            row = tx.one(f"SELECT count(*) FROM {table}")
        assert row is not None
        return int(row[0])


def refuse_rest(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Stands where Flask stands."""
    start_response("418 I'm a teapot", [("Content-Length", "0")])
    return [b""]


@pytest.fixture
def door(store: Store, clock: FixedClock) -> Iterator[Door]:
    """A receiver with the two accounts of the payloads behind it, on both stores."""
    seed(store, BAKERY, SHOP)
    woken: list[int] = []
    intake = Intake(store.db, clock, lambda: woken.append(1))
    counts = Counts()
    app = compose(Receiver(intake, WEBHOOK, ("other", SECRET), clock, counts), refuse_rest)
    yield Door(store, clock, counts, Client(app), woken)
    intake.close()
