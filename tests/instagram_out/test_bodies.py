"""What goes over the wire for each kind of message, with either login."""

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from instaflow import Outcome
from plugins.instagram.bodies import graph_message
from tests.instagram_out.conftest import Script

Do = Callable[..., Outcome]
GOOD = {"recipient_id": "1", "message_id": "m"}
DAY = 86_400_000


def button(kind: str, text: str, **more: str) -> dict[str, str]:
    return {"type": kind, "text": text, **more}


@pytest.mark.parametrize(
    ("message", "sent"),
    [
        ({"text": "Hi"}, {"text": "Hi"}),
        (
            {
                "text": "?",
                "buttons": [
                    button("quick_reply", "Y" * 30, payload="P"),
                    {"type": "quick_reply", "contentType": "user_email"},
                ],
            },
            {
                "text": "?",
                "quick_replies": [
                    {"content_type": "text", "title": "Y" * 20, "payload": "P"},
                    {"content_type": "user_email"},
                ],
            },
        ),
        (
            {"text": "?", "buttons": [button("postback", "A", payload="P"), button("url", "B", url="https://b.b")]},
            {
                "attachment": {
                    "type": "template",
                    "payload": {
                        "template_type": "button",
                        "text": "?",
                        "buttons": [
                            {"type": "postback", "title": "A", "payload": "P"},
                            {"type": "web_url", "url": "https://b.b", "title": "B"},
                        ],
                    },
                }
            },
        ),
        (
            {
                "cards": [
                    {
                        "title": "T",
                        "subtitle": "S",
                        "imageUrl": "https://i.i",
                        "url": "https://u.u",
                        "buttons": [button("postback", "A", payload="P")],
                    },
                    {"title": "x"},
                ]
            },
            {
                "attachment": {
                    "type": "template",
                    "payload": {
                        "template_type": "generic",
                        "elements": [
                            {
                                "title": "T",
                                "subtitle": "S",
                                "image_url": "https://i.i",
                                "default_action": {"type": "web_url", "url": "https://u.u"},
                                "buttons": [{"type": "postback", "title": "A", "payload": "P"}],
                            },
                            {"title": "x", "subtitle": "…"},
                        ],
                    },
                }
            },
        ),
        (
            {"media": [{"type": "image", "url": "https://i.i"}]},
            {"attachment": {"type": "image", "payload": {"url": "https://i.i"}}},
        ),
        (
            {"media": [{"type": "video", "attachmentId": "7"}]},
            {"attachment": {"type": "video", "payload": {"attachment_id": "7"}}},
        ),
        ({"media": [{"type": "post", "id": "9"}]}, {"attachment": {"type": "MEDIA_SHARE", "payload": {"id": "9"}}}),
        ({"media": [{"type": "like_heart"}]}, {"attachment": {"type": "like_heart"}}),
        (
            {"media": [{"type": "image", "url": "a"}, {"type": "image", "url": "b"}]},
            {"attachments": [{"type": "image", "payload": {"url": "a"}}, {"type": "image", "payload": {"url": "b"}}]},
        ),
    ],
)
def test_a_message(message: dict[str, Any], sent: dict[str, Any]) -> None:
    assert graph_message(message) == sent


def sent(do: Do, **more: Any) -> Any:
    script = Script(GOOD)
    body = more.pop("body", {"message": {"text": "Hi"}})
    out = do("send", script, more.pop("to", {"id": "1"}), body, **more)
    assert (out.status, out.provider_id, out.recipient_id) == ("sent", "m", "1")
    request = script.seen[0]
    assert request.headers["Authorization"] == "Bearer IGAAtoken" and "IGAA" not in request.url
    return request.url, orjson.loads(request.body)


def test_the_two_logins(do: Do) -> None:
    assert sent(do) == ("instagram:/me/messages", {"recipient": {"id": "1"}, "message": {"text": "Hi"}})
    url, body = sent(do, login="facebook")
    assert url == "facebook:/me/messages" and body["messaging_type"] == "RESPONSE"


def test_the_human_agent_tag_needs_a_person_and_a_closed_window(do: Do) -> None:
    now = 100 * DAY
    late = {"now": now, "last_inbound": now - 2 * DAY}
    assert "tag" not in sent(do, **late)[1]
    assert "tag" not in sent(do, human=True, now=now, last_inbound=now - 1000)[1]
    assert sent(do, human=True, **late)[1]["tag"] == "HUMAN_AGENT"
    assert sent(do, human=True, login="facebook", **late)[1]["messaging_type"] == "MESSAGE_TAG"
    assert "tag" not in sent(do, human=True, to={"comment_id": "5"}, **late)[1]
    script = Script(GOOD)
    out = do("send", script, {"id": "1"}, {"message": {"text": "x"}}, human=True, now=now, last_inbound=now - 8 * DAY)
    assert out.status == "window" and not script.seen


def test_a_quote_and_a_private_reply(do: Do) -> None:
    assert sent(do, body={"message": {"text": "x"}, "replyTo": "mid.1"})[1]["reply_to"] == {"mid": "mid.1"}
    assert sent(do, to={"comment_id": "5"})[1]["recipient"] == {"comment_id": "5"}


def test_public_answers_and_sender_actions(do: Do) -> None:
    script = Script({"id": "99"})
    assert do("comment_reply", script, {"comment_id": "17"}, {"text": "Thanks"}).provider_id == "99"
    assert script.seen[0].url == "instagram:/17/replies" and orjson.loads(script.seen[0].body) == {"message": "Thanks"}
    assert do("comment_reply", script, {"comment_id": "1/../me"}, {"text": "x"}).status == "failed"
    script = Script({"recipient_id": "1"})
    assert do("sender_action", script, {"id": "1"}, {"action": "typing_on"}).status == "sent"
    assert orjson.loads(script.seen[0].body) == {"recipient": {"id": "1"}, "sender_action": "typing_on"}
    do("sender_action", script, {"id": "1"}, {"action": "react", "mid": "m", "reaction": "❤"})
    assert orjson.loads(script.seen[1].body)["payload"] == {"message_id": "m", "reaction": "❤"}
    assert do("sender_action", script, {"id": "1"}, {"action": "dance"}).status == "failed"
