"""The OpenAPI document: valid, complete, stable; and the matrix of operations it drives."""

import json
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

from core.cli.openapi import document
from core.services.actor import RANK
from tests.api.conftest import PASSWORD, Person, Shop, Town

GOLDEN = Path(__file__).parents[2] / "docs" / "reference" / "openapi.json"
METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture(scope="module")
def spec() -> dict[str, Any]:
    """The document as the code makes it."""
    found: dict[str, Any] = json.loads(document())
    return found


def operations(spec: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in spec["paths"].items():
        yield from ((m, path, item[m]) for m in METHODS if m in item)


def test_it_is_valid_openapi_3_1(spec: dict[str, Any]) -> None:
    assert spec["openapi"].startswith("3.1")
    validate(spec)


def test_it_is_the_committed_one(request: pytest.FixtureRequest) -> None:
    text = document() + "\n"
    if request.config.getoption("--update-golden"):
        GOLDEN.write_text(text)
    assert GOLDEN.read_text() == text, "instaflow openapi > docs/reference/openapi.json, and read the diff"


def test_every_operation_says_all_that_a_reader_needs(spec: dict[str, Any]) -> None:
    ids = [o["operationId"] for _, _, o in operations(spec)]
    assert len(set(ids)) == len(ids)
    for method, path, operation in operations(spec):
        assert operation["summary"] and operation["description"], path
        assert operation["x-role"] in RANK, path
        assert (operation["security"] == []) == (operation["x-role"] == "public"), path
        assert "422" not in operation["responses"], path
        for content in operation.get("requestBody", {}).get("content", {}).values():
            assert "example" in content, (method, path)
        for status, response in operation["responses"].items():
            if status.startswith("2") and status != "204":
                assert response["content"], (method, path, "says nothing of its answer")
                assert all("example" in c for c in response["content"].values()), (method, path, status)
        for one in [*spec["paths"][path].get("parameters", []), *operation.get("parameters", [])]:
            told = "$ref" in one or one["in"] == "query" or one.get("description")
            assert told, (method, path, one["name"])


def test_examples_fit_their_schemas(spec: dict[str, Any]) -> None:
    """Bodies and answers: what a reader copies is of the right shape."""
    from jsonschema import Draft202012Validator

    for method, path, operation in operations(spec):
        bodies = operation.get("requestBody", {}).get("content", {})
        answers = [r.get("content", {}) for s, r in operation["responses"].items() if s.startswith("2")]
        for content in [c for found in (bodies, *answers) for c in found.values() if "schema" in c]:
            schema = {"$ref": "#/$defs/it", "$defs": {"it": content["schema"]}, "components": spec["components"]}
            wrong = [e.message for e in Draft202012Validator(schema).iter_errors(content["example"])]
            assert not wrong, (method, path, wrong)


def test_errors_name_their_codes(spec: dict[str, Any]) -> None:
    for name, response in spec["components"]["responses"].items():
        assert name == "DEFAULT_ERROR" or response["x-codes"], name


def test_no_secret_is_in_any_answers_schema(spec: dict[str, Any]) -> None:
    answers = [json.dumps(o["responses"]) for _, _, o in operations(spec)]
    named = {m for text in answers for m in re.findall(r"schemas/(\w+)", text)}
    pending = set(named)
    while pending:
        text = json.dumps(spec["components"]["schemas"].get(pending.pop(), {}))
        pending |= (new := set(re.findall(r"schemas/(\w+)", text)) - named)
        named |= new
    for name in named:
        fields = set(spec["components"]["schemas"].get(name, {}).get("properties", {}))
        assert not fields & {"passwordHash", "accessToken", "password", "tokenHash"}, name


def things(shop: Shop) -> dict[str, str]:
    """One of everything that paths name, all of it the shop's."""
    flow = shop.flow(active=True, triggers=[{"type": "default_reply"}])
    contact = shop.contact()
    runs = shop.get(f"/flows/{flow['flowId']}/runs").get_json()
    trigger = shop.get(f"/flows/{flow['flowId']}/triggers").get_json()[0]
    return {
        "instagramAccountId": shop.account,
        "flowId": flow["flowId"],
        "triggerId": trigger["triggerId"],
        "contactId": contact["contactId"],
        "conversationId": contact["conversationId"],
        "runId": runs[0]["runId"],
        "messageId": shop.get(f"/conversations/{contact['conversationId']}/messages").get_json()[0]["messageLogId"],
        "number": "1",
        "a": "1",
        "b": "2",
    }


def bodies(operation: dict[str, Any], own: dict[str, str]) -> Any:
    """The document's own example, with ids that exist."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return None
    example = json.loads(json.dumps(content["example"]))
    return {**example, **({"flowId": own["flowId"]} if "flowId" in example else {})}


def test_every_operation_refuses_strangers(town: Town, spec: dict[str, Any], shop: Shop, other: Person) -> None:
    """Each operation of the document: without a token 401, and for another tenant's things 404."""
    own = things(shop)
    asked = 0
    for method, path, operation in operations(spec):
        if operation["x-role"] == "public":
            continue
        address = path.removeprefix("/api/v1")
        for name in re.findall(r"\{(\w+)\}", path):
            address = address.replace(f"{{{name}}}", own.get(name, str(uuid.uuid4())))
        body = bodies(operation, own)
        given = {} if body is None else {"json": body}
        nobody = town.app.test_client().open(f"/api/v1{address}", method=method.upper(), **given)
        assert (nobody.status_code, nobody.get_json()["code"]) == (401, "unauthorized"), (method, path)
        if "{" in path:
            foreign = other.call(method.upper(), address, body)
            assert (foreign.status_code, foreign.get_json()["code"]) == (404, "not_found"), (method, path)
            asked += 1
    assert asked > 35
    assert shop.get(f"/flows/{own['flowId']}").status_code == 200, "nothing of it was touched"


def test_agents_may_do_exactly_what_their_role_says(town: Town, spec: dict[str, Any]) -> None:
    agent = Person(town, "agent")
    for method, path, operation in operations(spec):
        if operation["x-role"] == "public" or path.startswith(("/api/v1/users/me", "/api/v1/auth/")):
            continue
        address = re.sub(r"\{\w+\}", lambda m: "1" if m[0] in ("{number}", "{a}", "{b}") else str(uuid.uuid4()), path)
        answer = agent.call(
            method.upper(), address.removeprefix("/api/v1"), bodies(operation, {"flowId": str(uuid.uuid4())})
        )
        allowed = RANK[operation["x-role"]] <= RANK["agent"]
        assert (answer.status_code == 403) != allowed, (method, path, answer.status_code)


def test_nothing_planted_comes_out(town: Town, spec: dict[str, Any], shop: Shop) -> None:
    """Every GET of the document, asked by its owner: no token, no hash, no password."""
    own = things(shop)
    with town.store.read() as tx:
        sql = f"SELECT password_hash FROM \"user\" WHERE user_id = '{shop.id}'"
        stored = str(tx.exec_driver_sql(sql).scalar())
        sealed = str(
            tx.exec_driver_sql(
                f"SELECT access_token FROM instagram_account WHERE instagram_account_id = '{shop.account}'"
            ).scalar()
        )
    for method, path, operation in operations(spec):
        if method != "get" or operation["x-role"] == "public":
            continue
        address = re.sub(r"\{(\w+)\}", lambda m: own.get(m[1], "x"), path).removeprefix("/api/v1")
        text = shop.get(address).text
        for secret in (PASSWORD, stored, sealed, shop.ig_token, town.settings.secret_key):
            assert secret not in text, (path, secret[:8])
