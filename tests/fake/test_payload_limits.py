"""What the Send API takes and refuses (reference 2.2)."""

from typing import Any

import pytest

from fake.conftest import Graph
from instaflow.testing import FakeInstagram

QUICK = {"content_type": "text", "title": "Yes", "payload": "Y"}
POSTBACK = {"type": "postback", "title": "Order", "payload": "ORDER"}
WEB = {"type": "web_url", "title": "See", "url": "https://example.org"}


def template(**payload: Any) -> dict[str, Any]:
    return {"attachment": {"type": "template", "payload": payload}}


def media(kind: str, url: str) -> dict[str, Any]:
    return {"attachment": {"type": kind, "payload": {"url": url}}}


ELEMENT = {"title": "Cake", "subtitle": "24 €"}
GOOD: dict[str, Any] = {
    "text of 1000 bytes": {"text": "é" * 500},
    "13 quick replies": {"text": "?", "quick_replies": [QUICK] * 13},
    "chips": {"text": "?", "quick_replies": [{"content_type": "user_email"}, {"content_type": "user_phone_number"}]},
    "button template": template(template_type="button", text="t" * 640, buttons=[POSTBACK, WEB, POSTBACK]),
    "carousel": template(template_type="generic", elements=[{**ELEMENT, "buttons": [POSTBACK] * 3}] * 10),
    "image": media("image", "https://cdn.example.org/a.jpg"),
    "pdf": media("file", "https://cdn.example.org/a.pdf"),
    "ten images": {"attachments": [{"type": "image", "payload": {"url": "https://cdn.example.org/a"}}] * 10},
    "heart": {"attachment": {"type": "like_heart"}},
}
BAD: dict[str, tuple[Any, int]] = {
    "1001 bytes": ({"text": "é" * 500 + "x"}, 0),
    "empty": ({"text": ""}, 0),
    "nothing": ({}, 0),
    "not an object": ("[1]", 0),
    "unknown key": ({"text": "a", "tmeplate": {}}, 0),
    "text and attachment": ({"text": "a", **media("image", "https://cdn.example.org/a.jpg")}, 2534015),
    "14 quick replies": ({"text": "?", "quick_replies": [QUICK] * 14}, 0),
    "quick reply without title": ({"text": "?", "quick_replies": [{**QUICK, "title": ""}]}, 0),
    "quick reply of a strange type": ({"text": "?", "quick_replies": [{"content_type": "location"}]}, 0),
    "quick reply payload of 1001": ({"text": "?", "quick_replies": [{**QUICK, "payload": "p" * 1001}]}, 0),
    "641 characters with buttons": (template(template_type="button", text="t" * 641, buttons=[POSTBACK]), 0),
    "no button": (template(template_type="button", text="t", buttons=[]), 0),
    "4 buttons": (template(template_type="button", text="t", buttons=[POSTBACK] * 4), 0),
    "button title of 21": (template(template_type="button", text="t", buttons=[{**POSTBACK, "title": "x" * 21}]), 0),
    "phone button": (
        template(template_type="button", text="t", buttons=[{**POSTBACK, "type": "phone_number"}]),
        2534015,
    ),
    "button without url": (template(template_type="button", text="t", buttons=[{**WEB, "url": "here"}]), 0),
    "11 cards": (template(template_type="generic", elements=[ELEMENT] * 11), 0),
    "no card": (template(template_type="generic", elements=[]), 0),
    "card with a title only": (template(template_type="generic", elements=[{"title": "Cake"}]), 0),
    "card title of 81": (template(template_type="generic", elements=[{**ELEMENT, "title": "x" * 81}]), 0),
    "card subtitle of 81": (template(template_type="generic", elements=[{**ELEMENT, "subtitle": "x" * 81}]), 0),
    "product template here": (template(template_type="product", elements=[{"id": "1"}]), 2534015),
    "receipt template": (template(template_type="receipt"), 2534015),
    "11 images": ({"attachments": [{"type": "image", "payload": {"url": "https://cdn.example.org/a"}}] * 11}, 0),
    "two videos": ({"attachments": [{"type": "video", "payload": {"url": "https://cdn.example.org/a"}}] * 2}, 2534015),
    "location": ({"attachment": {"type": "location", "payload": {}}}, 2534015),
    "unknown upload": ({"attachment": {"type": "image", "payload": {"attachment_id": "1"}}}, 2018074),
    "foreign post": ({"attachment": {"type": "MEDIA_SHARE", "payload": {"id": "1"}}}, 2018074),
    "http": (media("image", "http://cdn.example.org/a.jpg"), 2018008),
    "loopback": (media("image", "https://127.0.0.1/a.jpg"), 2018008),
    "private host": (media("image", "https://10.0.0.1/a.jpg"), 2018008),
    "file name not ASCII": (media("image", "https://cdn.example.org/tarta-ñ.jpg"), 2018008),
    "video as image": (media("image", "https://cdn.example.org/a.mp4"), 2018047),
    "card picture on http": (
        template(template_type="generic", elements=[{**ELEMENT, "image_url": "http://cdn.example.org/a.jpg"}]),
        2018008,
    ),
}


