"""Deauthorize and data deletion: the signed request's vector, what is undone, what is left, and the page."""

import hmac
import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from sqlalchemy import select

from core.store.ids import same_id
from core.store.store import Store
from core.store.tables import metadata
from plugins.instagram.signed_request import read_signed_request
from tests.webhooks.conftest import BAKERY, BY_NAME, SECRET, SHOP
from tests.webhooks.test_server import PATH, flask_client  # noqa: F401

VECTOR = (
    "0DB87d_J_zEeDo8I7SsYma_6rZ54m3tZTVmqwtYsbsE.eyJhbGdvcml0aG0iOiJITUFDLVNIQTI1NiIsImV4cGlyZXMiOjE3OTUzOTU2MDAsImlzc3Vl"
    "ZF9hdCI6MTc5NTM5MjAwMCwidXNlcl9pZCI6IjIxODQ3MSJ9"
)
ME = "218471"


def signed(secret: str = SECRET, **payload: Any) -> str:
    """A signed request of Meta's."""
    body = json.dumps({"algorithm": "HMAC-SHA256", "user_id": ME, "issued_at": 1_795_392_000, **payload}).encode()
    encoded = urlsafe_b64encode(body).rstrip(b"=")
    signature = urlsafe_b64encode(hmac.digest(secret.encode(), encoded, "sha256")).rstrip(b"=")
    return f"{signature.decode()}.{encoded.decode()}"


def test_vector() -> None:
    found = read_signed_request(VECTOR, ("other", SECRET))
    assert found == {
        "algorithm": "HMAC-SHA256",
        "expires": 1795395600,
        "issued_at": 1795392000,
        "user_id": ME,
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "a.b",
        VECTOR[:-1],
        "A" + VECTOR[1:],
        VECTOR + ".x",
        "é.é",
        "=.=",
        "x" * 20_000,
        signed("wrong"),
        signed(algorithm="none"),
    ],
)
def test_not_signed_by_meta(text: str) -> None:
    assert read_signed_request(text, (SECRET,)) is None
    assert read_signed_request(text, ()) is None


@pytest.fixture
def mine(flask_client: Any, store: Store) -> Any:  # noqa: F811
    """The bakery's account belongs to the person of the vector; a contact has written to it and to nobody else."""
    with store.db.write() as tx:
        tx.run(
            "UPDATE instagram_account SET app_scoped_id = ?, access_token = 'sealed', token_issued_at = 5, status = 'connected',"
            " instagram_username = 'bella.bakery' WHERE instagram_user_id = ?",
            (ME, BAKERY),
        )
        columns = ("instagram_account_id", "user_id", "instagram_user_id", "app_scoped_id", "created_at", "updated_at")
        tx.insert("instagram_account", columns, [(same_id(SHOP), same_id("owner"), SHOP, "999", 0, 0)])
    return flask_client


def account(store: Store, ig_id: str = BAKERY) -> tuple[Any, ...]:
    """Status, reason and token of an account."""
    with store.db.read() as tx:
        row = tx.one(
            "SELECT status, status_reason, access_token, instagram_user_id FROM instagram_account WHERE instagram_account_id = ?",
            (same_id(ig_id),),
        )
    assert row is not None
    return row


def test_deauthorize(mine: Any, store: Store) -> None:
    answer = mine.post(f"{PATH}/deauthorize", data={"signed_request": signed()})
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
    assert account(store) == ("disconnected", "deauthorized", None, BAKERY)
    assert account(store, SHOP)[0] == "connected"
    assert mine.post(f"{PATH}/deauthorize", data={"signed_request": signed()}).status_code == 200


def test_an_old_request_does_not_undo_a_new_connection(mine: Any, store: Store) -> None:
    assert mine.post(f"{PATH}/deauthorize", data={"signed_request": signed(issued_at=1)}).status_code == 200
    with store.db.write() as tx:
        tx.run("UPDATE instagram_account SET status = 'connected', token_issued_at = ?", (10**12,))
    assert mine.post(f"{PATH}/deauthorize", data={"signed_request": signed(issued_at=1)}).status_code == 200
    assert account(store)[0] == "connected"


@pytest.mark.parametrize(
    ("form", "status", "code"),
    [
        ({}, 400, "invalid_signature"),
        ({"signed_request": signed("wrong")}, 400, "invalid_signature"),
        ({"signed_request": signed(user_id=None)}, 400, "invalid_payload"),
        ({"signed_request": signed(user_id="nobody")}, 503, "unknown_user"),
    ],
)
def test_deauthorize_refuses(mine: Any, form: dict[str, str], status: int, code: str) -> None:
    answer = mine.post(f"{PATH}/deauthorize", data=form)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert ("Retry-After" in answer.headers) is (status == 503)


def test_data_deletion(mine: Any, store: Store) -> None:
    from plugins.instagram.signature import sign

    body = json.dumps(BY_NAME["text_dm"]["payload"]).encode()
    headers = {"X-Hub-Signature-256": sign(body, SECRET).decode()}
    assert mine.post(PATH, data=body, headers=headers, content_type="application/json").status_code == 200
    assert {"836120000000201", "Sundays", "bella.bakery"} <= set(planted(store))

    answer = mine.post(f"{PATH}/data-deletion", data={"signed_request": signed()})
    assert answer.status_code == 200 and set(answer.json) == {"url", "confirmation_code"}
    code = answer.json["confirmation_code"]
    assert answer.json["url"].endswith(f"/api/v1/data-deletion/{code}")
    assert planted(store) == []
    assert account(store)[:3] == ("disconnected", "deauthorized", None)

    state = mine.get(f"/api/v1/data-deletion/{code}")
    assert state.json["status"] == "deleted" and state.json["completedAt"].endswith("Z")
    page = mine.get(f"/api/v1/data-deletion/{code}", headers={"Accept": "text/html"})
    assert page.mimetype == "text/html" and code in page.text and "deleted" in page.text
    assert mine.get("/api/v1/data-deletion/unknown").status_code == 404


def test_data_deletion_of_somebody_unknown(mine: Any) -> None:
    answer = mine.post(f"{PATH}/data-deletion", data={"signed_request": signed(user_id=31337)})
    assert answer.status_code == 200
    state = mine.get(f"/api/v1/data-deletion/{answer.json['confirmation_code']}")
    assert state.json["status"] == "nothing_stored"


def planted(store: Store) -> list[str]:
    """Which of the values that came from Instagram stand in any table."""
    with store.read() as tx:
        everything = str([tx.execute(select(table)).all() for table in metadata.sorted_tables])
    return [value for value in ("836120000000201", "Sundays", "bella.bakery", BAKERY, ME) if value in everything]
