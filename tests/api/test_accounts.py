"""Instagram accounts over HTTP: LLD rows, claims, the sign-in at Instagram, health, settings."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from core.model.accounts import effective
from tests.api.conftest import Person, Shop, Town


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def body(town: Town, username: str) -> dict[str, Any]:
    ig_id, token = town.instagram.account(username)
    return {
        "instagramPageId": "104000000000101",
        "instagramUserId": ig_id,
        "instagramUsername": username,
        "accessToken": token,
        "tokenExpiresAt": "2027-01-20T00:00:00Z",
    }


def test_connecting_answers_the_keys_of_the_lld(town: Town, person: Person) -> None:
    made = person.post("/instagram-accounts", body(town, f"row.{person.email[:8]}"))
    assert made.status_code == 201
    assert set(made.get_json()) == {"instagramAccountId", "instagramUsername", "status"}
    assert made.get_json()["status"] == "connected"
    listed = person.get("/instagram-accounts")
    assert listed.status_code == 200
    assert [a["instagramAccountId"] for a in listed.get_json()] == [made.get_json()["instagramAccountId"]]
    assert listed.get_json()[0]["tokenExpiresAt"] == "2027-01-20T00:00:00.000Z"
    assert "accessToken" not in listed.text


def test_the_chore_proves_the_claim_and_subscribes(town: Town, shop: Shop) -> None:
    before = shop.get(f"/instagram-accounts/{shop.account}").get_json()
    assert before["claim"] == "provisional"
    town.chores()
    after = shop.get(f"/instagram-accounts/{shop.account}").get_json()
    assert after["claim"] == "proven" and "messages" in after["subscribedFields"]
    assert after["instagramUsername"] == shop.username


def test_a_dead_token_sets_error_and_says_what_to_do(town: Town, person: Person) -> None:
    username = f"dead.{person.email[:8]}"
    made = person.post("/instagram-accounts", body(town, username)).get_json()
    town.instagram.expire_tokens(username)
    town.chores()
    account = person.get(f"/instagram-accounts/{made['instagramAccountId']}").get_json()
    assert account["status"] == "error" and account["statusReason"]
    health = person.get(f"/instagram-accounts/{made['instagramAccountId']}/health").get_json()
    token = next(c for c in health["checks"] if c["check"] == "token")
    assert health["state"] == "error" and token["state"] == "error" and token["cure"]


def test_a_token_of_another_account_sets_error(town: Town, person: Person) -> None:
    wrong = body(town, f"wrong.{person.email[:8]}") | {"instagramUserId": f"1784{person.email[1:4]}99"}
    made = person.post("/instagram-accounts", wrong).get_json()
    town.chores()
    account = person.get(f"/instagram-accounts/{made['instagramAccountId']}").get_json()
    assert (account["status"], account["statusReason"]) == ("error", "wrong_account")


def test_a_proven_claim_takes_the_id_from_a_provisional_one(town: Town, person: Person, other: Person) -> None:
    real = body(town, f"claim.{person.email[:8]}")
    squatted = person.post("/instagram-accounts", real | {"accessToken": "made-up"}).get_json()
    assert squatted["status"] == "connected", "a provisional claim works until somebody proves it"
    assert other.post("/instagram-accounts", real).status_code == 201
    lost = person.get(f"/instagram-accounts/{squatted['instagramAccountId']}").get_json()
    assert (lost["status"], lost["statusReason"]) == ("error", "not_yours")
    assert lost["instagramUserId"] == real["instagramUserId"]
    town.chores()
    assert code(person.post("/instagram-accounts", real)) == (409, "account_taken"), "both proven: the first keeps it"
    assert code(person.post("/instagram-accounts", real | {"accessToken": "x"})) == (409, "account_taken")


def test_disconnecting_keeps_the_row_and_reconnecting_comes_back_to_it(town: Town, shop: Shop) -> None:
    flow = shop.flow()
    gone = shop.delete(f"/instagram-accounts/{shop.account}")
    assert (gone.status_code, gone.data) == (204, b"")
    assert shop.get("/instagram-accounts").get_json() == []
    assert shop.get(f"/instagram-accounts/{shop.account}").get_json()["status"] == "disconnected"
    assert shop.get("/instagram-accounts?status=disconnected").get_json()[0]["instagramAccountId"] == shop.account
    with town.store.read() as tx:
        sql = f"SELECT access_token FROM instagram_account WHERE instagram_account_id = '{shop.account}'"
        assert tx.exec_driver_sql(sql).scalar() is None
    again = shop.post(
        "/instagram-accounts",
        {"instagramUserId": shop.ig_id, "instagramUsername": shop.username, "accessToken": shop.ig_token},
    )
    assert again.get_json()["instagramAccountId"] == shop.account
    assert shop.get(f"/flows/{flow['flowId']}").status_code == 200


def test_the_token_is_sealed(town: Town, shop: Shop) -> None:
    with town.store.read() as tx:
        sql = f"SELECT access_token FROM instagram_account WHERE instagram_account_id = '{shop.account}'"
        stored = tx.exec_driver_sql(sql).scalar()
    assert shop.ig_token not in stored
    assert town.sealer.open(stored, shop.account) == shop.ig_token


def test_the_same_key_and_body_answer_the_first_response_again(town: Town, person: Person) -> None:
    given = body(town, f"idem.{person.email[:8]}")
    headers = {"Idempotency-Key": "once"}
    first = person.post("/instagram-accounts", given, headers=headers)
    again = person.post("/instagram-accounts", given, headers=headers)
    assert (first.status_code, first.get_json()) == (again.status_code, again.get_json())
    assert again.headers["Idempotent-Replayed"] == "true"
    other = person.post("/instagram-accounts", given | {"instagramUsername": "x"}, headers=headers)
    assert code(other) == (409, "idempotency_conflict")


def begin(person: Person) -> tuple[str, dict[str, list[str]]]:
    started = person.get("/instagram-accounts/oauth/start").get_json()
    query = parse_qs(urlsplit(started["authorizationUrl"]).query)
    assert query["state"] == [started["state"]]
    return started["state"], query


def authorize(town: Town, person: Person, username: str) -> dict[str, str]:
    """What the browser brings back from the fake's sign-in page."""
    import http.client

    started = person.get("/instagram-accounts/oauth/start").get_json()
    parts = urlsplit(started["authorizationUrl"])
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    connection.request("GET", f"{parts.path}?{parts.query}&account={username}")
    answer = connection.getresponse()
    answer.read()
    connection.close()
    back = parse_qs(urlsplit(answer.headers["Location"]).query)
    return {"code": back["code"][0].removesuffix("#_"), "state": back["state"][0]}


