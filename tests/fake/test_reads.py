"""Reading and account edges: profile, conversations, media, subscriptions, ice breakers, uploads, routing."""

from typing import Any

import pytest

from fake.conftest import Graph, request
from instaflow.testing import FakeInstagram

HOUR = 3_600_000


def test_who_am_i_differs_by_login(fake: FakeInstagram, graph: Graph, facebook: Graph) -> None:
    account = fake.find()
    me = graph.call("GET", "/me?fields=id,user_id,username,account_type,media_count").data
    assert (me["user_id"], me["id"], me["username"]) == (account.ig_id, account.user_id, "bella.bakery")
    assert facebook.call("GET", "/me?fields=id,name").data == {"id": account.page_id, "name": account.name}
    assert facebook.call("GET", f"/{account.ig_id}?fields=username").data["username"] == "bella.bakery"
    pages = Graph(fake, fake.token(kind="user_long"), "/fb/v26.0").call(
        "GET", "/me/accounts?fields=name,access_token,tasks,instagram_business_account"
    )
    assert pages.data["data"][0]["instagram_business_account"] == {"id": account.ig_id}
    assert pages.data["data"][0]["access_token"] == facebook.token


def test_a_user_token_does_not_send(fake: FakeInstagram) -> None:
    assert Graph(fake, fake.token(kind="user_long"), "/fb/v26.0").send("hi").error == (100, 33)


def test_an_unknown_field_is_100(graph: Graph) -> None:
    assert graph.call("GET", "/me?fields=id,shoe_size").error == (100, 0)
    assert graph.call("GET", "/me?fields=id%7B").error == (100, 0)


def test_the_profile_needs_consent(fake: FakeInstagram, graph: Graph) -> None:
    fields = "name,username,profile_pic,follower_count,is_user_follow_business,is_business_follow_user,is_verified_user"
    fake.comments("ben", "LINK")
    assert graph.call("GET", f"/{fake.igsid('ben')}?fields={fields}").error == (230, 0)
    fake.follows("ana")
    data = graph.call("GET", f"/{fake.igsid('ana')}?fields={fields}").data
    assert (data["name"], data["username"], data["is_user_follow_business"]) == ("Ana Ruiz", "ana", True)
    fake.blocks("ana")
    assert graph.call("GET", f"/{fake.igsid('ana')}?fields=name").error == (100, 33)


def test_a_name_may_be_missing(fake: FakeInstagram, graph: Graph) -> None:
    fake.person("ana", name="")
    assert graph.call("GET", f"/{fake.igsid('ana')}?fields=name,username").data == {
        "username": "ana",
        "id": fake.igsid("ana"),
    }


def test_a_template_button_gives_no_consent_and_an_ice_breaker_does(fake: FakeInstagram, graph: Graph) -> None:
    fake.find().private_reply_buttons = True
    button = {"type": "postback", "title": "Yes", "payload": "Y"}
    body = {
        "attachment": {"type": "template", "payload": {"template_type": "button", "text": "?", "buttons": [button]}}
    }
    assert graph.send(body, {"comment_id": fake.comments("ben", "LINK")}).status == 200
    fake.taps("ben", "Yes")
    assert graph.call("GET", f"/{fake.igsid('ben')}").error == (230, 0)
    fake.find().profile = {"ice_breakers": [{"question": "Hours?", "payload": "H"}]}
    fake.taps("ben", "Hours?")
    assert graph.call("GET", f"/{fake.igsid('ben')}").status == 200


def test_conversations_find_a_person_and_read_messages(fake: FakeInstagram, graph: Graph) -> None:
    mid = graph.send("hello").data["message_id"]
    fake.says("ben", "hi")
    found = graph.call("GET", f"/me/conversations?platform=instagram&user_id={fake.igsid('ana')}").data["data"]
    assert len(found) == 1
    path = f"/{found[0]['id']}?fields=messages{{id,created_time,from,to,message}}"
    fake.advance(ms=1000)
    rows = graph.call("GET", path).data["messages"]["data"]
    assert [(r["message"], r["from"]["username"]) for r in rows] == [("hello", "bella.bakery"), ("Hi!", "ana")]
    assert rows[0]["id"] == mid
    assert rows[0]["created_time"].endswith("+0000")
    assert graph.call("GET", f"/{mid}?fields=message").data["message"] == "hello"


