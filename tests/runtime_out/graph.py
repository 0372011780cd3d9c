"""A Graph API of the tests' own: strict about HTTP, scripted by a function, remembering what it was sent."""

import socket
import socketserver
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

import orjson

DROP = object()
"""Answer: the request was read, the connection is closed without a word."""


@dataclass
class Seen:
    """One request as it arrived; ``number`` counts from 0."""

    number: int
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)

    @property
    def text(self) -> Any:
        return self.json.get("message", {}).get("text")

    @property
    def to(self) -> Any:
        return self.json.get("recipient", {}).get("id")


Answer = tuple[int, Any] | tuple[int, Any, dict[str, str]] | Any


def error(code: int, subcode: int = 0, status: int = 400, message: str = "no") -> Answer:
    """An error as Graph shapes it."""
    return status, {"error": {"message": message, "type": "OAuthException", "code": code, "error_subcode": subcode}}


@dataclass
class Graph:
    """``answer(seen)`` decides; by default every POST of a message is accepted and every look-up finds nothing."""

    answer: Callable[[Seen], Answer] | None = None
    seen: list[Seen] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            disable_nagle_algorithm = True

            def handle(self) -> None:
                try:
                    while outer._one(self.rfile, self.connection):
                        pass
                except OSError:
                    return

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True
            request_queue_size = 128

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def sends(self) -> list[Seen]:
        return [s for s in self.seen if s.method == "POST" and s.path.endswith("/messages")]

    def texts(self) -> list[Any]:
        return [s.text for s in self.sends()]

    def lookups(self) -> list[Seen]:
        return [s for s in self.seen if s.path.endswith("/conversations")]

    def _one(self, file: Any, connection: socket.socket) -> bool:
        line = file.readline()
        if not line:
            return False
        method, target, version = line.decode("ascii").split()
        assert version == "HTTP/1.1"
        headers: dict[str, str] = {}
        while (row := file.readline().decode("ascii")) != "\r\n":
            name, _, value = row.partition(": ")
            assert value.endswith("\r\n") and name.lower() not in headers, row
            headers[name.lower()] = value[:-2]
        assert "host" in headers
        body = file.read(int(headers.get("content-length", "0")))
        path, _, query = target.partition("?")
        with self.lock:
            seen = Seen(len(self.seen), method, unquote(path), dict(parse_qsl(query)), headers, body)
            self.seen.append(seen)
        answer = self.answer(seen) if self.answer else None
        if answer is None:
            answer = self.accept(seen)
        if answer is DROP:
            return False
        status, data, *more = answer
        self._say(connection, status, data, more[0] if more else {})
        return True

    def accept(self, seen: Seen) -> Answer:
        """The friendly answer."""
        if seen.method == "POST" and seen.path.endswith("/messages"):
            return 200, {"recipient_id": seen.to or "836120000000999", "message_id": f"mid.{seen.number}"}
        if seen.method == "POST":
            return 200, {"id": f"made.{seen.number}"}
        return 200, {"data": []}

    def _say(self, connection: socket.socket, status: int, data: Any, headers: dict[str, str]) -> None:
        body = data if isinstance(data, bytes) else orjson.dumps(data)
        head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\nContent-Type: application/json\r\n"
        head += "".join(f"{k}: {v}\r\n" for k, v in headers.items())
        connection.sendall(head.encode() + b"\r\n" + body)
