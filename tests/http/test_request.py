"""``http.request``: the plain HTTP call of a flow."""

from collections.abc import Callable
from typing import Any

import pytest

from instaflow import AccountView, Call, HttpRequest, HttpResponse, NotSent, OutcomeUnknown
from plugins.http.request import HttpCall

ACCOUNT = AccountView("a", "1", None, "instagram", "token")


class Way:
    """A transport that answers what the test says and remembers the request."""

    def __init__(self, answer: HttpResponse | Exception) -> None:
        self.answer, self.seen = answer, list[HttpRequest]()

    def send(self, request: HttpRequest) -> HttpResponse:
        self.seen.append(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def call() -> Callable[..., tuple[Any, Way]]:
    def make(answer: Any, **args: Any) -> tuple[Any, Way]:
        way = Way(answer)
        return HttpCall().perform(Call(1, "http.request", "idem-1", ACCOUNT, {}, {"args": args}), way), way

    return make


Make = Callable[..., tuple[Any, Way]]


def test_json_goes_out_and_comes_back(call: Make) -> None:
    out, way = call(
        HttpResponse(201, b'{"ok":true}', {"x": "y", "set-cookie": "s"}),
        method="post",
        url="https://e.e/",
        json={"a": 1},
    )
    assert out.status == "sent" and out.data == {"status": 201, "body": {"ok": True}, "headers": {"x": "y"}}
    sent = way.seen[0]
    assert sent.method == "POST" and sent.body == b'{"a":1}'
    assert sent.headers == {"Content-Type": "application/json", "Idempotency-Key": "idem-1"}


def test_query_and_headers(call: Make) -> None:
    _, way = call(HttpResponse(200), url="https://e.e/?a=1", query={"b": "x y"}, headers={"X-Key": "k", "Host": "evil"})
    assert way.seen[0].url == "https://e.e/?a=1&b=x+y" and way.seen[0].headers == {"X-Key": "k"}


@pytest.mark.parametrize(
    "args",
    [
        {},
        {"url": ""},
        {"url": "u", "method": "TRACE"},
        {"url": "u", "headers": {"a b": "c"}},
        {"url": "u", "headers": {"a": "b\r\nc: d"}},
        {"url": "u", "headers": 3},
    ],
)
def test_bad_arguments_are_named_and_nothing_leaves(call: Make, args: dict[str, Any]) -> None:
    out, way = call(HttpResponse(200), **args)
    assert (out.status, out.code) == ("failed", "bad_request") and out.message and not way.seen


@pytest.mark.parametrize(
    ("method", "answer", "status"),
    [
        ("GET", HttpResponse(404, b"no"), "failed"),
        ("GET", HttpResponse(500), "retry"),
        ("POST", HttpResponse(500), "failed"),
        ("POST", HttpResponse(503, headers={"retry-after": "7"}), "retry"),
        ("POST", NotSent("x"), "retry"),
        ("POST", OutcomeUnknown("x"), "unknown"),
        ("GET", OutcomeUnknown("x"), "retry"),
    ],
)
def test_what_an_answer_means(call: Make, method: str, answer: Any, status: str) -> None:
    out, _ = call(answer, url="https://e.e/", method=method)
    assert out.status == status
    if isinstance(answer, HttpResponse) and answer.status == 503:
        assert out.after == 7000


def test_text_and_large_answers(call: Make) -> None:
    assert call(HttpResponse(200, b"plain"), url="https://e.e/")[0].data["body"] == "plain"
    assert len(call(HttpResponse(200, b"x" * 100_000), url="https://e.e/")[0].data["body"]) == 65536