@pytest.mark.parametrize("name", GOOD)
def test_taken(graph: Graph, name: str) -> None:
    answer = graph.send(GOOD[name])
    assert answer.status == 200, answer.data


@pytest.mark.parametrize("name", BAD)
def test_refused(graph: Graph, name: str) -> None:
    message, subcode = BAD[name]
    answer = graph.call("POST", "/me/messages", {"recipient": {"id": graph.fake.igsid("ana")}, "message": message})
    assert (answer.status, answer.error) == (400, (100, subcode))


def test_titles_of_quick_replies_are_cut_to_20_code_points(fake: FakeInstagram, graph: Graph) -> None:
    title = "Ünïcode 🎂 and a long title"
    graph.send({"text": "?", "quick_replies": [{**QUICK, "title": title}]})
    assert fake.sent()[0].body["quick_replies"][0]["title"] == title[:20]
    fake.taps("ana", "Y")
    assert fake.thread("ana").messages[-1].body == {"text": title[:20], "quick_reply": {"payload": "Y"}}


def test_scripted_fetch_failures(fake: FakeInstagram, graph: Graph) -> None:
    fake.faults.media = {"huge": 2018109, "slow": 2018294}
    assert graph.send(media("image", "https://cdn.example.org/huge.jpg")).error == (100, 2018109)
    assert graph.send(media("video", "https://cdn.example.org/slow.mp4")).error == (100, 2018294)


def test_several_images_can_be_off(fake: FakeInstagram, graph: Graph) -> None:
    fake.find().multi_image = False
    assert graph.send(GOOD["ten images"]).error == (100, 2534068)


def test_a_message_and_an_action_do_not_go_together(fake: FakeInstagram, graph: Graph) -> None:
    assert graph.send("hi", sender_action="typing_on").error == (100, 2018014)


def test_sender_actions_answer_the_recipient_only(fake: FakeInstagram, graph: Graph) -> None:
    for action in ("typing_on", "typing_off", "mark_seen"):
        assert graph.send(sender_action=action).data == {"recipient_id": fake.igsid("ana")}
    assert graph.send(sender_action="dance").error == (100, 0)
    assert [s.kind for s in fake.stage.sent] == ["typing_on", "typing_off", "mark_seen"]


def test_reactions_are_one_a_side_and_give_no_echo(fake: FakeInstagram, graph: Graph, receiver: Any) -> None:
    mid = fake.thread("ana").messages[0].mid
    assert graph.send(sender_action="react", payload={"message_id": mid, "reaction": "love"}).status == 200
    assert fake.thread("ana").messages[0].reaction == "love"
    graph.send(sender_action="unreact", payload={"message_id": mid})
    assert fake.thread("ana").messages[0].reaction == ""
    assert graph.send(sender_action="react", payload={"message_id": "none", "reaction": "love"}).error == (100, 33)
    fake.settle()
    assert len(receiver.bodies) == 1


def test_a_quoted_message_travels(fake: FakeInstagram, graph: Graph) -> None:
    mid = fake.thread("ana").messages[0].mid
    graph.send("yes", reply_to={"mid": mid})
    assert fake.sent()[0].body["reply_to"] == {"mid": mid}


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"[" * 100_000, b"\xff"])
def test_a_body_that_is_not_an_object_is_100(graph: Graph, body: bytes) -> None:
    assert graph.call("POST", "/me/messages", body).error == (100, 0)


def test_no_recipient_is_100(graph: Graph) -> None:
    assert graph.call("POST", "/me/messages", {"message": {"text": "hi"}}).error == (100, 0)


def test_product_templates_are_facebooks(facebook: Graph) -> None:
    assert facebook.send(template(template_type="product", elements=[{"id": "1"}])).status == 200
