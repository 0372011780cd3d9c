"""The control interface, the clock, the page, the saved world, and the fake as a process."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from fake.conftest import AT, Graph, Receiver, request
from instaflow.testing import FakeInstagram


def test_the_clock_is_read_and_moved(fake: FakeInstagram) -> None:
    assert request(fake, "GET", "/clock").data == {"offsetMs": 0, "now": AT}
    assert request(fake, "POST", "/clock", {"advanceMs": 5000}).data["offsetMs"] == 5000
    assert request(fake, "POST", "/clock", {"advanceMs": -1000}).data["offsetMs"] == 4000
    assert request(fake, "POST", "/clock", {"offsetMs": 0}).data["offsetMs"] == 0
    assert request(fake, "POST", "/clock", {}).status in (400, 404)


def test_a_person_acts_over_http(fake: FakeInstagram, graph: Graph, receiver: Receiver) -> None:
    post = lambda name, **body: request(fake, "POST", f"/fake/{name}", body)
    made = post("account", username="second.shop").data
    assert made["igId"] == fake.find("second.shop").ig_id
    mid = post("say", person="ana", text="hello", replyTo="x").data["mid"]
    assert fake.thread("ana").messages[-1].mid == mid
    assert post("comment", person="ben", text="LINK").data["id"]
    assert post("mention", person="ana").data["mid"]
    assert post("story-reply", person="ana", text="nice").data["mid"]
    assert post("answer", person="ana", text="me").data["mid"]
    assert post("react", person="ana", emoji="❤️").data == {"ok": True}
    graph.send({"text": "?", "quick_replies": [{"content_type": "text", "title": "Yes", "payload": "Y"}]})
    assert post("tap", person="ana", what="Yes").data["mid"]
    assert post("tap", person="ana", what="No").status == 404
    assert post("flags", restricted=True).data == {"ok": True}
    assert graph.send("hi").error == (10, 1893063)
    assert post("expire", subcode=460).data == {"ok": True}
    assert graph.send("hi").error == (190, 460)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("say", {"person": "ana"}, 400),
        ("say", {"person": "ana", "text": "x", "shout": True}, 400),
        ("say", {"person": "ana", "text": "x", "account": "nobody"}, 404),
        ("say", b"{", 400),
        ("say", b"[]", 400),
        ("nothing", {}, 404),
        ("flags", {"nonsense": True}, 400),
        ("account", {"username": "bella.bakery"}, 400),
        ("webhook", {"url": "http://example.org"}, 400),
        ("person", {"person": "ana", "shoes": 42}, 400),
    ],
)
def test_a_wrong_request_is_explained(fake: FakeInstagram, path: str, body: object, status: int) -> None:
    answer = request(fake, "POST", f"/fake/{path}", body)
    assert answer.status == status
    assert answer.data["error"]["message"]


def test_the_thread_as_the_person_sees_it(fake: FakeInstagram, graph: Graph) -> None:
    graph.send({"text": "?", "quick_replies": [{"content_type": "text", "title": "Yes", "payload": "Y"}]})
    graph.send(sender_action="typing_on")
    seen = request(fake, "GET", "/fake/thread?person=ana").data
    assert [m["by"] for m in seen["messages"]] == ["person", "api"]
    assert [b["title"] for b in seen["buttons"]] == ["Yes"]
    assert (seen["windowEndsAt"], seen["typing"], seen["consent"]) == (AT + 24 * 3_600_000, True, True)


def test_state_sent_log_and_deliveries(fake: FakeInstagram, graph: Graph) -> None:
    graph.send("hi")
    graph.send("x" * 1001)
    fake.settle()
    state = request(fake, "GET", "/fake/state").data
    assert state["accounts"][0]["token"] == graph.token
    assert [s["body"]["text"] for s in request(fake, "GET", "/fake/sent?person=ana").data["sent"]] == ["hi"]
    calls = request(fake, "GET", "/fake/log?errors=1").data["calls"]
    assert [(c["code"], c["status"]) for c in calls] == [(100, 400)]
    kinds = [d["kind"] for d in request(fake, "GET", "/fake/deliveries").data["deliveries"]]
    assert kinds == ["message", "echo"]
    version = state["version"]
    assert request(fake, "GET", f"/fake/changes?after={version - 1}&wait=5").data["version"] == version


def test_a_person_can_follow_a_script(fake: FakeInstagram, graph: Graph) -> None:
    request(fake, "POST", "/fake/script", {"person": "ana", "lines": [{"tap": "Yes"}, {"say": "ana@example.org"}]})
    graph.send({"text": "?", "quick_replies": [{"content_type": "text", "title": "Yes", "payload": "Y"}]})
    _until(lambda: len(fake.thread("ana").messages) == 3)
    graph.send("Your e-mail?")
    _until(lambda: len(fake.thread("ana").messages) == 5)
    assert [m.body["text"] for m in fake.thread("ana").messages if m.by == "person"] == [
        "Hi!",
        "Yes",
        "ana@example.org",
    ]


def test_the_handshake(fake: FakeInstagram, receiver: Receiver) -> None:
    assert request(fake, "POST", "/fake/webhook", {"url": receiver.url, "verify": True}).data == {"url": receiver.url}
    fake.stage.app.verify_token = "another"
    answer = request(fake, "POST", "/fake/webhook", {"url": receiver.url, "verify": True})
    assert (answer.status, answer.data["error"]["message"]) == (400, "the handshake was answered with 403")


def test_another_site_cannot_steer_it(fake: FakeInstagram) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}):
        answer = request(fake, "POST", "/fake/say", {"person": "ana", "text": "x"}, headers=headers)
        assert answer.status == 403
    own = {"Origin": fake.url}
    assert request(fake, "POST", "/fake/say", {"person": "ana", "text": "x"}, headers=own).status == 200


@pytest.mark.parametrize(
    ("path", "kind"), [("/", "text/html"), ("/page.css", "text/css"), ("/page.js", "text/javascript")]
)
def test_the_page_has_no_outside_resources(fake: FakeInstagram, path: str, kind: str) -> None:
    answer = request(fake, "GET", path)
    assert answer.headers["content-type"].startswith(kind)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "https://" not in answer.data
    assert "<script>" not in answer.data


def test_the_world_can_be_kept(make: Callable[..., FakeInstagram], tmp_path: Path) -> None:
    first = FakeInstagram(state=tmp_path / "fake.json", webhook_url=None)
    with first:
        _, token = first.account()
        first.says("ana", "hi")
        Graph(first, token).send({"text": "?", "quick_replies": [{"content_type": "user_email"}]})
        first.comments("ben", "LINK")
        first.advance(hours=2)
        mid = first.thread("ana").messages[0].mid
    with FakeInstagram(state=tmp_path / "fake.json") as second:
        assert second.stage.clock.offset == 2 * 3_600_000
        assert second.igsid("ana") == first.igsid("ana")
        assert Graph(second, token).send("still here").status == 200
        assert second.says("ana", "again") not in (mid, *[m.mid for m in first.thread("ana").messages])


def test_a_broken_state_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "fake.json").write_text("{}")
    with pytest.raises(ValueError, match=r"fake\.json"):
        FakeInstagram(state=tmp_path / "fake.json")


def _command(*more: str) -> list[str]:
    return [sys.executable, "-m", "core.cli", "fake-instagram", *more]


def test_as_a_process(tmp_path: Path) -> None:
    port = _free_port()
    state = tmp_path / "fake.json"
    options = ["--port", str(port), "--seed", "5", "--account", "bella.bakery", "--state", str(state)]
    process = subprocess.Popen(_command(*options), stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        lines = [process.stderr.readline() for _ in range(2)]
        assert lines[0] == "account @bella.bakery: id 17841400500000001\n"
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/fake/state", timeout=5) as answer:
            assert json.load(answer)["seed"] == 5
    finally:
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(10) == 0
        process.stderr.close()
    assert "bella.bakery" in state.read_text()


def test_wrong_usage_is_one_sentence(fake: FakeInstagram) -> None:
    for options, status, words in (
        (["--webhook", "http://example.org"], 2, "this machine only"),
        (["--port", str(fake.port)], 1, "cannot be opened"),
    ):
        done = subprocess.run(_command(*options), capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == status
        assert words in done.stderr
        assert "Traceback" not in done.stderr


def _free_port() -> int:
    import socket

    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def _until(condition: Callable[[], bool], seconds: float = 10) -> None:
    import time

    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)