def test_signing_in_at_instagram_connects_and_proves(town: Town, person: Person) -> None:
    username = f"oauth.{person.email[:8]}"
    ig_id, _ = town.instagram.account(username)
    returned = authorize(town, person, username)
    made = person.post("/instagram-accounts/exchange-token", returned)
    assert made.status_code == 201, made.get_json()
    assert set(made.get_json()) == {"instagramAccountId", "instagramUsername", "status"}
    account = person.get(f"/instagram-accounts/{made.get_json()['instagramAccountId']}").get_json()
    assert (account["claim"], account["instagramUserId"]) == ("proven", ig_id)
    assert account["scopes"] and account["tokenExpiresAt"]
    assert code(person.post("/instagram-accounts/exchange-token", returned)) == (400, "invalid_state"), "good once"


def test_a_state_belongs_to_the_sign_in_that_began(person: Person, other: Person) -> None:
    state, _ = begin(person)
    assert code(other.post("/instagram-accounts/exchange-token", {"code": "x", "state": state})) == (
        400,
        "invalid_state",
    )
    assert code(person.post("/instagram-accounts/exchange-token", {"code": "x"})) == (400, "validation_failed")
    refused = person.post("/instagram-accounts/exchange-token", {"code": "x", "state": state})
    assert code(refused) == (400, "instagram_refused")


def test_health_names_each_finding_with_its_cure(town: Town, shop: Shop) -> None:
    town.chores()
    health = shop.get(f"/instagram-accounts/{shop.account}/health").get_json()
    assert [c["check"] for c in health["checks"]] == ["token", "permissions", "webhooks", "lastEvent", "sending"]
    found = {c["check"]: c for c in health["checks"]}
    assert found["token"]["state"] == "ok" and found["webhooks"]["state"] == "ok"
    assert found["lastEvent"]["state"] == "warning" and found["lastEvent"]["cure"]


def test_with_a_dead_token_nothing_leaves(town: Town, shop: Shop) -> None:
    town.chores()
    assert _sending(shop)["state"] == "ok"
    town.instagram.expire_tokens(shop.username)
    assert _sending(shop)["state"] == "error"


def _sending(shop: Shop) -> dict[str, Any]:
    health = shop.get(f"/instagram-accounts/{shop.account}/health").get_json()
    return next(c for c in health["checks"] if c["check"] == "sending")


