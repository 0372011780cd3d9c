"""Webhooks: signature, shape of the bytes, determinism, deadline, retries, batches, duplicates, what is subscribed."""

import hashlib
import hmac
import json
import re
from collections.abc import Callable

import pytest

from core.testing.instagram import wire
from fake.conftest import AT, Graph, Receiver
from instaflow.testing import FakeInstagram

SECRET = "instaflow-test-app-secret"


def test_the_vector_of_the_reference() -> None:
    body = (
        rb'{"object":"instagram","entry":[{"id":"17841400000000101","time":1795392000500,"messaging":[{"sender":'
        rb'{"id":"836120000000201"},"recipient":{"id":"17841400000000101"},"timestamp":1795392000123,"message":'
        rb'{"mid":"m_1","text":"h\u00e9llo \ud83d\ude00"}}]}]}'
    )
    signed = "sha256=f2e64e48b9558fc309de7431d184d608f77d7c63d34dbd46d4aa8b006380defd"
    assert (len(body), wire.sign(body, SECRET)) == (252, signed)


def test_bytes_are_ascii_with_lower_case_escapes_and_signed_as_they_are(
    fake: FakeInstagram, receiver: Receiver
) -> None:
    fake.says("ana", "ÀÉ 😀 http://a/b")
    fake.settle()
    body, headers = receiver.bodies[-1], receiver.headers[-1]
    assert body.isascii()
    assert rb"\u00c0\u00c9 \ud83d\ude00" in body
    assert headers["x-hub-signature-256"] == "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert headers["content-type"] == "application/json"
    assert headers["user-agent"] == "facebookexternalua"
    assert json.loads(body)["object"] == "instagram"


def test_key_order_spacing_and_slashes_vary(fake: FakeInstagram, receiver: Receiver) -> None:
    for n in range(30):
        fake.says("ana", f"{n} http://a/b")
    fake.settle()
    assert len({re.findall(rb'"(\w+)":', b)[0] for b in receiver.bodies}) > 1
    assert len({b", " in b for b in receiver.bodies}) == 2
    assert len({rb"\/" in b for b in receiver.bodies}) == 2


def play(fake: FakeInstagram) -> None:
    fake.account("bella.bakery")
    graph = Graph(fake, fake.token())
    fake.says("ana", "Hi 😀")
    fake.settle()
    graph.send("hello")
    fake.settle()
    fake.comments("ben", "LINK")
    fake.settle()
    fake.reacts("ana")
    fake.settle()


def test_the_same_seed_makes_the_same_bytes(make: Callable[..., FakeInstagram], receiver: Receiver) -> None:
    runs = []
    for seed in (7, 7, 8):
        receiver.bodies.clear()
        play(make(seed=seed))
        runs.append(list(receiver.bodies))
    assert len(runs[0]) == 4
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]


def test_times_are_milliseconds_for_messages_and_seconds_for_changes(fake: FakeInstagram, receiver: Receiver) -> None:
    fake.comments("ben", "LINK")
    fake.settle()
    by_list = {"messaging" in e: e for e in receiver.events}
    assert by_list[True]["time"] // 1000 == AT // 1000
    assert by_list[True]["messaging"][0]["timestamp"] == AT
    assert by_list[False]["time"] == AT // 1000


def test_an_echo_follows_every_send(fake: FakeInstagram, graph: Graph, receiver: Receiver) -> None:
    mid = graph.send({"text": "hi", "quick_replies": [{"content_type": "user_email"}]}).data["message_id"]
    fake.settle()
    item = receiver.items("message")[-1]
    assert item["message"] == {"mid": mid, "text": "hi", "is_echo": True}
    assert (item["sender"]["id"], item["recipient"]["id"]) == (fake.find().ig_id, fake.igsid("ana"))


def test_an_echo_can_come_before_the_answer(fake: FakeInstagram, graph: Graph, receiver: Receiver) -> None:
    fake.faults.early_echo = 1.0
    graph.send("hi")
    assert receiver.items("message")[-1]["message"]["is_echo"]


def test_echoes_can_be_lost(fake: FakeInstagram, graph: Graph, receiver: Receiver) -> None:
    fake.faults.echo_loss = 0.5
    for _ in range(40):
        graph.send("hi")
    fake.settle()
    assert 8 < sum("is_echo" in i["message"] for i in receiver.items("message")) < 32


def test_a_preview_to_oneself_is_marked(fake: FakeInstagram, graph: Graph, receiver: Receiver) -> None:
    graph.send("preview", {"id": fake.find().self_igsid})
    fake.settle()
    assert receiver.items("message")[-1]["message"]["is_self"] is True


def test_the_owner_in_the_app_and_another_application_give_echoes_too(fake: FakeInstagram, receiver: Receiver) -> None:
    fake.faults.echo_app_id = True
    fake.answers_in_app("ana", "it is me")
    fake.answers_in_app("ana", "a bot", app_id="990000000000009")
    fake.settle()
    told = [i["message"] for i in receiver.items("message") if i["message"].get("is_echo")]
    assert {m["text"]: m.get("app_id") for m in told} == {"it is me": None, "a bot": "990000000000009"}


