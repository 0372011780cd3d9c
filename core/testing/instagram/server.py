"""A lean HTTP/1.1 server with keep-alive for the fake: one thread a connection, one write an answer, loopback only."""

import json
import socket
import socketserver
import threading
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

MAX_BODY = 32 * 1024 * 1024
_PHRASES = {s.value: s.phrase for s in HTTPStatus}
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@dataclass(slots=True)
class Request:
    """``headers`` have lower-case names; ``query`` holds the last value of each name."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes = b""

    def json(self) -> Any:
        """The body as JSON; ValueError when it is not."""
        return json.loads(self.body or b"{}")


@dataclass(slots=True)
class Response:
    """``drop`` closes the connection without an answer."""

    status: int = 200
    body: bytes = b""
    type: str = "application/json; charset=UTF-8"
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False

    def wire(self, keep: bool) -> bytes:
        """The bytes of the answer."""
        head = f"HTTP/1.1 {self.status} {_PHRASES.get(self.status, 'Unknown')}\r\nContent-Type: {self.type}\r\n"
        head += "".join(f"{k}: {v}\r\n" for k, v in self.headers.items())
        head += f"Content-Length: {len(self.body)}\r\nConnection: {'keep-alive' if keep else 'close'}\r\n\r\n"
        return head.encode("latin-1") + self.body


def answer(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer."""
    return Response(status, json.dumps(data, ensure_ascii=True).encode(), headers=headers or {})


Handle = Callable[[Request], Response]


class _Connection(socketserver.StreamRequestHandler):
    rbufsize = 65536
    disable_nagle_algorithm = True
    server: "Server"

    def handle(self) -> None:
        """Requests one after the other until the other side closes."""
        try:
            while self._one():
                pass
        except (ConnectionError, TimeoutError, ValueError):
            self.close_connection()

    def close_connection(self) -> None:
        """Nothing more is said on this connection."""
        self.server.live.discard(self.connection)

    def _one(self) -> bool:
        request = self._read()
        if request is None:
            return False
        if isinstance(request, Response):
            self.connection.sendall(request.wire(False))
            return False
        keep = request.headers.get("connection", "").lower() != "close"
        response = self._respond(request)
        if response.drop:
            return False
        self.connection.sendall(response.wire(keep))
        return keep

    def _respond(self, request: Request) -> Response:
        if request.headers.get("host", "127.0.0.1").rsplit(":", 1)[0] not in _LOOPBACK:
            return answer({"error": {"message": "the fake Instagram answers on this machine only"}}, 403)
        return self.server.answer_to(request)

    def _read(self) -> Request | Response | None:
        line = self.rfile.readline(65537)
        if not line.strip():
            return None
        parts = line.decode("latin-1").split()
        if len(parts) != 3:
            return answer({"error": {"message": "not HTTP"}}, 400)
        headers: dict[str, str] = {}
        while (line := self.rfile.readline(65537)) not in (b"\r\n", b"\n", b""):
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.strip().lower()] = value.strip()
            if len(headers) > 200:
                return answer({"error": {"message": "too many headers"}}, 431)
        return self._with_body(parts[0], parts[1], headers)

    def _with_body(self, method: str, target: str, headers: dict[str, str]) -> Request | Response:
        if "transfer-encoding" in headers:
            return answer({"error": {"message": "send a Content-Length"}}, 411)
        length = int(headers.get("content-length", "0"))
        if length > MAX_BODY or length < 0:
            return answer({"error": {"message": "the body is too large"}}, 413)
        if headers.get("expect", "").lower() == "100-continue":
            self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = self.rfile.read(length) if length else b""
        path, _, query = target.partition("?")
        pairs = dict(urllib.parse.parse_qsl(query, keep_blank_values=True)) if query else {}
        return Request(method, urllib.parse.unquote(path), pairs, headers, body)


class Server(socketserver.ThreadingTCPServer):
    """``answer_to`` is called from many threads."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 512

    def __init__(self, port: int, answer_to: Handle) -> None:
        self.answer_to = answer_to
        self.live: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), _Connection)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), name="fake-instagram", daemon=True)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remembers the connection, so that ``stop`` can end it."""
        self.live.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forgets it again."""
        self.live.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that breaks is the other side's business."""

    def start(self) -> None:
        """Serves in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Stops listening and ends every connection."""
        self.shutdown()
        for connection in list(self.live):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        self.server_close()
        self._thread.join(2)
