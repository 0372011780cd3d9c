"""Any WSGI application under RSGI, granian's own protocol: each request on a thread of a pool, its body and answer streamed."""

import asyncio
import io
import logging
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from core.store.ids import new_id
from flask_api.answers import Answer, written
from flask_api.headers import request_id
from flask_api.webhooks.loading import Wsgi

log = logging.getLogger(__name__)

THREADS = 64
"""Requests at once, those that stream included; idle threads cost nothing."""
WHOLE_BYTES = 64 * 1024
"""A request's body up to here is read before a thread is asked for."""
ANSWER_BYTES = 1024 * 1024
"""An answer that says it is no longer than this is sent at once."""
BROKEN = Answer(500, "internal_error", "Something went wrong on our side; it has been logged")

Headers = list[tuple[str, str]]


class Bridge:
    """``await bridge(scope, protocol)`` answers one request by the WSGI application."""

    def __init__(self, app: Wsgi, threads: int = THREADS) -> None:
        self._app = app
        self._pool = ThreadPoolExecutor(threads, "request")

    async def __call__(self, scope: Any, protocol: Any) -> None:
        loop = asyncio.get_running_loop()
        environ = environ_of(scope)
        environ["wsgi.input"] = await _input(environ, protocol, loop)
        answer = await loop.run_in_executor(self._pool, self._answer, environ, protocol, loop)
        if answer is not None:
            protocol.response_bytes(*answer)

    def _answer(
        self, environ: dict[str, Any], protocol: Any, loop: asyncio.AbstractEventLoop
    ) -> tuple[int, Headers, bytes] | None:
        """On a thread: the answer, or None when it was streamed."""
        started = _Started()
        try:
            parts = self._app(environ, started)
            try:
                if started.length <= ANSWER_BYTES:
                    return started.status, started.headers, b"".join(parts)
                _stream(started, parts, protocol, loop)
            finally:
                getattr(parts, "close", lambda: None)()
        except Exception:
            trace = request_id(environ.get("HTTP_X_REQUEST_ID"), new_id())
            log.exception("a request failed", extra={"path": environ["PATH_INFO"], "trace": trace})
            if not started.streaming:
                return BROKEN.status, *written(BROKEN, trace, environ["wsgi.url_scheme"] == "https")
        return None


class _Started:
    """``start_response``; ``length`` is what the answer says, or endless."""

    def __init__(self) -> None:
        self.status, self.headers = 500, Headers()
        self.length: float = 0
        self.streaming = False

    def __call__(self, status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
        self.status, self.headers = int(status.split(" ", 1)[0]), headers
        said = next((value for name, value in headers if name.lower() == "content-length"), "")
        self.length = int(said) if said.isdecimal() else 0 if self.status in (204, 304) else float("inf")
        return _no_write


def _no_write(data: bytes) -> object:
    raise NotImplementedError("write() of WSGI's earliest days is not offered: return the body")


def _stream(started: _Started, parts: Iterable[bytes], protocol: Any, loop: asyncio.AbstractEventLoop) -> None:
    """Piece by piece, as fast as the client reads; who hangs up ends it."""
    from granian import rsgi

    async def begin() -> Any:
        return protocol.response_stream(started.status, started.headers)

    started.streaming = True
    transport = asyncio.run_coroutine_threadsafe(begin(), loop).result()

    async def send(part: bytes) -> None:
        await transport.send_bytes(part)

    try:
        for part in parts:
            if part:
                asyncio.run_coroutine_threadsafe(send(part), loop).result()
    except rsgi.ProtocolClosed:  # type: ignore[attr-defined]
        return


async def _input(environ: dict[str, Any], protocol: Any, loop: asyncio.AbstractEventLoop) -> Any:
    length = environ.get("CONTENT_LENGTH", "")
    if not length and "HTTP_TRANSFER_ENCODING" not in environ:
        return io.BytesIO()
    if length.isdecimal() and int(length) <= WHOLE_BYTES:
        return io.BytesIO(await protocol())
    return io.BufferedReader(_Incoming(protocol, loop), WHOLE_BYTES)


class _Incoming(io.RawIOBase):
    """A body that is still arriving, read from the application's thread."""

    def __init__(self, protocol: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._parts, self._loop = aiter(protocol), loop
        self._rest = b""
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._rest and not self._ended:
            self._rest = asyncio.run_coroutine_threadsafe(self._next(), self._loop).result()
        taken = self._rest[: len(buffer)]
        buffer[: len(taken)] = taken
        self._rest = self._rest[len(taken) :]
        return len(taken)

    async def _next(self) -> bytes:
        """Not a loop over ``self._parts``: granian gives its iterator only once."""
        part = b""
        while not part and not self._ended:
            try:
                part = bytes(await anext(self._parts))
            except StopAsyncIteration:
                self._ended = True
        return part


def environ_of(scope: Any) -> dict[str, Any]:
    """The WSGI environment of an RSGI request, without its body. The process's own environment stays out of it."""
    host, _, port = scope.server.rpartition(":")
    client, _, client_port = scope.client.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": client.strip("[]"),
        "REMOTE_PORT": client_port,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.input_terminated": True,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    if scope.authority:
        environ["HTTP_HOST"] = scope.authority
    for name, value in scope.headers.items():
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        joint = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{joint}{value}" if key in environ and key != "HTTP_HOST" else value
    return environ
