"""Where the Graph API is: the configured addresses by name, and new connections to them, TLS verified."""

import ipaddress
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from instaflow import HttpRequest, NotSent, SettingsError
from plugins.http.connection import Connection

INSTAGRAM, OAUTH = "https://graph.instagram.com", "https://api.instagram.com"


@dataclass(frozen=True, slots=True)
class Origin:
    """A host to connect to."""

    host: str
    port: int
    tls: bool


@dataclass(frozen=True, slots=True)
class Base:
    """A named address: ``prefix`` stands in front of every path, ``head`` ends every request's first lines."""

    origin: Origin
    prefix: str
    head: str = field(repr=False)


def bases(settings: Any) -> dict[str, Base]:
    """The addresses that a request may name, from ``graph_url``, ``graph_url_facebook`` and ``graph_version``.

    Raises SettingsError when one is plain http to a host that is neither this machine nor allowed by name.
    """
    version = "/" + settings.graph_version
    oauth = OAUTH if settings.graph_url == INSTAGRAM else settings.graph_url
    allowed = settings.allow_private_hosts
    return {
        "instagram": _base(settings.graph_url, version, allowed),
        "instagram-plain": _base(settings.graph_url, "", allowed),
        "instagram-oauth": _base(oauth, "", allowed),
        "facebook": _base(settings.graph_url_facebook, version, allowed),
        "facebook-plain": _base(settings.graph_url_facebook, "", allowed),
    }


def _base(url: str, version: str, allowed: Sequence[str]) -> Base:
    parts = urlsplit(url)
    host, tls = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if tls else 80)
    if not tls and not local(host) and host not in allowed and f"{host}:{port}" not in allowed:
        raise SettingsError(
            f"the Graph address {url} is plain http: list {host}:{port} in INSTAFLOW_ALLOW_PRIVATE_HOSTS"
        )
    head = (
        f" HTTP/1.1\r\nHost: {parts.netloc.rpartition('@')[2]}\r\nUser-Agent: InstaFlow\r\nAccept: application/json\r\n"
    )
    return Base(Origin(host, port, tls), parts.path.rstrip("/") + version, head)


def local(host: str) -> bool:
    """True for this machine's own addresses.

    >>> local("127.0.0.1"), local("localhost"), local("graph.instagram.com")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def written(known: dict[str, Base], request: HttpRequest) -> tuple[Origin, bytes]:
    """Where the request goes, and its bytes. Raises NotSent for an unknown address or a header that would break the frame."""
    name, _, path = request.url.partition(":")
    base = known.get(name)
    if base is None or not path.startswith("/"):
        raise NotSent(f"'{name}' is not one of the Graph addresses")
    fields = "".join([f"{k}: {v}\r\n" for k, v in request.headers.items()])
    head = f"{request.method} {base.prefix}{path}{base.head}{fields}Content-Length: {len(request.body)}\r\n\r\n"
    if head.count("\n") != len(request.headers) + 6 or head.count("\r") != len(request.headers) + 6 or " " in path:
        raise NotSent("the request holds a line break where none may be")
    try:
        return base.origin, head.encode("ascii") + request.body
    except UnicodeEncodeError as e:
        raise NotSent("the request's head is not ASCII") from e


def connect(origin: Origin, deadline: float) -> Connection:
    """A new connection, ready to write. Raises NotSent, and only that."""
    try:
        sock = socket.create_connection((origin.host, origin.port), timeout=max(deadline - monotonic(), 0.001))
    except OSError as e:
        raise NotSent(f"no connection to {origin.host}: {e.strerror or type(e).__name__}") from e
    try:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if origin.tls:
            sock.settimeout(max(deadline - monotonic(), 0.001))
            sock = tls().wrap_socket(sock, server_hostname=origin.host)
        return Connection(sock, origin)
    except (OSError, ValueError) as e:
        sock.close()
        raise NotSent(f"no secure connection to {origin.host}: {type(e).__name__}") from e


@lru_cache(maxsize=1)
def tls() -> ssl.SSLContext:
    """Certificates and names are verified; TLS 1.2 at least."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    return context
