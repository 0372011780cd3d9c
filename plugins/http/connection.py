"""One kept-alive HTTP/1.1 connection: a non-blocking socket and a parser; it neither waits nor retries."""

import select
import socket
import ssl
from time import monotonic
from typing import Any

import httptools

from instaflow import HttpResponse, NotSent, OutcomeUnknown

MAX_BODY = 8 * 1024 * 1024
MAX_HEADERS = 200
CHUNK = 65536
TLS_RECORD = 16 * 1024
WOULD_BLOCK = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Connection:
    """``key`` names the request under way (None = idle), ``deadline`` is monotonic seconds, ``out`` what is still unwritten."""

    __slots__ = (
        "_body",
        "_complete",
        "_headed",
        "_headers",
        "_keep",
        "_parser",
        "_size",
        "_started",
        "_status",
        "_watch",
        "deadline",
        "fd",
        "idle_since",
        "key",
        "origin",
        "out",
        "sock",
        "tls",
    )

    def __init__(self, sock: socket.socket, origin: Any) -> None:
        sock.setblocking(False)
        self.sock, self.origin = sock, origin
        self.fd = sock.fileno()
        self.tls = isinstance(sock, ssl.SSLSocket)
        self.key: Any = None
        self.out = b""
        self.deadline = 0.0
        self.idle_since = monotonic()
        self._watch = select.poll()
        self._watch.register(self.fd, select.POLLIN)
        self._reset()

    def _reset(self) -> None:
        self._parser: Any = httptools.HttpResponseParser(self)
        self._clear()

    def _clear(self) -> None:
        self._headers: dict[str, str] = {}
        self._body: list[bytes] = []
        self._size = self._status = 0
        self._started = self._complete = self._headed = False
        self._keep = True

    def begin(self, key: Any, data: bytes, deadline: float) -> None:
        """Writes what the socket takes. Raises NotSent when it took nothing: the other side had closed."""
        self.key, self.deadline = key, deadline
        try:
            sent = self.sock.send(data)
        except WOULD_BLOCK:
            sent = 0
        except OSError as e:
            if self.tls and len(data) > TLS_RECORD:
                raise OutcomeUnknown(f"the connection broke while writing: {_why(e)}") from e
            raise NotSent(f"the connection was closed before the request: {_why(e)}") from e
        self.out = data[sent:] if sent < len(data) else b""

    def go_on_writing(self) -> None:
        """Writes more of ``out``. Raises OutcomeUnknown when the connection breaks: a part may have been acted upon."""
        try:
            self.out = self.out[self.sock.send(self.out) :]
        except WOULD_BLOCK:
            return
        except OSError as e:
            raise OutcomeUnknown(f"the connection broke while writing: {_why(e)}") from e

    def read(self) -> HttpResponse | None:
        """Takes what has arrived; the response when it is whole. Raises OutcomeUnknown when it never will be."""
        while True:
            try:
                data = self.sock.recv(CHUNK)
            except WOULD_BLOCK:
                return None
            except OSError as e:
                raise OutcomeUnknown(f"the connection broke before the answer: {_why(e)}") from e
            if not data:
                return self._at_end()
            self._feed(data)
            if self._complete:
                return self._response()
            if not self.tls and len(data) < CHUNK:
                return None

    def stale(self) -> bool:
        """True when an idle connection must not be used: closed, or it has something to say that nobody asked."""
        if not self._watch.poll(0):
            return False
        try:
            self.sock.recv(1)
        except WOULD_BLOCK:
            return False
        except OSError:
            return True
        return True

    def reusable(self) -> bool:
        """True when the next request may use this connection."""
        return self._keep and not self.out

    def rest(self) -> None:
        """The answer was handed on: idle from now."""
        self.key = None
        self.idle_since = monotonic()
        self._clear()

    def close(self) -> None:
        """Closes the socket; harmless when repeated."""
        self._parser = None  # the parser points back here: without this only the collector would free both
        try:
            self.sock.close()
        except OSError:
            return

    def __del__(self) -> None:
        self.close()

    def _feed(self, data: bytes) -> None:
        self._started = True
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as e:
            raise OutcomeUnknown("the answer is not HTTP") from e
        if self._size > MAX_BODY or len(self._headers) > MAX_HEADERS:
            raise OutcomeUnknown("the answer is too large")

    def _at_end(self) -> HttpResponse:
        unbounded = "content-length" not in self._headers and "transfer-encoding" not in self._headers
        if not self._headed or not unbounded:
            raise OutcomeUnknown("the connection was closed before the answer")
        self._keep = False
        return self._response()

    def _response(self) -> HttpResponse:
        body = self._body[0] if len(self._body) == 1 else b"".join(self._body)
        return HttpResponse(self._status, body, self._headers)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Called by the parser."""
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        """Called by the parser."""
        self._status = self._parser.get_status_code()
        self._headed = self._status >= 200
        self._keep = self._parser.should_keep_alive()

    def on_body(self, data: bytes) -> None:
        """Called by the parser."""
        self._size += len(data)
        if self._size <= MAX_BODY:
            self._body.append(data)

    def on_message_complete(self) -> None:
        """Called by the parser; an interim answer (1xx) is passed over."""
        if self._headed:
            self._complete = True
        else:
            self._clear()


def _why(e: OSError) -> str:
    return e.strerror or type(e).__name__
