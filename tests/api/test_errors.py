"""The one error shape for every kind of error, headers on every answer, limits, unknown keys."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from core.model.errors import StoreUnavailable
from flask_api import create_app
from flask_api.codes import BY_STATUS, NAMED
from tests.api.conftest import API, Person, Shop, Town

HEADERS = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Request-Id")


def shaped(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The error's body, after looking at its shape."""
    body: dict[str, Any] = answer.get_json()
    assert (answer.status_code, body["code"]) == (status, code), body
    assert set(body) == {"code", "message", "details"} and body["message"] and isinstance(body["details"], dict)
    assert answer.mimetype == "application/json"
    assert all(h in answer.headers for h in HEADERS)
    return body


def test_every_kind_of_error_has_the_one_shape(client: FlaskClient, person: Person) -> None:
    shaped(client.get("/nowhere"), 404, "not_found")
    shaped(client.get(f"{API}/flows/not-a-uuid"), 404, "not_found")
    shaped(client.get(f"{API}/users/me"), 401, "unauthorized")
    login = f"{API}/auth/login"
    wrong = client.patch(login)
    shaped(wrong, 405, "method_not_allowed")
    assert "POST" in wrong.headers["Allow"]
    shaped(client.open(login, method="TRACE"), 405, "method_not_allowed")
    shaped(client.options(login), 405, "method_not_allowed")
    shaped(client.post(login, data="{", content_type="application/json"), 400, "malformed_json")
    shaped(client.post(login, data="[" * 100_000, content_type="application/json"), 400, "malformed_json")
    shaped(client.post(login, data='{"email": NaN}', content_type="application/json"), 400, "malformed_json")
    shaped(client.post(login, data='{"email": "\\ud800"}', content_type="application/json"), 400, "malformed_json")
    shaped(client.post(login, data="{}", content_type="text/plain"), 415, "unsupported_media_type")
    shaped(
        client.post(login, data=b"x" * (4 * 1024 * 1024 + 1), content_type="application/json"), 413, "body_too_large"
    )
    found = shaped(client.post(login, json={"email": "a", "nope": 1}), 400, "validation_failed")
    assert found["details"] == {"password": ["Missing data for required field."], "nope": ["Unknown field."]}
    shaped(client.post(login, json=[1, 2]), 400, "validation_failed")
    shaped(client.post(login), 400, "validation_failed")
    shaped(client.post(login, json={"email": "a\x00b", "password": "x"}), 400, "validation_failed")
    shaped(person.get("/instagram-accounts?page=1&surprise=1"), 400, "validation_failed")
    shaped(person.get("/users/me?surprise=1"), 400, "validation_failed")
    shaped(person.post("/auth/email/verify/resend", {"surprise": 1}), 400, "validation_failed")


def test_nul_and_deep_nesting_inside_a_definition(shop: Shop) -> None:
    path = f"/instagram-accounts/{shop.account}/flows"
    nul = shop.post(path, {"name": "x", "flowDefinition": {"nodes": ["\x00"]}})
    shaped(nul, 400, "validation_failed")
    deep: Any = 1
    for _ in range(200):
        deep = [deep]
    shaped(shop.post(path, {"name": "x", "flowDefinition": {"nodes": deep}}), 400, "validation_failed")


class Broken:
    """A store that is down."""

    kind = "sqlite"

    def read(self) -> Any:
        raise StoreUnavailable("the disk is full")

    write = read


def test_a_database_that_is_down_is_503_and_a_bug_is_500(town: Town) -> None:
    from dataclasses import replace

    broken = Broken()
    broken.db = broken  # type: ignore[attr-defined]
    client = create_app(replace(town.house, store=broken)).test_client()  # type: ignore[arg-type]
    down = client.post(f"{API}/auth/login", json={"email": "a@b.example", "password": "x"})
    shaped(down, 503, "store_unavailable")
    assert down.headers["Retry-After"]
    assert client.get("/healthz").status_code == 200
    crashed = create_app(replace(town.house, store=None)).test_client()  # type: ignore[arg-type]
    bug = shaped(
        crashed.post(f"{API}/auth/login", json={"email": "a@b.example", "password": "x"}), 500, "internal_error"
    )
    assert "Traceback" not in str(bug) and "NoneType" not in str(bug)


def test_limits_answer_429_with_retry_after(town: Town) -> None:
    from dataclasses import replace

    client = create_app(replace(town.house, settings=replace(town.settings, rate_limits=True))).test_client()
    answers = [client.post(f"{API}/auth/refresh", json={}) for _ in range(61)]
    assert {a.status_code for a in answers[:60]} == {401}
    shaped(answers[60], 429, "too_many_requests")
    assert int(answers[60].headers["Retry-After"]) > 0
    assert not any("Retry-After" in a.headers for a in answers[:60]) and "X-InstaFlow-Wait" not in answers[0].headers
    assert client.get("/healthz").status_code == 200


def test_roles_are_checked(town: Town) -> None:
    agent = Person(town, "agent")
    shaped(agent.post("/instagram-accounts", {"instagramUserId": "1", "accessToken": "x"}), 403, "forbidden")
    assert agent.get("/instagram-accounts").status_code == 200


def test_an_operators_reach_is_in_the_audit_log(town: Town, shop: Shop) -> None:
    operator = Person(town, "admin")
    assert operator.get(f"/instagram-accounts/{shop.account}").status_code == 200
    with town.store.read() as tx:
        sql = f"SELECT action FROM audit_log WHERE actor_id = '{operator.id}' AND user_id = '{shop.id}'"
        assert list(tx.exec_driver_sql(sql).scalars()) == ["operator.getInstagramAccount"]


def test_headers_on_good_answers_too(client: FlaskClient) -> None:
    for path in ("/", "/docs", "/healthz", "/openapi.json", "/static/docs/docs.js"):
        answer = client.get(path, headers={"X-Request-Id": "abc-123"}, base_url="https://flows.example")
        assert answer.status_code == 200, path
        assert answer.headers["X-Request-Id"] == "abc-123"
        assert answer.headers["Strict-Transport-Security"] and "unsafe" not in answer.headers["Content-Security-Policy"]
        assert "Access-Control-Allow-Origin" not in answer.headers
        answer.close()


@pytest.mark.parametrize("page", ["static/docs/index.html", "static/landing.html"])
def test_pages_need_nothing_from_elsewhere_and_run_nothing_inline(page: str) -> None:
    from pathlib import Path

    import flask_api

    text = (Path(flask_api.__file__).parent / page).read_text()
    assert "http://" not in text and "https://" not in text
    assert "<script>" not in text and "style=" not in text and "onclick" not in text


def test_scripts_of_pages_make_no_html_from_text() -> None:
    from pathlib import Path

    import flask_api

    scripts = list((Path(flask_api.__file__).parent / "static").rglob("*.js"))
    assert len(scripts) >= 5
    for script in scripts:
        text = script.read_text()
        for way in (
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "eval(",
            "new Function",
            "localStorage",
            "sessionStorage",
        ):
            assert way not in text, (script.name, way)


def test_codes_are_one_list() -> None:
    named = [code for code, _ in BY_STATUS.values()]
    assert len(set(named)) == len(named) and not set(named) & set(NAMED)