@pytest.mark.parametrize("status", [400, 500, 503, 302])
def test_what_is_not_200_is_tried_again_with_the_same_bytes(
    fake: FakeInstagram, receiver: Receiver, status: int
) -> None:
    receiver.answers[:] = [status] * 3
    fake.says("ana", "again")
    assert fake.stage.hooks.retry_now() >= 0
    _until(lambda: len(receiver.bodies) >= 5)
    assert receiver.bodies[1:5] == [receiver.bodies[1]] * 4
    assert (fake.stage.hooks.log[-1].attempts, fake.stage.hooks.log[-1].state) == (4, "done")


def test_a_receiver_that_stays_down_is_given_up(fake: FakeInstagram, receiver: Receiver) -> None:
    receiver.answers[:] = [500] * 50
    fake.says("ana", "again")
    _until(lambda: fake.stage.hooks.log[-1].state == "failed")
    assert fake.stage.hooks.log[-1].attempts == 11


def test_no_answer_within_the_deadline_is_a_failure(make: Callable[..., FakeInstagram]) -> None:
    import socket

    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        one = make(webhook_url=f"http://127.0.0.1:{silent.getsockname()[1]}/", ack_seconds=0.1, pace=100.0)
        one.account()
        one.says("ana", "anybody?")
        _until(lambda: one.stage.hooks.log[-1].attempts >= 1)
        assert one.stage.hooks.log[-1].status == 0


def test_webhooks_are_switched_off_after_failing_too_long(
    make: Callable[..., FakeInstagram], receiver: Receiver
) -> None:
    one = make(pace=0.0001)
    one.faults.retry_disable_minutes = 1
    one.account()
    receiver.answers[:] = [500] * 50
    one.says("ana", "again")
    _until(lambda: not one.stage.options.on)
    graph = Graph(one, one.token())
    assert graph.call("POST", "/me/subscribed_apps?subscribed_fields=messages").data == {"success": True}
    assert one.stage.options.on


def test_batches_hold_several_events(make: Callable[..., FakeInstagram], receiver: Receiver) -> None:
    one = make(batch=1000, pace=0.0)
    one.account()
    receiver.answers[:] = [500]
    one.stage.options.on = True
    with one.stage.hooks._changed:
        for n in range(5):
            one.says("ana", f"message {n}")
    one.settle()
    _until(lambda: len(receiver.bodies) >= 2)
    assert receiver.bodies[0] == receiver.bodies[1]
    assert sorted(e["messaging"][0]["message"]["text"] for e in json.loads(receiver.bodies[0])["entry"]) == [
        f"message {n}" for n in range(5)
    ]


def test_duplicates_have_the_same_bytes(fake: FakeInstagram, receiver: Receiver) -> None:
    fake.faults.duplicate_rate = 1.0
    fake.says("ana", "twice")
    _until(lambda: len(receiver.bodies) >= 3)
    assert receiver.bodies[1] == receiver.bodies[2]


def test_events_can_be_reordered(make: Callable[..., FakeInstagram], receiver: Receiver) -> None:
    one = make(pace=0.05)
    one.account()
    one.faults.reorder_rate = 0.5
    for n in range(20):
        one.says("ana", str(n))
    one.settle()
    texts = [i["message"]["text"] for i in receiver.items("message")]
    assert sorted(texts, key=int) == [str(n) for n in range(20)] != texts


def test_the_second_secret_may_sign(make: Callable[..., FakeInstagram], receiver: Receiver) -> None:
    one = make(second_secret="the-other-secret")
    one.account()
    one.faults.second_secret_rate = 1.0
    one.says("ana", "hi")
    one.settle()
    signed = "sha256=" + hmac.new(b"the-other-secret", receiver.bodies[0], hashlib.sha256).hexdigest()
    assert receiver.headers[0]["x-hub-signature-256"] == signed


def test_only_subscribed_fields_are_sent(make: Callable[..., FakeInstagram], receiver: Receiver) -> None:
    one = make()
    one.account(subscribed=["comments"])
    one.says("ana", "nobody hears this")
    one.comments("ana", "but this")
    one.settle()
    assert [list(e) for e in map(sorted, receiver.items())] == [["field", "value"]]


def test_a_creator_account_must_be_queried_first(make: Callable[..., FakeInstagram], receiver: Receiver) -> None:
    one = make()
    one.account(kind="CREATOR", needs_query=True)
    one.says("ana", "nobody hears this")
    Graph(one, one.token()).call("GET", "/me/conversations?platform=instagram")
    one.says("ana", "but this")
    one.settle()
    assert [i["message"]["text"] for i in receiver.items("message")] == ["but this"]


def test_webhooks_stay_on_this_machine() -> None:
    with pytest.raises(ValueError, match="this machine"):
        FakeInstagram(webhook_url="http://example.org/hook")


def _until(condition: Callable[[], bool], seconds: float = 10) -> None:
    import time

    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)
