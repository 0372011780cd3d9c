"""What a running house tells: one trace from webhook to send, each failure once, and never what anybody said (decision 38)."""

import os
import signal
from collections.abc import Iterator

import pytest

from core.cli.demo_http import until
from tests.observe.tree import PASSWORD, REPLY, SECRET, TEXT, House

ASKS = {
    "id": "call",
    "type": "external_api_call",
    "integration": "http.request",
    "saveToVariable": "x",
    "connections": [],
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One tree for all tests here."""
    made = House(tmp_path_factory.mktemp("house"))
    try:
        made.open()
        made.flow("marzipan", {"id": "say", "type": "message", "content": {"text": REPLY}, "connections": []})
        arguments = {"method": "GET", "url": f"http://127.0.0.1:{made.closed}/almonds-canary"}
        made.flow("order", {**ASKS, "arguments": arguments})
        yield made
    finally:
        made.close()


def test_one_trace_goes_from_the_webhook_to_the_send(house: House) -> None:
    house.fake.says("ben", TEXT)
    house.fake.wait_for_sent(1, "ben", 30)
    (settled,) = house.wait("send settled", kind="send", outcome="sent")
    (stored,) = house.lines("webhook stored", trace=settled["trace"])
    (handled,) = house.lines("event handled", trace=settled["trace"])
    assert (stored["events"], stored["new"], stored["process"]) == (1, 1, "web")
    assert (handled["kind"], handled["disposition"], handled["process"]) == ("message", "triggered", "worker")
    assert handled["account"] == settled["account"] == house.account
    assert handled["contact"] == settled["contact"] and handled["run"] == settled["run"]
    assert stored["ms"] >= 0 and settled["ms"] >= 0
    assert stored["level"] == handled["level"] == settled["level"] == "debug"


def test_a_call_that_fails_stops_its_run_with_one_warning(house: House) -> None:
    house.fake.says("cleo", "order")
    (told,) = house.wait("a run is paused")
    assert told["level"] == "warning" and told["node"] == "call" and told["code"].startswith("IFR")
    runs = house.api.get(f"/api/v1/flows/{told['flow']}/runs")
    assert [r["runId"] for r in runs] == [told["run"]]
    assert told["account"] == house.account and told["contact"] and told["trace"]
    assert house.lines("webhook stored", trace=told["trace"])
    assert house.lines("send settled", trace=told["trace"], kind="http.request")
    assert [x["event"] for x in house.lines(level="warning", run=told["run"])] == ["a run is paused"]


def test_a_request_of_the_api_tells_its_id_operation_and_person(house: House) -> None:
    house.api.get("/api/v1/users/me")
    served = house.lines("request served", user=house.user)[-1]
    assert served["operation"] == "people.getMe"
    assert served["status"] == 200 and served["request"] and served["ms"] >= 0 and served["level"] == "debug"


def test_a_person_who_takes_over_is_told(house: House) -> None:
    house.fake.says("dora", TEXT)
    house.fake.wait_for_sent(1, "dora", 30)
    talks = house.api.get(f"/api/v1/instagram-accounts/{house.account}/conversations")["conversations"]
    talk = talks[0]["conversationId"]
    house.api.post(f"/api/v1/conversations/{talk}/take-over", {})
    (took,) = house.wait("a conversation was taken over")
    assert took["conversation"] == talk and took["level"] == "info" and took["by"] == house.user and took["request"]
    house.api.post(f"/api/v1/conversations/{talk}/resume-automation", {})
    (gave,) = house.wait("a conversation was handed back")
    assert gave["contact"] == took["contact"] and gave["trace"]


def test_a_dead_token_is_one_warning(house: House) -> None:
    assert house.lines("an account was connected", account=house.account)
    before = len(house.lines("event handled", kind="message"))
    house.fake.expire_tokens("almond.shop")
    for person in ("eve", "finn", "gus"):
        house.fake.says(person, TEXT)
    (told,) = house.wait("an account cannot be used")
    assert told["level"] == "warning" and told["account"] == house.account and told["reason"]
    assert until(lambda: len(house.lines("event handled", kind="message")) == before + 3, 30)
    house.wait("send settled", outcome="account")
    assert len(house.lines("an account cannot be used")) == 1


def test_nothing_that_was_said_and_no_secret_stands_in_the_log(house: House) -> None:
    text = house.path.read_text()
    for canary in (TEXT, "marzipan", REPLY, "almonds", house.token, SECRET, PASSWORD, house.api.token, "verify-canary"):
        assert canary not in text, canary
    assert not house.lines(level="error") and "Traceback" not in text
    own = [x["logger"].partition(".")[0] for x in house.lines(level="debug")]
    assert set(own) <= {"core", "flask_api", "instaflow", "plugins"}


def test_a_process_that_died_is_told_in_the_same_form(house: House) -> None:
    worker = house.lines("worker started")[-1]["pid"]
    os.kill(worker, signal.SIGKILL)
    (told,) = house.wait("process ended and is started again")
    assert (told["child"], told["process"], told["level"]) == ("worker", "tree", "error")
