"""The way out for any address that an author wrote: public hosts only, pinned, no redirects, no proxies, capped and timed."""

import contextlib
import socket
import threading
from collections.abc import Iterator, Sequence
from time import monotonic
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests_hardened.ip_filter import InvalidIPAddress
from requests_hardened.ip_filter_adapter import IPFilterAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, NameResolutionError, NewConnectionError

from instaflow import HttpRequest, HttpResponse, NotSent, OutcomeUnknown
from plugins.http.addresses import checked, resolve

MAX_BODY = 1024 * 1024
CHUNK = 65536

_SOCKETS = threading.local()


class _Plain(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        _opened(self.sock)


class _Secure(HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        _opened(self.sock)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


POOLS = {"http": _PlainPool, "https": _SecurePool}


class GuardedTransport:
    """The transport "guarded". ``allowed`` = hosts that the operator lets through although private. Thread-safe."""

    def __init__(self, allowed: Sequence[str] = ()) -> None:
        self._allowed = tuple(h.lower() for h in allowed)

    def send(self, request: HttpRequest) -> HttpResponse:
        """One call, one connection. Raises NotSent (refused address, no connection) or OutcomeUnknown."""
        deadline = monotonic() + request.timeout
        parts, named = checked(request.url, self._allowed)
        if not named:
            resolve(parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
        with requests.Session() as session, _watched(deadline) as late:
            session.trust_env = False
            session.mount(f"{parts.scheme}://", _adapter(parts.scheme, named))
            try:
                answer = _send(session, request, deadline)
            except (NotSent, OutcomeUnknown):
                raise
            except (requests.RequestException, HTTPError, OSError, ValueError) as e:
                raise _told(e, bool(_SOCKETS.opened), late.is_set()) from None
            if late.is_set():
                raise OutcomeUnknown("no answer in time")  # half a head reads like a whole one once the socket is shut
            return answer


def _adapter(scheme: str, named: bool) -> HTTPAdapter:
    adapter = HTTPAdapter() if named else IPFilterAdapter(is_https_proto=scheme == "https")
    adapter.poolmanager.pool_classes_by_scheme = POOLS
    return adapter


def _send(session: requests.Session, request: HttpRequest, deadline: float) -> HttpResponse:
    left = max(deadline - monotonic(), 0.001)
    headers = {"User-Agent": "InstaFlow", **request.headers}
    with session.request(
        request.method,
        request.url,
        data=request.body or None,
        headers=headers,
        timeout=left,
        allow_redirects=False,
        stream=True,
    ) as answer:
        body = bytearray()
        for chunk in answer.iter_content(CHUNK):
            body += chunk
            if len(body) > MAX_BODY:
                raise OutcomeUnknown(f"the answer is larger than {MAX_BODY} bytes")
        return HttpResponse(answer.status_code, bytes(body), {k.lower(): v for k, v in answer.headers.items()})


def _opened(sock: Any) -> None:
    _SOCKETS.opened.append(sock)


@contextlib.contextmanager
def _watched(deadline: float) -> Iterator[threading.Event]:
    """Ends the call at its deadline, however slowly the other side drips: the socket is shut under it."""
    opened: list[socket.socket] = []
    _SOCKETS.opened = opened
    late = threading.Event()

    def shut() -> None:
        late.set()
        for sock in opened:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(deadline - monotonic(), 0.0), shut)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()
        timer.join()


def _told(e: Exception, connected: bool, late: bool) -> NotSent | OutcomeUnknown:
    """The honest word: before there was a connection nothing can have left. No address and no header in it."""
    inner = getattr(e, "args", (None,))[0]
    reason = getattr(inner, "reason", inner)
    if isinstance(e, InvalidIPAddress):
        return NotSent("the host is not a public address")
    if not connected or isinstance(reason, (NewConnectionError, NameResolutionError)):
        return NotSent(f"no connection: {type(reason or e).__name__}")
    return OutcomeUnknown("no answer in time" if late else f"the connection broke: {type(e).__name__}")


def guarded(settings: Any) -> GuardedTransport:
    """The transport for these settings."""
    return GuardedTransport(settings.allow_private_hosts)
