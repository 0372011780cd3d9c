"""The receiver's answers, the composed application while it loads, and the signature's test vector."""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from werkzeug.test import Client

from core.model.errors import StoreUnavailable
from core.model.inbound import Inbound
from core.testing.clock import FixedClock
from flask_api.webhooks.counts import Counts
from flask_api.webhooks.loading import Loading
from flask_api.webhooks.receiver import Receiver, compose
from plugins.instagram.receive import WEBHOOK
from plugins.instagram.signature import sign, verify
from tests.webhooks.conftest import SECRET, Door, refuse_rest

VECTOR = (
    rb'{"object":"instagram","entry":[{"id":"17841400000000101","time":1795392000500,"messaging":[{"sender":{"id":"836120000000201"},'
    rb'"recipient":{"id":"17841400000000101"},"timestamp":1795392000123,"message":{"mid":"m_1","text":"h\u00e9llo \ud83d\ude00"}}]}]}'
)
VECTOR_SIGNATURE = b"sha256=f2e64e48b9558fc309de7431d184d608f77d7c63d34dbd46d4aa8b006380defd"
PATH = "/api/v1/webhooks/instagram"


class Full:
    """An inbox that cannot store."""

    counts: Counter[str] = Counter()

    def submit(self, events: Sequence[Inbound], trace_id: str) -> int:
        raise StoreUnavailable("disk full")


def test_vector() -> None:
    assert len(VECTOR) == 252 and sign(VECTOR, SECRET) == VECTOR_SIGNATURE
    assert verify(VECTOR, VECTOR_SIGNATURE, ("other", SECRET))
    decoded = VECTOR.decode("unicode_escape").encode("utf-16", "surrogatepass").decode("utf-16").encode()
    assert len(decoded) == 240 and sign(decoded, SECRET).startswith(b"sha256=ad247230")
    assert not verify(decoded, VECTOR_SIGNATURE, (SECRET,))


def test_an_empty_secret_signs_nothing() -> None:
    assert not verify(b"{}", sign(b"{}", ""), ("",))
    assert not verify(b"{}", sign(b"{}", "s"), ())


def test_ok_after_the_commit(door: Door) -> None:
    answer = door.post(VECTOR, X_Request_Id="abc-1")
    assert answer.status_code == 200 and answer.headers["X-Request-Id"] == "abc-1"
    assert answer.headers["X-Content-Type-Options"] == "nosniff" and answer.headers["Cache-Control"] == "no-store"
    assert [row["trace"] for row in door.rows()] == ["abc-1"]
    assert door.woken == [1]


@pytest.mark.parametrize("given", ["", "a b", "é", "x" * 65, "<script>"])
def test_odd_request_ids_are_replaced(door: Door, given: str) -> None:
    answer = door.post(VECTOR, X_Request_Id=given)
    assert answer.status_code == 200 and len(answer.headers["X-Request-Id"]) == 36


def test_trailing_slash_and_other_methods(door: Door) -> None:
    headers = {"X-Hub-Signature-256": VECTOR_SIGNATURE.decode()}
    assert door.client.post(PATH + "/", data=VECTOR, headers=headers).status_code == 200
    for method, path in (("GET", PATH), ("PUT", PATH), ("POST", PATH + "/x"), ("POST", "/")):
        assert door.client.open(path, method=method).status_code == 418


def test_store_unavailable(clock: FixedClock) -> None:
    counts = Counts()
    client = Client(compose(Receiver(Full(), WEBHOOK, (SECRET,), clock, counts), refuse_rest))
    answer = client.post(PATH, data=VECTOR, headers={"X-Hub-Signature-256": VECTOR_SIGNATURE.decode()})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.json == {
        "code": "store_unavailable",
        "message": "The event could not be stored; deliver it again",
        "details": {},
    }
    assert counts.unavailable == 1 and counts.stored == 0


def test_without_secrets_everything_is_refused(clock: FixedClock, caplog: pytest.LogCaptureFixture) -> None:
    client = Client(compose(Receiver(Full(), WEBHOOK, (), clock, Counts()), refuse_rest))
    with caplog.at_level(logging.WARNING):
        for _ in range(20):
            answer = client.post(PATH, data=VECTOR, headers={"X-Hub-Signature-256": VECTOR_SIGNATURE.decode()})
            assert (answer.status_code, answer.json["code"]) == (400, "invalid_signature")  # type: ignore[index]
    assert 1 <= len(caplog.records) < 20 and not caplog.records[0].exc_info


def test_webhooks_are_answered_while_the_application_loads(door: Door) -> None:
    gate = threading.Event()

    def slow() -> Callable[..., Any]:
        gate.wait(20)
        return refuse_rest

    receiver = Receiver(Full(), WEBHOOK, (SECRET,), door.clock, Counts())
    client = Client(compose(receiver, Loading(slow)))
    assert (
        client.post(PATH, data=b"{}", headers={"X-Hub-Signature-256": sign(b"{}", SECRET).decode()}).status_code == 200
    )
    answers: list[int] = []
    waiting = threading.Thread(target=lambda: answers.append(client.get("/healthz").status_code))
    waiting.start()
    assert answers == []
    gate.set()
    waiting.join(20)
    assert answers == [418]


def test_an_application_that_cannot_start(clock: FixedClock, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> Callable[..., Any]:
        raise RuntimeError("no")

    client = Client(compose(Receiver(Full(), WEBHOOK, (SECRET,), clock, Counts()), Loading(broken)))
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json["code"]) == (503, "start_failed")  # type: ignore[index]
    assert "could not start" in caplog.text


def test_many_at_once_share_commits_and_keep_their_own_counts(door: Door) -> None:
    bodies = [VECTOR.replace(b"m_1", f"m_{i}".encode()) for i in range(40)]
    answers: list[int] = []
    threads = [threading.Thread(target=lambda b=b: answers.append(door.post(b).status_code)) for b in bodies * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert answers == [200] * 80 and len(door.rows()) == 40
    assert (door.counts.events, door.counts.stored, door.counts.repeated) == (80, 40, 40)
