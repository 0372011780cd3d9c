"""Faults on purpose: scripted answers, lost answers, latency, usage headers; and that they follow the seed."""

import http.client
import json
from collections.abc import Callable

import pytest

from fake.conftest import Graph, request
from instaflow.testing import FakeInstagram


def test_a_scripted_error_hits_the_next_calls_only(fake: FakeInstagram, graph: Graph) -> None:
    fake.faults.next("/messages", times=2, code=2, subcode=1545133)
    assert [graph.send("hi").error for _ in range(3)] == [(2, 1545133), (2, 1545133), (0, 0)]
    assert len(fake.sent()) == 1


def test_a_rule_can_let_calls_through_first(fake: FakeInstagram, graph: Graph) -> None:
    fake.faults.next("/messages", skip=1, code=368)
    assert [graph.send("hi").error for _ in range(3)] == [(0, 0), (368, 0), (0, 0)]


def test_a_rule_is_for_its_path(fake: FakeInstagram, graph: Graph) -> None:
    fake.faults.next("/subscribed_apps", code=1)
    assert graph.send("hi").status == 200
    assert graph.call("GET", "/me/subscribed_apps").error == (1, 0)


def test_an_error_can_come_in_a_200(fake: FakeInstagram, graph: Graph) -> None:
    fake.faults.next("/messages", "ok_error", code=10, subcode=2534022)
    answer = graph.send("hi")
    assert (answer.status, answer.error) == (200, (10, 2534022))
    fake.faults.errors_in_200 = True
    assert graph.send("hi", {"id": "1"}).status == 200


def test_html_instead_of_json(fake: FakeInstagram, graph: Graph) -> None:
    fake.faults.next("/messages", "html", status=503)
    answer = graph.send("hi")
    assert answer.status == 503
    assert "<html>" in answer.data


@pytest.mark.parametrize(("kind", "arrived"), [("drop", 1), ("drop_before", 0)])
def test_the_answer_gets_lost(fake: FakeInstagram, graph: Graph, kind: str, arrived: int) -> None:
    fake.faults.next("/messages", kind)
    with pytest.raises(http.client.RemoteDisconnected):
        graph.send("hi")
    assert len(fake.sent()) == arrived


def test_1357046_was_sent_all_the_same(fake: FakeInstagram, graph: Graph) -> None:
    fake.faults.next("/messages", "sent_1357046")
    assert graph.send("hi").error == (1, 1357046)
    assert len(fake.sent()) == 1


def test_a_share_of_answers_is_lost_by_the_seed(make: Callable[..., FakeInstagram]) -> None:
    def lost(seed: int) -> list[bool]:
        one = make(seed=seed)
        one.account()
        one.says("ana", "hi")
        one.faults.drop_rate = 0.5
        graph, out = Graph(one, one.token()), []
        for _ in range(30):
            try:
                out.append(graph.send("hi").status != 200)
            except http.client.RemoteDisconnected:
                out.append(True)
        assert len(one.sent()) == 30
        return out

    first = lost(3)
    assert first == lost(3) != lost(4)
    assert 5 < sum(first) < 25


def test_usage_headers(fake: FakeInstagram, graph: Graph) -> None:
    headers = graph.call("GET", "/me").headers
    assert json.loads(headers["x-app-usage"])["call_count"] == 0
    fake.faults.usage = 85
    headers = graph.call("GET", "/me").headers
    business = json.loads(headers["x-business-use-case-usage"])[fake.find().page_id][0]
    assert (business["type"], business["call_count"], business["estimated_time_to_regain_access"]) == (
        "instagram",
        85,
        0,
    )
    fake.faults.usage = 100
    answer = graph.send("hi")
    assert answer.error == (80002, 0)
    assert json.loads(answer.headers["x-business-use-case-usage"])[fake.find().page_id][0][
        "estimated_time_to_regain_access"
    ]


def test_knobs_over_http(fake: FakeInstagram, graph: Graph) -> None:
    body = {"echo_loss": 1, "rules": [{"path": "/messages", "code": 4}]}
    assert request(fake, "POST", "/fake/faults", body).data["echo_loss"] == 1
    assert graph.send("hi").error == (4, 0)
    assert request(fake, "POST", "/fake/faults", {"echo_loss": "much"}).status == 400
    assert request(fake, "POST", "/fake/faults", {"nonsense": 1}).status == 400
    assert request(fake, "POST", "/fake/faults", {"rules": [{"path": "/", "kind": "?"}]}).status == 400
    assert request(fake, "POST", "/fake/faults", {"clear": True}).data["echo_loss"] == 0
