"""The lean way to the Graph API: kept-alive connections, TLS verified, a deadline over the whole call, one honest answer."""

import select
import threading
from functools import lru_cache
from time import monotonic
from typing import Any

from instaflow import HttpRequest, HttpResponse, NotSent, OutcomeUnknown
from plugins.http.connection import Connection
from plugins.http.exchange import GraphExchange
from plugins.http.origins import Base, Origin, bases, connect, written

IDLE_SECONDS = 20.0
KEPT = 8
"""Idle connections kept for blocking calls, each origin."""


class GraphTransport:
    """The transport "graph". Thread-safe. ``send`` blocks; ``exchange`` keeps many requests under way on one thread."""

    def __init__(self, known: dict[str, Base]) -> None:
        self._idle: dict[Origin, list[Connection]] = {}
        self._known = known
        self._lock = threading.Lock()

    def send(self, request: HttpRequest) -> HttpResponse:
        """One call. Raises NotSent or OutcomeUnknown."""
        origin, data = written(self._known, request)
        deadline = monotonic() + request.timeout
        while (connection := self._take(origin)) is not None:
            try:
                connection.begin(True, data, deadline)
            except NotSent:
                connection.close()  # closed while it was idle: nothing left, so the next one may try
                continue
            return self._answer(connection)
        connection = connect(origin, deadline)
        if monotonic() >= deadline:
            raise NotSent("no connection in time")
        connection.begin(True, data, deadline)
        return self._answer(connection)

    def exchange(self) -> GraphExchange:
        """Many requests under way at once, for one thread."""
        return GraphExchange(self._known)

    def close(self) -> None:
        """Closes the idle connections."""
        with self._lock:
            kept, self._idle = self._idle, {}
        for connections in kept.values():
            for connection in connections:
                connection.close()

    def __del__(self) -> None:
        self.close()

    def _take(self, origin: Origin) -> Connection | None:
        while True:
            with self._lock:
                connections = self._idle.get(origin)
                if not connections:
                    return None
                connection = connections.pop()
            if monotonic() - connection.idle_since < IDLE_SECONDS and not connection.stale():
                return connection
            connection.close()

    def _answer(self, connection: Connection) -> HttpResponse:
        try:
            response = _wait(connection)
        except BaseException:
            connection.close()
            raise
        keep = connection.reusable()
        connection.rest()
        with self._lock:
            kept = self._idle.setdefault(connection.origin, [])
            if keep and len(kept) < KEPT:
                kept.append(connection)
                return response
        connection.close()
        return response


def _wait(connection: Connection) -> HttpResponse:
    watch = select.poll()
    watch.register(connection.fd, select.POLLIN)
    while True:
        if connection.out:
            watch.modify(connection.fd, select.POLLIN | select.POLLOUT)
        left = connection.deadline - monotonic()
        if left <= 0:
            raise OutcomeUnknown("no answer in time")
        for _, events in watch.poll(left * 1000 + 1):
            if events & select.POLLOUT:
                connection.go_on_writing()
                if not connection.out:
                    watch.modify(connection.fd, select.POLLIN)
            if events & ~select.POLLOUT and (response := connection.read()) is not None:
                return response


def graph(settings: Any) -> GraphTransport:
    """The transport for these settings, one a process. Raises SettingsError for a Graph address that must not be used."""
    return _graph(
        settings.graph_url, settings.graph_url_facebook, settings.graph_version, tuple(settings.allow_private_hosts)
    )


@lru_cache(maxsize=8)
def _graph(url: str, facebook: str, version: str, allowed: tuple[str, ...]) -> GraphTransport:
    return GraphTransport(bases(_Addresses(url, facebook, version, allowed)))


class _Addresses:
    def __init__(self, url: str, facebook: str, version: str, allowed: tuple[str, ...]) -> None:
        self.graph_url, self.graph_url_facebook = url, facebook
        self.graph_version, self.allow_private_hosts = version, allowed