def test_details_end_after_the_20_newest(fake: FakeInstagram, graph: Graph) -> None:
    first = fake.thread("ana").messages[0].mid
    for n in range(19):
        fake.says("ana", str(n))
    assert graph.call("GET", f"/{first}?fields=message").data["message"] == "Hi!"
    fake.says("ana", "one more")
    assert graph.call("GET", f"/{first}?fields=message").error == (9000001, 0)


def test_an_unsent_message_reads_as_deleted(fake: FakeInstagram, graph: Graph) -> None:
    mid = fake.says("ana", "oops")
    fake.unsends("ana")
    assert graph.call("GET", f"/{mid}").error == (9000001, 0)


def test_conversations_take_two_calls_a_second(fake: FakeInstagram, graph: Graph) -> None:
    path = "/me/conversations?platform=instagram"
    assert [graph.call("GET", path).error for _ in range(3)] == [(0, 0), (0, 0), (613, 2534040)]
    fake.advance(ms=1001)
    assert graph.call("GET", path).status == 200


def test_media_is_paged_by_cursor(fake: FakeInstagram, graph: Graph) -> None:
    made = []
    for n in range(5):
        fake.advance(ms=1000)
        made.append(fake.posts(f"post {n}"))
    fake.posts("a story", "STORY")
    seen, after = [], ""
    for _ in range(3):
        page = graph.call("GET", f"/me/media?fields=id,permalink,caption&limit=2&after={after}").data
        seen += [m["id"] for m in page["data"]]
        after = page["paging"]["cursors"]["after"]
    assert seen == made[::-1]
    assert "next" not in page["paging"]
    assert graph.call("GET", "/me/media?limit=0").error == (100, 0)


def test_one_unknown_field_name_fails_the_whole_subscription(fake: FakeInstagram, graph: Graph) -> None:
    fake.find().fields.clear()
    path = "/me/subscribed_apps"
    answer = graph.call("POST", f"{path}?subscribed_fields=messages,messaging_reactions")
    assert answer.error == (100, 0)
    assert "subscribed_fields[1] must be one of {" in answer.data["error"]["message"]
    assert graph.call("GET", path).data == {"data": []}
    assert graph.call("POST", f"{path}?subscribed_fields=messages,message_reactions").data == {"success": True}
    assert graph.call("GET", path).data["data"][0]["subscribed_fields"] == ["messages", "message_reactions"]
    assert graph.call("DELETE", path).data == {"success": True}
    assert fake.find().fields == []


def test_a_page_refuses_instagrams_names_and_any_field_of_its_own_will_do(fake: FakeInstagram, facebook: Graph) -> None:
    fake.find().fields.clear()
    assert facebook.call("POST", "/me/subscribed_apps?subscribed_fields=messaging_seen").error == (100, 0)
    assert facebook.call("POST", "/me/subscribed_apps?subscribed_fields=feed").data == {"success": True}
    fake.says("ana", "heard")
    assert fake.stage.hooks.log[-1].kind == "message"


ICE = {"question": "Hours?", "payload": "H"}
PROFILES: list[tuple[dict[str, Any], int]] = [
    ({"ice_breakers": [{"call_to_actions": [ICE] * 4, "locale": "default"}]}, 200),
    ({"ice_breakers": [ICE]}, 200),
    ({"ice_breakers": [{"call_to_actions": [ICE] * 5, "locale": "default"}]}, 400),
    ({"ice_breakers": [{"call_to_actions": [ICE], "locale": "en_GB"}]}, 400),
    ({"ice_breakers": [{"question": "q" * 81, "payload": "H"}]}, 400),
    (
        {
            "persistent_menu": [
                {"locale": "default", "call_to_actions": [{"type": "postback", "title": "A", "payload": "P"}]}
            ]
        },
        200,
    ),
    ({"persistent_menu": [{"locale": "default", "call_to_actions": [{"type": "nested", "title": "A"}]}]}, 400),
    ({"greeting": []}, 400),
]


@pytest.mark.parametrize(("profile", "status"), PROFILES)
def test_ice_breakers_and_menus(graph: Graph, profile: dict[str, Any], status: int) -> None:
    answer = graph.call("POST", "/me/messenger_profile", {"platform": "instagram", **profile})
    assert answer.status == status
    if status == 200:
        assert answer.data == {"result": "success"}
        name = next(iter(profile))
        assert graph.call("GET", f"/me/messenger_profile?fields={name}").data == {"data": [profile]}
        assert graph.call("DELETE", f'/me/messenger_profile?fields=["{name}"]').data == {"result": "success"}
        assert graph.call("GET", "/me/messenger_profile").data == {"data": []}


