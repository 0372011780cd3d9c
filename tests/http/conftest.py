"""Servers that are stopped when the test ends."""

import socket
import ssl
from collections.abc import Callable, Iterator

import pytest

from tests.http.server import RawServer

Serve = Callable[..., RawServer]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """``serve(handle, context=None)`` starts a raw server."""
    made: list[RawServer] = []

    def start(handle: Callable[[socket.socket, int], None], context: ssl.SSLContext | None = None) -> RawServer:
        made.append(RawServer(handle, context))
        return made[-1]

    yield start
    for server in made:
        server.stop()
