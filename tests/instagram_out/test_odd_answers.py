"""Whatever shape a 200 has, no handler raises, and the log has one line without a traceback (decision 38)."""

import logging
from typing import Any

import pytest

from core.host.manager import load
from core.host.registry import Registry
from core.model.ports import AccountView, Call, HttpRequest, HttpResponse

BODIES = [
    *(b"", b"null", b"[]", b"3", b"<html>", b"\xff\xfe", b'{"data":3}', b'{"data":[1,null]}', b'{"data":{"x":1}}'),
    *(b'{"data":[{"messages":3}]}', b'{"data":[{"messages":{"data":[{"from":3,"created_time":7}]}}]}', b'{"id":[]}'),
    *(
        b'{"message_id":5}',
        b'{"data":[{"access_token":null,"permissions":3}]}',
        b'{"access_token":"t","permissions":3}',
    ),
    *(b'{"data":[{"subscribed_fields":3}]}', b'{"paging":3,"data":[{}]}', b'{"error":3}', b'{"error":{"code":[]}}'),
]
ASKED = {"message": {"text": "hi"}, "text": "hi", "code": "x", "id": "1", "token": "t", "url": "https://e.example/a"}


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load(entry_points=False)


class Answers:
    """A way out that always answers the same."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def send(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(200, self.body)


def call(kind: str, login: str, to: dict[str, str]) -> Call:
    account = AccountView("a", "1784", "104", login, "token-canary", "bella")
    return Call(
        1, kind, "i", account, to, {**ASKED, "to": to, "action": "typing_on", "type": "image", "args": {}}, now=1
    )


@pytest.mark.parametrize("login", ["instagram", "facebook"])
@pytest.mark.parametrize("body", BODIES)
def test_no_handler_raises(registry: Registry, login: str, body: bytes, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    graph_kinds = [k for k, h in registry.handlers.items() if getattr(h, "transport", "") == "graph"]
    assert len(graph_kinds) > 15
    for kind in graph_kinds:
        for to in ({"id": "1"}, {"comment_id": "2"}):
            outcome: Any = registry.handlers[kind].perform(call(kind, login, to), Answers(body))
            assert outcome.status in ("sent", "failed", "retry", "unknown", "throttled", "account"), kind
    assert not any(r.exc_info for r in caplog.records)
    assert {r.message for r in caplog.records} <= {"an answer is not the Graph API's"}


def test_a_conversation_that_is_no_list_does_not_say_that_a_message_is_absent(registry: Registry) -> None:
    for body in (b"{}", b'{"data":3}', b'{"data":null}'):
        for to in ({"id": "1"}, {"comment_id": "2"}):
            found = registry.handlers["conversation.find"].perform(
                call("conversation.find", "instagram", to), Answers(body)
            )
            assert found.status == "unknown", (body, to)