def test_the_profile_edge_takes_ten_calls_in_ten_minutes(graph: Graph) -> None:
    codes = [graph.call("GET", "/me/messenger_profile").error for _ in range(11)]
    assert codes[-2:] == [(0, 0), (613, 2534040)]


def multipart(kind: str, content_type: str, data: bytes) -> bytes:
    head = '--b\r\nContent-Disposition: form-data; name="message"\r\n\r\n'
    head += f'{{"attachment":{{"type":"{kind}","payload":{{"is_reusable":true}}}}}}\r\n--b\r\n'
    head += f'Content-Disposition: form-data; name="filedata"; filename="a"\r\nContent-Type: {content_type}\r\n\r\n'
    return head.encode() + data + b"\r\n--b--\r\n"


def upload(graph: Graph, body: bytes) -> Any:
    return graph.call("POST", "/me/message_attachments", body, **{"Content-Type": "multipart/form-data; boundary=b"})


def test_uploads_are_sent_by_their_id(fake: FakeInstagram, graph: Graph) -> None:
    made = upload(graph, multipart("image", "image/png", b"\x89PNG" * 10)).data["attachment_id"]
    by_url = {"attachment": {"type": "image", "payload": {"url": "https://cdn.example.org/a.png", "is_reusable": True}}}
    assert "attachment_id" in graph.call("POST", "/me/message_attachments", {"message": by_url}).data
    payload = {"attachment_id": made}
    assert graph.send({"attachment": {"type": "image", "payload": payload}}).status == 200
    assert graph.send({"attachment": {"type": "video", "payload": payload}}).error == (100, 2018074)


def test_uploads_have_types_and_sizes(graph: Graph) -> None:
    assert upload(graph, multipart("image", "text/html", b"<p>")).error == (100, 2018047)
    assert upload(graph, multipart("file", "application/pdf", b"")).error == (100, 2018109)
    assert upload(graph, multipart("image", "image/png", b"x" * (8 * 1024 * 1024 + 1))).error == (100, 2018109)
    assert upload(graph, b"--b--\r\n").error == (100, 0)


def test_routing_is_facebooks(fake: FakeInstagram, graph: Graph, facebook: Graph) -> None:
    to = {"recipient": {"id": fake.igsid("ana")}}
    assert graph.call("POST", "/me/take_thread_control", to).error == (100, 33)
    assert facebook.call("POST", "/me/pass_thread_control", {**to, "target_app_id": "99"}).data == {"success": True}
    assert facebook.send("hi").error == (10, 2018300)
    owner = facebook.call("GET", f"/me/thread_owner?recipient={fake.igsid('ana')}").data
    assert owner == {"data": [{"thread_owner": {"app_id": "99"}}]}
    assert facebook.call("POST", "/me/take_thread_control", to).data == {"success": True}
    assert facebook.send("hi").status == 200


@pytest.mark.parametrize("path", ["/17800000000000000", "/me/nothing", "/a/b/c", "/"])
def test_what_is_not_there_is_100_33(graph: Graph, path: str) -> None:
    assert graph.call("GET", path).error == (100, 33)


def test_another_accounts_things_are_not_visible(fake: FakeInstagram, graph: Graph) -> None:
    other, _ = fake.account("other.shop")
    mid, comment, media = (
        fake.says("ana", "x", other),
        fake.comments("ana", "x", account=other),
        fake.posts(account=other),
    )
    igsid, thread = fake.igsid("ana", other), fake.thread("ana", other).id
    for name in (other, mid, comment, media, igsid, thread, f"{comment}/replies", f"{media}/comments"):
        assert graph.call("GET", f"/{name}").error == (100, 33), name


def test_the_version_may_be_left_out(fake: FakeInstagram, graph: Graph) -> None:
    answer = request(fake, "GET", f"/ig/me?fields=user_id&access_token={graph.token}")
    assert answer.data["user_id"] == fake.find().ig_id


def test_the_proof_is_checked_when_it_comes(fake: FakeInstagram, graph: Graph) -> None:
    assert graph.call("GET", "/me?appsecret_proof=00").error == (100, 0)
