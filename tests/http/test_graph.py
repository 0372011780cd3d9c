"""The lean transport: kept-alive connections, one honest word about what may have arrived."""

import datetime
import socket
import ssl
import threading
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from instaflow import HttpRequest, HttpResponse, NotSent, OutcomeUnknown, SettingsError
from plugins.http.graph import GraphTransport
from plugins.http.origins import bases, tls
from tests.http.server import RawServer, ok, read_request

Serve = Callable[..., RawServer]


def transport(url: str, allowed: tuple[str, ...] = ()) -> GraphTransport:
    return GraphTransport(
        bases(
            SimpleNamespace(
                graph_url=url, graph_url_facebook=url + "/fb", graph_version="v26.0", allow_private_hosts=allowed
            )
        )
    )


def post(timeout: float = 5.0, url: str = "instagram:/me/messages", body: bytes = b"{}", **headers: str) -> HttpRequest:
    return HttpRequest("POST", url, headers, body, timeout)


def answering(data: bytes) -> Callable[[socket.socket, int], None]:
    def handle(connection: socket.socket, number: int) -> None:
        while read_request(connection):
            connection.sendall(data)

    return handle


def test_connections_are_kept_and_names_become_addresses(serve: Serve) -> None:
    seen: list[bytes] = []

    def handle(connection: socket.socket, number: int) -> None:
        while request := read_request(connection):
            seen.append(request)
            connection.sendall(ok(b'{"a":1}', b"X-App-Usage: {}\r\n"))

    server = serve(handle)
    way = transport(f"http://127.0.0.1:{server.port}/ig")
    answer = way.send(post(Authorization="Bearer t"))
    assert answer == HttpResponse(200, b'{"a":1}', {"x-app-usage": "{}", "content-length": "7"})
    way.send(HttpRequest("GET", "facebook:/me?fields=id"))
    way.send(HttpRequest("GET", "instagram-plain:/refresh_access_token?x=1"))
    assert server.connections == 1
    lines = [r.split(b"\r\n")[0] for r in seen]
    assert lines == [
        b"POST /ig/v26.0/me/messages HTTP/1.1",
        b"GET /ig/fb/v26.0/me?fields=id HTTP/1.1",
        b"GET /ig/refresh_access_token?x=1 HTTP/1.1",
    ]
    assert b"Authorization: Bearer t\r\n" in seen[0]
    way.close()


def test_nobody_listens_is_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(NotSent):
        transport(f"http://127.0.0.1:{port}").send(post())


def test_an_idle_connection_that_was_closed_is_replaced(serve: Serve) -> None:
    def handle(connection: socket.socket, number: int) -> None:
        read_request(connection)
        connection.sendall(ok())

    server = serve(handle)
    way = transport(f"http://127.0.0.1:{server.port}")
    for _ in range(3):
        assert way.send(post()).status == 200
        threading.Event().wait(0.2)  # until the server has closed
    assert server.connections == 3
    way.close()


