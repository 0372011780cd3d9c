"""The fake Instagram, a receiver for its webhooks, and a client for its Graph API."""

import http.client
import json
import threading
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from instaflow.testing import FakeInstagram

AT = 1_795_392_000_000


@dataclass
class Receiver:
    """Keeps what arrives; ``answers`` are the statuses of the next requests (then 200)."""

    url: str = ""
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    @property
    def events(self) -> list[dict[str, Any]]:
        return [entry for body in self.bodies for entry in json.loads(body)["entry"]]

    def items(self, kind: str = "") -> list[dict[str, Any]]:
        """The items of messaging, standby and changes, those with the key ``kind`` only."""
        found = []
        for entry in self.events:
            found += entry.get("messaging", []) + entry.get("standby", []) + entry.get("changes", [])
        return [i for i in found if not kind or kind in i or i.get("field") == kind]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    kept = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = kept.answers.pop(0) if kept.answers else 200
            kept.bodies.append(body)
            kept.headers.append({k.lower(): v for k, v in self.headers.items()})
            self._answer(status, b"")

        def do_GET(self) -> None:
            query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
            good = query.get("hub.verify_token") == ["instaflow-test-verify-token"]
            self._answer(200 if good else 403, query["hub.challenge"][0].encode() if good else b"no")

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    kept.url = f"http://127.0.0.1:{server.server_port}/webhook"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield kept
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def make(receiver: Receiver) -> Iterator[Callable[..., FakeInstagram]]:
    """Makes fakes with a clock that stands still, and stops them."""
    made: list[FakeInstagram] = []

    def start(**options: Any) -> FakeInstagram:
        options = {"webhook_url": receiver.url, "pace": 0.0, "frozen_at": AT, **options}
        made.append(FakeInstagram(**options).start())
        return made[-1]

    yield start
    for one in made:
        one.stop()


@pytest.fixture
def fake(make: Callable[..., FakeInstagram]) -> FakeInstagram:
    """One with the account bella.bakery, to whom ana has written."""
    one = make()
    one.account("bella.bakery")
    one.person("ana", name="Ana Ruiz", email="ana@example.org", phone="+34600000000")
    one.says("ana", "Hi!")
    one.settle()
    return one


@dataclass
class Answer:
    status: int
    data: Any
    headers: dict[str, str]

    @property
    def error(self) -> tuple[int, int]:
        error = self.data.get("error", {})
        return error.get("code", 0), error.get("error_subcode", 0)


@dataclass
class Graph:
    """A client of the fake's Graph API with the account's token."""

    fake: FakeInstagram
    token: str
    base: str = "/ig/v26.0"

    def call(self, method: str, path: str, body: Any = None, form: dict[str, str] | None = None, **more: str) -> Answer:
        return request(
            self.fake, method, self.base + path, body, form, {"Authorization": f"Bearer {self.token}", **more}
        )

    def send(self, message: Any = None, to: dict[str, str] | None = None, **top: Any) -> Answer:
        """A message to ana, or to ``to``."""
        body = {"recipient": to or {"id": self.fake.igsid("ana")}, **top}
        if message is not None:
            body["message"] = {"text": message} if isinstance(message, str) else message
        return self.call("POST", "/me/messages", body)


def request(
    fake: FakeInstagram,
    method: str,
    path: str,
    body: Any = None,
    form: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    raw, kind = None, "application/json"
    if body is not None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    if form is not None:
        raw, kind = urllib.parse.urlencode(form).encode(), "application/x-www-form-urlencoded"
    connection = http.client.HTTPConnection("127.0.0.1", fake.port, timeout=10)
    try:
        connection.request(method, path, raw, {"Content-Type": kind, **(headers or {})})
        response = connection.getresponse()
        text = response.read()
    finally:
        connection.close()
    named = {k.lower(): v for k, v in response.getheaders()}
    is_json = named.get("content-type", "").startswith("application/json")
    return Answer(response.status, json.loads(text) if is_json else text.decode(), named)


@pytest.fixture
def graph(fake: FakeInstagram) -> Graph:
    return Graph(fake, fake.token())


@pytest.fixture
def facebook(fake: FakeInstagram) -> Graph:
    return Graph(fake, fake.token(kind="page"), "/fb/v26.0")