def test_settings_are_merged_and_checked(shop: Shop) -> None:
    path = f"/instagram-accounts/{shop.account}"
    given = {"timezone": "Europe/Madrid", "botBrake": 0, "businessHours": {"mon": [["09:00", "17:00"]]}}
    found = shop.patch(path, {"settings": given}).get_json()["settings"]
    assert found == {**effective({}), **given} and found["humanTimeoutHours"] == 24 and found["languages"] == ["en"]
    assert shop.patch(path, {"settings": {"botBrake": None}}).get_json()["settings"]["botBrake"] == 60
    for bad in (
        {"timezone": "Mars/Base"},
        {"botBrake": -1},
        {"botBrake": True},
        {"nope": 1},
        {"businessHours": {"xxx": []}},
    ):
        refused = shop.patch(path, {"settings": bad})
        assert code(refused) == (400, "validation_failed"), bad
        assert f"settings.{next(iter(bad))}" in refused.get_json()["details"]


def test_posts_for_the_picker(town: Town, shop: Shop) -> None:
    post = town.instagram.posts("Croissants", account=shop.username)
    posts = shop.get(f"/instagram-accounts/{shop.account}/posts").get_json()
    assert post in [p["mediaId"] for p in posts["posts"]]
    assert posts["posts"][0]["permalink"].startswith("https://")
    assert posts["posts"][0]["timestamp"].endswith("Z")


@pytest.mark.parametrize("path", ["", "/health", "/posts"])
def test_another_tenants_account_does_not_exist(shop: Shop, shops: Callable[[], Shop], path: str) -> None:
    assert code(shops().get(f"/instagram-accounts/{shop.account}{path}")) == (404, "not_found")


def test_connecting_the_same_account_at_the_same_time_makes_one_row(town: Town, person: Person) -> None:
    from concurrent.futures import ThreadPoolExecutor

    given, headers = body(town, f"race.{person.email[:8]}"), {"Authorization": f"Bearer {person.token}"}

    def connect(_n: int) -> Any:
        return town.app.test_client().post("/api/v1/instagram-accounts", json=given, headers=headers)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(connect, range(4)))
    assert {a.status_code for a in answers} == {201}
    assert len({a.get_json()["instagramAccountId"] for a in answers}) == 1


def token_times(town: Town, shop: Shop, issued_days_ago: int, left_days: int) -> None:
    now, day = town.clock.real(), 24 * 3600 * 1000
    with town.store.write() as tx:
        tx.exec_driver_sql(
            f"UPDATE instagram_account SET token_issued_at = {now - issued_days_ago * day}, token_expires_at ="
            f" {now + left_days * day} WHERE instagram_account_id = '{shop.account}'"
        )
        tx.exec_driver_sql(f"UPDATE chore SET due_at = 0 WHERE kind = 'account.refresh' AND key = '{shop.account}'")


def days_to_renewal(town: Town, shop: Shop) -> float:
    with town.store.read() as tx:
        sql = f"SELECT due_at FROM chore WHERE kind = 'account.refresh' AND key = '{shop.account}'"
        return float((tx.exec_driver_sql(sql).scalar_one() - town.clock.real()) / (24 * 3600 * 1000))


def test_a_token_is_renewed_from_day_thirty_daily_and_the_owner_told_at_ten_days(town: Town, shop: Shop) -> None:
    from core.runtime.upkeep import plan_upkeep

    town.chores()
    assert 28 < days_to_renewal(town, shop) <= 30
    with town.store.write() as tx:
        tx.exec_driver_sql("DELETE FROM chore WHERE kind = 'account.refresh'")
    for _ in range(2):
        with town.store.db.write() as tx:
            plan_upkeep(tx, town.clock.real())
    assert 28 < days_to_renewal(town, shop) <= 30
    told = f"SELECT count(*) FROM notification WHERE account_id = '{shop.account}' AND kind = 'token_expires'"
    for left, notices in ((20, 0), (9, 1)):
        token_times(town, shop, 60 - left, left)
        town.chores()  # refused: Instagram's own token is not a day old
        assert 0.9 < days_to_renewal(town, shop) <= 1
        with town.store.read() as tx:
            assert tx.exec_driver_sql(told).scalar_one() == notices
    token_times(town, shop, 51, 9)
    town.instagram.stage.world.tokens[shop.ig_token].issued_at -= 2 * 24 * 3600 * 1000
    town.chores()
    assert 28 < days_to_renewal(town, shop) <= 30
