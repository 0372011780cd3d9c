"""Every family of webhook that the fake can send, against the reference's 77 payloads."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.testing.instagram.people import NoSuchButton
from fake.conftest import Graph, Receiver, request
from instaflow.testing import FakeInstagram

PAYLOADS = {
    case["name"]: case["payload"]
    for case in json.loads((Path(__file__).parents[1] / "data" / "instagram-events.json").read_text())
}


def form(value: Any) -> Any:
    """The keys of a payload, deep, without its values."""
    if isinstance(value, dict):
        return {k: form(v) for k, v in value.items()}
    return [form(v) for v in value] if isinstance(value, list) else type(value).__name__


def last(receiver: Receiver) -> Any:
    return receiver.events[-1]


def quick(fake: FakeInstagram, kind: str, title: str = "") -> None:
    reply = {"content_type": kind, **({"title": title, "payload": "ifl1.r.1.BROWSE"} if title else {})}
    assert Graph(fake, fake.token()).send({"text": "?", "quick_replies": [reply]}).status == 200
    fake.settle()
    fake.taps("ana", title or kind)


def breakers(fake: FakeInstagram) -> None:
    fake.find().profile = {
        "ice_breakers": [{"call_to_actions": [{"question": "Hours?", "payload": "ICE_HOURS"}], "locale": "default"}],
        "persistent_menu": [
            {"locale": "default", "call_to_actions": [{"type": "postback", "title": "Human", "payload": "MENU"}]}
        ],
    }


def ice(fake: FakeInstagram) -> None:
    breakers(fake)
    fake.taps("ana", "Hours?")


def menu(fake: FakeInstagram) -> None:
    breakers(fake)
    fake.taps("ana", "Human")


def ice_with_link(fake: FakeInstagram) -> None:
    breakers(fake)
    fake.refers("new", "flyer-2026_11")
    fake.taps("new", "Hours?")


def template_button(fake: FakeInstagram) -> None:
    button = {"type": "postback", "title": "Order", "payload": "ORDER"}
    body = {"template_type": "button", "text": "?", "buttons": [button]}
    assert Graph(fake, fake.token()).send({"attachment": {"type": "template", "payload": body}}).status == 200
    fake.settle()
    fake.taps("ana", "ORDER")


def without_mid(fake: FakeInstagram) -> None:
    fake.faults.postback_without_mid = True
    ice(fake)


def sends(fake: FakeInstagram) -> None:
    Graph(fake, fake.token()).send("We open at 8:00 ☕")


def reacts(fake: FakeInstagram, emoji: str = "❤️") -> None:
    sends(fake)
    fake.settle()
    fake.reacts("ana", emoji)


def reads(fake: FakeInstagram) -> None:
    sends(fake)
    fake.settle()
    fake.reads("ana")


def other_owner(fake: FakeInstagram) -> None:
    fake.thread("ana").owner = "990000000000002"
    fake.says("ana", "are you there?")


def with_fault(name: str) -> Callable[[FakeInstagram], Any]:
    def comment(fake: FakeInstagram) -> None:
        setattr(fake.faults, name, True)
        fake.comments("ben", "LINK")

    return comment


def boosted(fake: FakeInstagram) -> None:
    ad = fake.posts("ad", "AD", original_media_id="18050000000000601", ad_id="1", ad_title="Cakes")
    fake.comments("ben", "LINK", ad)


def follows(fake: FakeInstagram) -> None:
    fake.follows("ben")


INSIGHTS = {
    "media_id": "1",
    "impressions": 1,
    "reach": 1,
    "taps_forward": 1,
    "taps_back": -1,
    "exits": 4,
    "replies": -1,
}

SHAPES: dict[str, Callable[[FakeInstagram], Any]] = {
    "text_dm": lambda f: f.says("ana", "Hi! Do you deliver on Sundays?"),
    "text_dm_no_text_no_attachment": lambda f: f.sends("ana", {}),
    "quick_reply_tap": lambda f: quick(f, "text", "Browse products"),
    "quick_reply_email_tap": lambda f: quick(f, "user_email"),
    "quick_reply_phone_tap": lambda f: quick(f, "user_phone_number"),
    "inline_reply_to_message": lambda f: f.says("ana", "this one", reply_to="aWdf"),
    "image": lambda f: f.attaches("ana", "image"),
    "image_album_three": lambda f: f.attaches("ana", "image", "image", "image"),
    "video": lambda f: f.attaches("ana", "video"),
    "audio_voice_note": lambda f: f.attaches("ana", "audio"),
    "like_heart": lambda f: f.attaches("ana", "like_heart"),
    "share_legacy_post": lambda f: f.attaches("ana", "share"),
    "story_mention": lambda f: f.mentions("ana"),
    "story_reply_text": lambda f: f.replies_to_story("ana", "PRICE"),
    "story_reply_link_sticker": lambda f: f.replies_to_story("ana", "how?", link="https://shop.example.org"),
    "ephemeral_view_once": lambda f: f.attaches("ana", "ephemeral"),
    "unsupported_flag": lambda f: f.sends("ana", {"is_unsupported": True}),
    "message_deleted": lambda f: f.unsends("ana"),
    "message_edit": lambda f: f.edits("ana", "Precio?"),
    "echo_of_api_send": sends,
    "echo_from_instagram_app": lambda f: f.answers_in_app("ana", "it is me"),
    "reaction_react": reacts,
    "reaction_unreact": lambda f: reacts(f, ""),
    "seen": reads,
    "postback_ice_breaker": ice,
    "postback_ice_breaker_no_mid": without_mid,
    "postback_button_template": template_button,
    "postback_persistent_menu": menu,
    "postback_with_igme_referral": ice_with_link,
    "referral_existing_thread": lambda f: f.refers("ana", "qr-table-7"),
    "message_from_ad": lambda f: f.from_ad("ana", "Still available?", "nov-promo"),
    "message_from_shop_product": lambda f: f.sends("ana", {"text": "Size?", "referral": {"product": {"id": "1"}}}),
    "standby_message": other_owner,
    "pass_thread_control_to_us": lambda f: f.controls("ana", "pass"),
    "request_thread_control": lambda f: f.controls("ana", "request"),
    "comment_changes": lambda f: f.comments("ben", "LINK please 🙏"),
    "comment_flat_documented_shape": with_fault("flat_comments"),
    "comment_comment_id_key": with_fault("comment_id_key"),
    "comment_on_boosted_post": boosted,
    "comment_by_ourselves": lambda f: f.comments("", "Thanks everyone! comment LINK"),
    "comment_without_from_id": with_fault("comments_without_id"),
    "comment_gif_no_text": lambda f: f.comments("ben", ""),
    "live_comment": lambda f: f.comments("ben", "LINK", f.live()),
    "mention_in_caption": lambda f: f.mentions_in_caption(),
    "mention_in_comment": lambda f: f.mentions_in_caption(comment=True),
    "story_insights": lambda f: f.change("story_insights", INSIGHTS),
    "follow_undocumented": follows,
    "dashboard_test_message": lambda f: request(f, "POST", "/fake/dashboard-test", {"field": "messages"}),
    "dashboard_test_comment": lambda f: request(f, "POST", "/fake/dashboard-test", {"field": "comments"}),
}


@pytest.mark.parametrize("name", SHAPES)
def test_it_has_the_references_form(fake: FakeInstagram, receiver: Receiver, name: str) -> None:
    SHAPES[name](fake)
    fake.settle()
    assert form(last(receiver)) == form(PAYLOADS[name]["entry"][-1])


def test_a_new_message_can_be_told_as_edit_number_zero(fake: FakeInstagram, receiver: Receiver) -> None:
    fake.faults.edit_zero_rate = 1.0
    for n in range(12):
        fake.says("ana", str(n))
    fake.settle()
    edits = receiver.items("message_edit")
    assert [e["message_edit"]["num_edit"] for e in edits] == [0] * 12
    assert len({"sender" in e for e in edits}) == 2
    graph = Graph(fake, fake.token())
    read = graph.call("GET", f"/{edits[0]['message_edit']['mid']}?fields=id,from,to,message,created_time")
    assert (read.data["message"], read.data["from"]["id"]) == ("0", fake.igsid("ana"))


def test_times_can_be_seconds(fake: FakeInstagram, receiver: Receiver) -> None:
    fake.faults.seconds_rate = 1.0
    fake.says("ana", "x")
    fake.settle()
    assert receiver.items("message")[-1]["timestamp"] < 10**11


def test_quick_replies_go_with_the_tap_and_with_the_next_message(fake: FakeInstagram) -> None:
    quick(fake, "text", "Browse products")
    with pytest.raises(NoSuchButton, match="no buttons at all"):
        fake.taps("ana", "Browse products")


def test_a_private_person_mentions_in_silence(fake: FakeInstagram, receiver: Receiver) -> None:
    fake.person("shy", public=False)
    assert fake.mentions("shy") == ""
    fake.person("shy", followed_by=[fake.find().ig_id])
    assert fake.mentions("shy")


def test_a_link_on_a_new_thread_without_ice_breakers_is_lost(fake: FakeInstagram, receiver: Receiver) -> None:
    fake.refers("new", "lost")
    fake.says("new", "hi")
    fake.settle()
    assert "referral" not in receiver.items("message")[-1]["message"]
