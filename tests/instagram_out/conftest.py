"""Handlers of the send side by kind, a scripted transport, and the fake Instagram for what needs a world."""

from collections.abc import Callable, Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from core.host.manager import load
from core.testing.instagram import FakeInstagram
from instaflow import AccountView, Call, HttpRequest, HttpResponse, HttpTransport, Outcome
from plugins.http.graph import GraphTransport
from plugins.http.origins import bases


class Script:
    """A transport that answers from a list (the last one again and again) and remembers the requests."""

    def __init__(self, *answers: Any) -> None:
        self.answers, self.seen = list(answers), list[HttpRequest]()

    def send(self, request: HttpRequest) -> HttpResponse:
        self.seen.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, HttpResponse):
            return answer
        return HttpResponse(200, orjson.dumps(answer))


@pytest.fixture(scope="session")
def handlers() -> Mapping[str, Any]:
    """Everything that carries out calls, by kind."""
    return load(entry_points=False).handlers


Do = Callable[..., Outcome]


@pytest.fixture
def do(handlers: Mapping[str, Any]) -> Do:
    """``do(kind, http, to, body, …)`` performs one call."""

    def perform(
        kind: str,
        http: HttpTransport,
        to: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> Outcome:
        login = more.pop("login", "instagram")
        account = more.pop("account", None) or AccountView("a", "17841", "90", login, "IGAAtoken", "bella.bakery")
        outcome: Outcome = handlers[kind].perform(Call(1, kind, "idem", account, to or {}, body or {}, **more), http)
        return outcome

    return perform


@pytest.fixture
def instagram() -> Iterator[FakeInstagram]:
    """The fake Instagram, nowhere to send webhooks to."""
    with FakeInstagram(seed=7) as fake:
        yield fake


@pytest.fixture
def way(instagram: FakeInstagram) -> Iterator[GraphTransport]:
    """The lean transport to the fake, both logins."""
    settings = SimpleNamespace(
        graph_url=instagram.url + "/ig",
        graph_url_facebook=instagram.url + "/fb",
        graph_version="v26.0",
        allow_private_hosts=(),
    )
    transport = GraphTransport(bases(settings))
    yield transport
    transport.close()
