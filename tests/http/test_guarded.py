"""Addresses that an author wrote reach the open internet only, and every call ends."""

import socket
import threading
from collections.abc import Callable
from ipaddress import ip_address

import pytest

from instaflow import HttpRequest, NotSent, OutcomeUnknown
from plugins.http.addresses import public
from plugins.http.guarded import GuardedTransport
from tests.http.server import RawServer, ok, read_request

Serve = Callable[..., RawServer]


def allowed(server: RawServer) -> GuardedTransport:
    return GuardedTransport((f"127.0.0.1:{server.port}",))


def get(url: str, timeout: float = 5.0) -> HttpRequest:
    return HttpRequest("GET", url, timeout=timeout)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.1",
        "0.0.0.0",
        "localhost",
        "10.0.0.1",
        "192.168.1.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[fe80::1]",
        "[fc00::1]",
        "[2002:7f00:1::]",
        "224.0.0.1",
        "192.88.99.1",
        "255.255.255.255",
    ],
)
def test_private_hosts_are_refused_however_they_are_spelled(host: str) -> None:
    with pytest.raises(NotSent):
        GuardedTransport().send(get(f"http://{host}/"))


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "http://8.8.8.8:22/",
        "http://user:pw@8.8.8.8/",
        "http:///x",
        "//8.8.8.8/",
        "gopher://8.8.8.8",
        "http://8.8.8.8:99999/",
        "http://8.8.8.8/\r\nX: y",
    ],
)
def test_odd_addresses_are_refused(url: str) -> None:
    with pytest.raises(NotSent):
        GuardedTransport().send(get(url))


def test_public_addresses_are_public() -> None:
    assert public(ip_address("1.1.1.1")) and public(ip_address("2606:4700:4700::1111"))


def test_a_port_that_is_allowed_does_not_allow_its_neighbour(serve: Serve) -> None:
    server = serve(lambda connection, number: None)
    with pytest.raises(NotSent):
        GuardedTransport((f"127.0.0.1:{server.port + 1}",)).send(get(f"http://127.0.0.1:{server.port}/"))
    assert server.connections == 0


def test_redirects_are_answers_and_proxies_are_not_asked(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    def handle(connection: socket.socket, number: int) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")

    server = serve(handle)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    answer = allowed(server).send(get(f"http://127.0.0.1:{server.port}/"))
    assert answer.status == 302 and answer.headers["location"] == "http://127.0.0.1:1/" and server.connections == 1


def test_a_dripping_server_is_cut_off(serve: Serve) -> None:
    done = threading.Event()

    def handle(connection: socket.socket, number: int) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while not done.wait(0.05):
            connection.sendall(b"X-A: b\r\n")

    server = serve(handle)
    with pytest.raises(OutcomeUnknown, match="in time"):
        allowed(server).send(get(f"http://127.0.0.1:{server.port}/", 0.4))
    done.set()


def test_an_endless_body_is_cut_off(serve: Serve) -> None:
    def handle(connection: socket.socket, number: int) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(100):
            connection.sendall(b"x" * 65536)

    server = serve(handle)
    with pytest.raises(OutcomeUnknown):
        allowed(server).send(get(f"http://127.0.0.1:{server.port}/"))


def test_closed_ports_are_not_sent_and_broken_answers_unknown(serve: Serve) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(NotSent):
        GuardedTransport((f"127.0.0.1:{port}",)).send(get(f"http://127.0.0.1:{port}/"))

    def handle(connection: socket.socket, number: int) -> None:
        read_request(connection)

    server = serve(handle)
    with pytest.raises(OutcomeUnknown):
        allowed(server).send(get(f"http://127.0.0.1:{server.port}/"))


def test_errors_name_no_address(serve: Serve) -> None:
    def handle(connection: socket.socket, number: int) -> None:
        read_request(connection)
        connection.sendall(ok()[:9])

    server = serve(handle)
    with pytest.raises(OutcomeUnknown) as caught:
        allowed(server).send(get(f"http://127.0.0.1:{server.port}/?key=SECRET"))
    assert "SECRET" not in str(caught.value)
