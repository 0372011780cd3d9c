"""Connecting accounts with both logins: consent, codes, long tokens, refresh, expiry (reference 4)."""

import urllib.parse
from collections.abc import Callable

import pytest

from fake.conftest import Answer, Graph, request
from instaflow.testing import FakeInstagram

APP, SECRET, BACK = "880000000000001", "instaflow-test-app-secret", "http://127.0.0.1/back"
HOUR = 3_600_000
DAY = 24 * HOUR


def consent(fake: FakeInstagram, page: str = "/ig/oauth/authorize", **more: str) -> dict[str, str]:
    query = {"client_id": APP, "redirect_uri": BACK, "response_type": "code", "state": "s1", **more}
    answer = request(fake, "GET", f"{page}?{urllib.parse.urlencode(query)}")
    assert answer.status == 302, answer.data
    where = urllib.parse.urlsplit(answer.headers["location"])
    assert answer.headers["location"].startswith(BACK)
    return {**dict(urllib.parse.parse_qsl(where.query)), "#": where.fragment}


def exchange(fake: FakeInstagram, code: str, **more: str) -> Answer:
    form = {"client_id": APP, "client_secret": SECRET, "grant_type": "authorization_code", "redirect_uri": BACK}
    return request(fake, "POST", "/ig/oauth/access_token", form={**form, "code": code, **more})


def long_lived(fake: FakeInstagram, short: str) -> Answer:
    query = urllib.parse.urlencode({"grant_type": "ig_exchange_token", "client_secret": SECRET, "access_token": short})
    return request(fake, "GET", f"/ig/access_token?{query}")


def refresh(fake: FakeInstagram, token: str) -> Answer:
    return request(fake, "GET", f"/ig/refresh_access_token?grant_type=ig_refresh_token&access_token={token}")


def test_the_whole_way_with_instagram_login(fake: FakeInstagram) -> None:
    back = consent(fake)
    assert (back["state"], back["#"]) == ("s1", "_")
    got = exchange(fake, back["code"]).data["data"][0]
    assert got["user_id"] == fake.find().user_id
    made = long_lived(fake, got["access_token"]).data
    assert (made["token_type"], made["expires_in"]) == ("bearer", 60 * 24 * 3600)
    assert made["access_token"].startswith("IGAA")
    assert Graph(fake, made["access_token"]).send("hi").status == 200


def test_the_flat_answer_has_a_number_and_a_list(fake: FakeInstagram) -> None:
    fake.faults.flat_token_answer = True
    got = exchange(fake, consent(fake)["code"]).data
    assert isinstance(got["user_id"], int)
    assert isinstance(got["permissions"], list)


def test_a_code_is_used_once_for_an_hour_for_its_address(fake: FakeInstagram) -> None:
    code = consent(fake)["code"]
    assert exchange(fake, code).status == 200
    assert exchange(fake, code).status == 400
    assert exchange(fake, consent(fake)["code"], redirect_uri=BACK + "/other").status == 400
    late = consent(fake)["code"]
    fake.advance(ms=HOUR + 1)
    assert exchange(fake, late).data["error_type"] == "OAuthException"


def test_the_exchange_is_a_form_with_the_right_secret(fake: FakeInstagram) -> None:
    code = consent(fake)["code"]
    assert exchange(fake, code, client_secret="wrong").status == 400
    assert request(fake, "POST", "/ig/oauth/access_token", {"code": code}).status == 400
    assert exchange(fake, code).status == 200


def test_denied(fake: FakeInstagram) -> None:
    back = consent(fake, deny="1")
    assert (back["error"], back["error_reason"], back["state"]) == ("access_denied", "user_denied", "s1")


def test_several_accounts_are_chosen_on_a_page(fake: FakeInstagram) -> None:
    fake.account("other.shop")
    query = urllib.parse.urlencode({"client_id": APP, "redirect_uri": BACK, "state": "s1"})
    page = request(fake, "GET", f"/ig/oauth/authorize?{query}").data
    assert "@other.shop" in page
    assert "@bella.bakery" in page
    code = consent(fake, account="other.shop")["code"]
    assert exchange(fake, code).data["data"][0]["user_id"] == fake.find("other.shop").user_id


@pytest.mark.parametrize("bad", [{"client_id": "1"}, {"redirect_uri": "javascript:alert(1)"}])
def test_a_wrong_client_gets_no_code(fake: FakeInstagram, bad: dict[str, str]) -> None:
    query = urllib.parse.urlencode({"client_id": APP, "redirect_uri": BACK, **bad})
    assert request(fake, "GET", f"/ig/oauth/authorize?{query}").error == (100, 0)


def test_refresh_wants_a_day_and_a_living_token(fake: FakeInstagram) -> None:
    token = fake.token()
    assert refresh(fake, token).error == (100, 0)
    fake.advance(ms=DAY)
    assert refresh(fake, token).data["expires_in"] == 60 * 24 * 3600
    fake.advance(ms=60 * DAY)
    assert refresh(fake, token).error == (190, 463)


def test_a_short_token_lives_an_hour(fake: FakeInstagram) -> None:
    short = exchange(fake, consent(fake)["code"]).data["data"][0]["access_token"]
    fake.advance(ms=HOUR)
    assert Graph(fake, short).call("GET", "/me").error == (190, 463)
    assert long_lived(fake, short).error == (190, 463)


def test_facebook_login(fake: FakeInstagram) -> None:
    code = consent(fake, "/fb/v26.0/dialog/oauth")["code"]
    query = {"client_id": APP, "client_secret": SECRET, "redirect_uri": BACK, "code": code}
    short = request(fake, "GET", "/fb/v26.0/oauth/access_token?" + urllib.parse.urlencode(query)).data["access_token"]
    query = {"client_id": APP, "client_secret": SECRET, "grant_type": "fb_exchange_token", "fb_exchange_token": short}
    made = request(fake, "GET", "/fb/v26.0/oauth/access_token?" + urllib.parse.urlencode(query)).data
    page = (
        Graph(fake, made["access_token"], "/fb/v26.0").call("GET", "/me/accounts?fields=access_token").data["data"][0]
    )
    assert Graph(fake, page["access_token"], "/fb/v26.0").send("hi").status == 200
    check = f"/fb/v26.0/debug_token?input_token={made['access_token']}&access_token={APP}|{SECRET}"
    assert request(fake, "GET", check).data["data"]["is_valid"] is True


def test_page_tokens_have_no_date_but_can_die(make: Callable[..., FakeInstagram]) -> None:
    one = make()
    _, token = one.account(login="facebook")
    one.advance(ms=400 * DAY)
    page = Graph(one, token, "/fb/v26.0")
    assert page.call("GET", "/me?fields=name").status == 200
    one.expire_tokens(subcode=460)
    assert page.call("GET", "/me?fields=name").error == (190, 460)