@pytest.mark.parametrize(
    "said",
    [b"", b"HTTP/1.1 200 OK\r\nContent-Le", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", b"what?\r\n\r\n"],
)
def test_a_broken_answer_is_unknown(serve: Serve, said: bytes) -> None:
    def handle(connection: socket.socket, number: int) -> None:
        read_request(connection)
        connection.sendall(said)

    server = serve(handle)
    with pytest.raises(OutcomeUnknown):
        transport(f"http://127.0.0.1:{server.port}").send(post())
    assert server.connections == 1


def test_silence_is_unknown_after_the_deadline(serve: Serve) -> None:
    done = threading.Event()

    def handle(connection: socket.socket, number: int) -> None:
        read_request(connection)
        while not done.wait(0.02):
            connection.sendall(b"H" if number < 0 else b"")

    server = serve(handle)
    way = transport(f"http://127.0.0.1:{server.port}")
    with pytest.raises(OutcomeUnknown, match="in time"):
        way.send(post(timeout=0.1))
    exchange = way.exchange()
    exchange.start("k", post(timeout=0.1))
    answers: list[object] = []
    while not answers:
        answers = [a for _, a in exchange.poll(1.0)]
    assert isinstance(answers[0], OutcomeUnknown)
    done.set()
    exchange.close()


def test_every_framing_of_an_answer_is_read(serve: Serve) -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    interim = b"HTTP/1.1 102 Processing\r\n\r\n" + ok(b"later")
    way = transport(f"http://127.0.0.1:{serve(answering(chunked)).port}")
    assert [way.send(post()).body for _ in range(2)] == [b"abcde"] * 2
    assert transport(f"http://127.0.0.1:{serve(answering(interim)).port}").send(post()).body == b"later"

    def until_closed(connection: socket.socket, number: int) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 500 Oops\r\n\r\n<html>")

    assert transport(f"http://127.0.0.1:{serve(until_closed).port}").send(post()) == HttpResponse(500, b"<html>", {})
    way.close()


def test_an_answer_may_not_be_endless(serve: Serve) -> None:
    def handle(connection: socket.socket, number: int) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n")
        for _ in range(200):
            connection.sendall(b"x" * 65536)

    with pytest.raises(OutcomeUnknown, match="too large"):
        transport(f"http://127.0.0.1:{serve(handle).port}").send(post())


def test_a_large_upload_goes_out_whole(serve: Serve) -> None:
    sizes: list[int] = []

    def handle(connection: socket.socket, number: int) -> None:
        sizes.append(len(read_request(connection).partition(b"\r\n\r\n")[2]))
        connection.sendall(ok())

    way = transport(f"http://127.0.0.1:{serve(handle).port}")
    assert way.send(post(body=b"x" * 5_000_000, timeout=30)).status == 200
    exchange = way.exchange()
    exchange.start(1, post(body=b"x" * 5_000_000, timeout=30))
    while not exchange.poll(1.0):
        pass
    assert sizes == [5_000_000] * 2
    exchange.close()


@pytest.mark.parametrize(
    "request_",
    [
        post(url="https://evil.example/me"),
        post(url="instagram:me"),
        post(url="instagram:/me\r\nX: y"),
        post(url="instagram:/a b"),
        post(Authorization="Bearer a\r\nHost: evil"),
        post(Authorization="Bearer \u20ac"),
    ],
)
def test_what_would_break_the_frame_or_leave_the_graph_is_not_sent(serve: Serve, request_: HttpRequest) -> None:
    server = serve(answering(ok()))
    with pytest.raises(NotSent):
        transport(f"http://127.0.0.1:{server.port}").send(request_)
    assert server.connections == 0


def test_plain_http_to_another_host_must_be_allowed_by_name() -> None:
    with pytest.raises(SettingsError, match="INSTAFLOW_ALLOW_PRIVATE_HOSTS"):
        transport("http://graph.example:9000")
    transport("http://graph.example:9000", ("graph.example:9000",))


def test_many_requests_at_once_on_one_thread(serve: Serve) -> None:
    server = serve(answering(ok(b"1")))
    exchange = transport(f"http://127.0.0.1:{server.port}").exchange()
    for key in range(500):
        exchange.start(key, post(timeout=30))
    seen: dict[object, object] = {}
    while len(seen) < 500:
        seen.update(exchange.poll(5.0))
    assert set(seen) == set(range(500)) and all(
        a == HttpResponse(200, b"1", {"content-length": "1"}) for a in seen.values()
    )
    assert server.connections <= 128
    exchange.close()


def test_an_exchange_tells_what_was_not_sent_and_wakes(serve: Serve) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    exchange = transport(f"http://127.0.0.1:{port}").exchange()
    for key in range(3):
        exchange.start(key, post())
    seen: dict[object, object] = {}
    while len(seen) < 3:
        seen.update(exchange.poll(5.0))
    assert all(isinstance(a, NotSent) for a in seen.values())
    threading.Timer(0.05, exchange.wake).start()
    assert exchange.poll(30.0) == []
    exchange.close()


def test_an_exchange_survives_servers_that_close_at_once(serve: Serve) -> None:
    def handle(connection: socket.socket, number: int) -> None:
        read_request(connection)
        connection.sendall(ok(b"1", b"Connection: close\r\n"))

    exchange = transport(f"http://127.0.0.1:{serve(handle).port}").exchange()
    for key in range(40):
        exchange.start(key, post(timeout=30))
    seen: dict[object, object] = {}
    while len(seen) < 40:
        seen.update(exchange.poll(5.0))
    assert all(isinstance(a, HttpResponse) for a in seen.values())
    exchange.close()


def certificate(path: Path) -> Path:
    """A self-signed certificate for 127.0.0.1, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


def test_certificates_are_verified(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pem = certificate(tmp_path / "cert.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server = serve(answering(ok(b"secret")), context)
    url = f"https://127.0.0.1:{server.port}"
    tls.cache_clear()
    with pytest.raises(NotSent, match="secure"):
        transport(url).send(post())
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    tls.cache_clear()
    try:
        way = transport(url)
        assert [way.send(post()).body for _ in range(3)] == [b"secret"] * 3
        exchange = way.exchange()
        seen: dict[object, object] = {}
        for key in range(20):
            exchange.start(key, post(body=b"y" * 100_000))
        while len(seen) < 20:
            seen.update(exchange.poll(5.0))
        assert all(isinstance(a, HttpResponse) and a.body == b"secret" for a in seen.values())
        exchange.close()
        way.close()
    finally:
        tls.cache_clear()
