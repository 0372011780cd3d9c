"""The bridge from RSGI to WSGI, over real connections to a real granian."""

import hashlib
import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A granian that serves ``bridged``."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "rsgi", "--port", str(number), "--no-ws", "--no-log"]
    process = subprocess.Popen([*command, "tests.web.bridged:app"], cwd=ROOT)
    deadline = time.monotonic() + 30
    while True:
        try:
            socket.create_connection(("127.0.0.1", number)).close()
            break
        except ConnectionRefusedError:
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.02)
    yield number
    process.terminate()
    assert process.wait(30) == 0


def ask(port: int, method: str, path: str, body: Any = None, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    named = {k.replace("_", "-"): v for k, v in headers.items()}
    connection.request(method, path, body, named, encode_chunked="Transfer-Encoding" in named)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer, text


def test_the_environment(port: int) -> None:
    _, text = ask(
        port, "PATCH", "/caf%C3%A9%20x?q=%C3%A9&r", b"{}", Cookie="a=1", X_Forwarded_For="1.2.3.4", Content_Type="a/b"
    )
    seen = json.loads(text)
    assert seen["path"] == "/café x" and seen["QUERY_STRING"] == "q=%C3%A9&r" and seen["REQUEST_METHOD"] == "PATCH"
    assert seen["HTTP_COOKIE"] == "a=1" and seen["HTTP_X_FORWARDED_FOR"] == "1.2.3.4" and seen["CONTENT_TYPE"] == "a/b"
    assert seen["HTTP_HOST"] == f"127.0.0.1:{port}" and seen["SERVER_PORT"] == str(port)
    assert seen["REMOTE_ADDR"] == "127.0.0.1" and seen["SERVER_PROTOCOL"] == "HTTP/1.1"
    assert seen["wsgi.url_scheme"] == "http" and "PATH" not in seen


@pytest.mark.parametrize("size", [0, 1, 65536, 65537, 5_000_000])
@pytest.mark.parametrize("chunked", [False, True])
def test_bodies(port: int, size: int, chunked: bool) -> None:
    body = bytes(range(256)) * (size // 256 + 1)
    body = body[:size]
    pieces: Any = (body[i : i + 300_000] for i in range(0, size, 300_000))
    _, text = (
        ask(port, "POST", "/body", pieces, Transfer_Encoding="chunked") if chunked else ask(port, "POST", "/body", body)
    )
    assert json.loads(text) == {"size": size, "sha256": hashlib.sha256(body).hexdigest()}


def test_answers(port: int) -> None:
    assert ask(port, "GET", "/pieces")[1] == b"".join(b"piece %d\n" % i for i in range(100))
    answer, large = ask(port, "GET", "/large")
    assert large == b"y" * (3 * 2**20) and answer.headers["Content-Length"] == str(len(large))
    answer, nothing = ask(port, "GET", "/none")
    assert (answer.status, nothing, answer.headers.get_all("Set-Cookie")) == (204, b"", ["a=1", "b=2"])
    answer, head = ask(port, "HEAD", "/")
    assert (answer.status, head) == (200, b"")


def test_an_application_that_fails(port: int) -> None:
    answer, text = ask(port, "GET", "/fail", X_Request_Id="mine")
    assert answer.status == 500 and json.loads(text)["code"] == "internal_error"
    assert answer.headers["X-Request-Id"] == "mine" and "no" not in json.loads(text)["message"].split()
    assert ask(port, "GET", "/closed")[0].status == 200


def test_who_hangs_up_ends_the_answer(port: int) -> None:
    """More clients than threads leave in the middle of an answer without end: the threads are free again."""
    for _ in range(6):
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
            assert client.recv(1000).startswith(b"HTTP/1.1 200")
    deadline = time.monotonic() + 20
    while len(json.loads(ask(port, "GET", "/closed")[1])) < 6:
        assert time.monotonic() < deadline
        time.sleep(0.05)
