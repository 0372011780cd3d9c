"""A WSGI application of corner cases, behind the bridge: ``granian --interface rsgi tests.web.bridged:app``."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from flask_api.bridge import Bridge

CLOSED: list[str] = []


class Endless:
    """An answer without an end; ``close`` must be called when the client is gone."""

    def __iter__(self) -> Iterator[bytes]:
        while True:
            yield b"x" * 65536

    def close(self) -> None:
        CLOSED.append("endless")


def corners(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """What the path asks for."""
    path = environ["PATH_INFO"].encode("latin-1").decode()
    if path == "/fail":
        raise RuntimeError("no")
    if path == "/endless":
        start_response("200 OK", [])
        return Endless()
    if path == "/pieces":
        start_response("200 OK", [])
        return (b"piece %d\n" % i for i in range(100))
    if path == "/large":
        start_response("200 OK", [("Content-Length", str(3 * 2**20))])
        return [b"y" * 2**20] * 3
    if path == "/none":
        start_response("204 No Content", [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
        return []
    if path == "/body":
        start = environ["wsgi.input"].read(10)
        rest = hashlib.sha256(start)
        size = len(start)
        while part := environ["wsgi.input"].read(100_000):
            rest.update(part)
            size += len(part)
        return _json(start_response, {"size": size, "sha256": rest.hexdigest()})
    if path == "/closed":
        return _json(start_response, CLOSED)
    seen = {k: v for k, v in environ.items() if isinstance(v, str)}
    return _json(start_response, {**seen, "path": path})


def _json(start_response: Callable[..., Any], value: Any) -> list[bytes]:
    body = json.dumps(value).encode()
    start_response("200 OK", [("Content-Length", str(len(body))), ("Content-Type", "application/json")])
    return [body]


class App:
    """RSGI."""

    def __init__(self) -> None:
        self._bridge = Bridge(corners, 4)

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        await self._bridge(scope, protocol)


app = App()
