"""The send side against the fake Instagram, over HTTP, with both logins."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest

from core.testing.instagram import FakeInstagram
from instaflow import AccountView, Outcome
from plugins.http.graph import GraphTransport

Do = Callable[..., Outcome]
APP = {
    "clientId": "880000000000001",
    "clientSecret": "instaflow-test-app-secret",
    "redirectUri": "https://our.example/back",
}


@pytest.fixture
def account(instagram: FakeInstagram) -> AccountView:
    ig_id, token = instagram.account("bella.bakery")
    return AccountView("a", ig_id, None, "instagram", token, "bella.bakery")


def person(instagram: FakeInstagram, name: str = "ana") -> str:
    """The id of somebody who has just written."""
    instagram.says(name, "Hello")
    return instagram.stage.igsid(instagram.thread(name))


def code_of(instagram: FakeInstagram, path: str) -> str:
    """The code that the approving page hands back."""

    class Stop(HTTPRedirectHandler):
        def redirect_request(self, *args: Any) -> None:
            return None

    query = f"client_id={APP['clientId']}&redirect_uri={APP['redirectUri']}&response_type=code&state=s&scope=x"
    try:
        build_opener(Stop).open(f"{instagram.url}{path}?{query}")
    except OSError as e:
        headers: Any = getattr(e, "headers", {})
        e.close() if hasattr(e, "close") else None
        return parse_qs(urlsplit(headers["Location"]).query)["code"][0]
    raise AssertionError("no redirect")


def test_messages_of_every_kind_are_accepted(
    do: Do, instagram: FakeInstagram, way: GraphTransport, account: AccountView
) -> None:
    to = {"id": person(instagram)}
    quick = {"type": "quick_reply", "text": "Yes", "payload": "Y"}
    postback = {"type": "postback", "text": "Go", "payload": "G"}
    messages: list[Mapping[str, Any]] = [
        {"text": "Hi"},
        {"text": "?", "buttons": [quick, {"type": "quick_reply", "contentType": "user_email"}]},
        {"text": "?", "buttons": [postback, {"type": "url", "text": "Shop", "url": "https://shop.example"}]},
        {"cards": [{"title": "T", "buttons": [postback]}, {"title": "U", "imageUrl": "https://e.example/a.png"}]},
        {"media": [{"type": "image", "url": "https://e.example/a.png"}]},
        {"media": [{"type": "video", "url": "https://e.example/a.mp4"}], "buttons": [quick]},
    ]
    for message in messages:
        out = do("send", way, to, {"message": message}, account=account)
        assert out.status == "sent" and out.provider_id and out.recipient_id == to["id"], (message, out)


def test_an_unknown_send_is_found_in_the_conversation(
    do: Do, instagram: FakeInstagram, way: GraphTransport, account: AccountView
) -> None:
    to = {"id": person(instagram)}
    mid = do("send", way, to, {"message": {"text": "Here you are"}}, account=account).provider_id
    found = do("conversation.find", way, to, account=account)
    assert found.status == "sent" and found.data["whole"] is True
    ours = [m for m in found.data["messages"] if m["own"]]
    assert [(m["mid"], m["text"]) for m in ours] == [(mid, "Here you are")] and isinstance(ours[0]["at"], int)


def test_profiles_need_consent(do: Do, instagram: FakeInstagram, way: GraphTransport, account: AccountView) -> None:
    known = do("profile.get", way, {"id": person(instagram)}, account=account)
    assert known.status == "sent" and known.data["username"] == "ana" and known.data["isFollower"] in (True, False)
    assert do("profile.get", way, {"id": "1/../2"}, account=account).code == "no_id"
    assert do("profile.get", way, {"id": "99"}, account=account).status != "sent"


def test_connecting_with_instagram_login(
    do: Do, instagram: FakeInstagram, way: GraphTransport, account: AccountView
) -> None:
    nobody = AccountView("a", "", None, "instagram", "")
    short = do(
        "account.exchange_code", way, body={**APP, "code": code_of(instagram, "/ig/oauth/authorize")}, account=nobody
    )
    assert short.status == "sent" and "instagram_business_basic" in short.data["permissions"], short
    long = do("account.long_lived", way, body={**APP, "token": short.data["token"]}, account=nobody)
    assert long.status == "sent" and long.data["expiresIn"] > 5_000_000
    mine = AccountView("a", "", None, "instagram", long.data["token"])
    me = do("account.me", way, account=mine)
    assert me.data["igId"] == account.ig_id and me.data["username"] == "bella.bakery"
    assert me.data["appScopedId"] == short.data["appScopedId"]
    assert do("account.refresh", way, account=mine).status == "failed"  # not 24 hours old yet
    bad = do("account.exchange_code", way, body={**APP, "code": "nope"}, account=nobody)
    assert bad.status == "failed" and bad.code == "400"


def test_connecting_with_facebook_login(
    do: Do, instagram: FakeInstagram, way: GraphTransport, account: AccountView
) -> None:
    nobody = AccountView("a", "", None, "facebook", "")
    short = do(
        "account.exchange_code", way, body={**APP, "code": code_of(instagram, "/fb/v26.0/dialog/oauth")}, account=nobody
    )
    assert short.status == "sent", short
    long = do("account.long_lived", way, body={**APP, "token": short.data["token"]}, account=nobody)
    pages = do("account.pages", way, account=AccountView("a", "", None, "facebook", long.data["token"]))
    page = pages.data["pages"][0]
    assert page["igId"] == account.ig_id
    ours = AccountView("a", account.ig_id, page["pageId"], "facebook", page["token"], "bella.bakery")
    me = do("account.me", way, account=ours)
    assert me.data["igId"] == account.ig_id and me.data["pageId"] == page["pageId"]
    assert do("account.refresh", way, account=ours).code == "no_refresh"
    assert do("account.subscribe", way, account=ours).data["fields"] == ["feed"]
    out = do("send", way, {"id": person(instagram)}, {"message": {"text": "Hi"}}, account=ours)
    assert out.status == "sent"
    found = do("conversation.find", way, {"id": person(instagram)}, account=ours)
    assert any(m["mid"] == out.provider_id and m["own"] for m in found.data["messages"])


def test_one_bad_name_does_not_cost_the_subscription(do: Do, way: GraphTransport, account: AccountView) -> None:
    out = do(
        "account.subscribe", way, body={"fields": ["messages", "messaging_reactions", "comments"]}, account=account
    )
    assert out.data == {"fields": ["messages", "comments"], "refused": ["messaging_reactions"]}
    assert do("account.subscriptions", way, account=account).data == {"fields": ["comments", "messages"]}
    assert do("account.unsubscribe", way, account=account).status == "sent"
    assert do("account.subscriptions", way, account=account).data == {"fields": []}


def test_ice_breakers_and_menu(do: Do, way: GraphTransport, account: AccountView) -> None:
    ice = [{"question": "Hours?", "payload": "H"}]
    assert do("messenger_profile.set", way, body={"ice_breakers": ice}, account=account).status == "sent"
    shown = do("messenger_profile.get", way, account=account).data["data"][0]
    assert shown["ice_breakers"][0]["call_to_actions"] == ice
    assert do("messenger_profile.set", way, body={"ice_breakers": None}, account=account).status == "sent"
    assert do("messenger_profile.get", way, account=account).data["data"] == []


def test_uploads_by_address_and_as_file(
    do: Do, instagram: FakeInstagram, way: GraphTransport, account: AccountView
) -> None:
    for body in (
        {"type": "image", "url": "https://e.example/a.png"},
        {"type": "image", "data": b"\x89PNG" + b"x" * 100_000, "mime": "image/png", "name": "cake ü.png"},
    ):
        made = do("media.upload", way, body=body, account=account)
        assert made.status == "sent", made
        message = {"media": [{"type": "image", "attachmentId": made.data["attachmentId"]}]}
        assert do("send", way, {"id": person(instagram)}, {"message": message}, account=account).status == "sent"
    assert (
        do("media.upload", way, body={"type": "image", "data": b"x" * 9_000_000}, account=account).code == "media_size"
    )


def test_posts_are_listed_over_pages(
    do: Do, instagram: FakeInstagram, way: GraphTransport, account: AccountView
) -> None:
    for i in range(7):
        instagram.posts(f"post {i}")
    some = do("account.media", way, body={"max": 3}, account=account)
    assert len(some.data["items"]) == 3 and some.data["after"]
    rest = do("account.media", way, body={"max": 50, "after": some.data["after"]}, account=account)
    ids = [m["id"] for m in (*some.data["items"], *rest.data["items"])]
    assert len(ids) == len(set(ids)) == 7 and rest.data["after"] is None
    assert all(m["permalink"].startswith("https://") for m in some.data["items"])
