"""Many Graph requests under way at once on one thread: idle connections are reused, new ones are opened beside the loop."""

import contextlib
import selectors
import socket
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, NamedTuple

from instaflow import Answer, HttpRequest, NotSent, OutcomeUnknown
from plugins.http.connection import Connection
from plugins.http.origins import Base, Origin, connect, written

CONNECTIONS = 128
"""At most this many connections an origin; further requests wait in line within their own deadline."""
OPENERS = 4
IDLE_SECONDS = 20.0
READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE


class _Request(NamedTuple):
    key: Any
    data: bytes
    deadline: float


class GraphExchange:
    """See ``instaflow.Exchange``. The thread that calls ``start`` and ``poll`` owns it."""

    def __init__(self, known: dict[str, Base], connections: int = CONNECTIONS) -> None:
        self._known, self._limit = known, connections
        self._selector = selectors.DefaultSelector()
        self._near, self._far = socket.socketpair()
        self._near.setblocking(False)
        self._far.setblocking(False)
        self._selector.register(self._near, READ, None)
        self._openers = ThreadPoolExecutor(OPENERS, "graph-connect")
        self._opened: SimpleQueue[tuple[Origin, Connection | NotSent]] = SimpleQueue()
        self._opening: dict[Origin, int] = {}
        self._idle: dict[Origin, list[Connection]] = {}
        self._busy: set[Connection] = set()
        self._lines: dict[Origin, deque[_Request]] = {}
        self._count: dict[Origin, int] = {}
        self._ready: list[tuple[Any, Answer]] = []
        self._next_deadline = float("inf")

    def start(self, key: Any, request: HttpRequest) -> None:
        """Begins a request; its answer comes out of ``poll``."""
        try:
            origin, data = written(self._known, request)
        except NotSent as e:
            self._ready.append((key, e))
            return
        deadline = monotonic() + request.timeout
        self._next_deadline = min(self._next_deadline, deadline)
        wanted = _Request(key, data, deadline)
        if not self._reuse(origin, wanted):
            self._lines.setdefault(origin, deque()).append(wanted)
            self._open(origin)

    def poll(self, timeout: float) -> list[tuple[Any, Answer]]:
        """The answers that are there, after at most ``timeout`` seconds or at a ``wake``."""
        if self._ready:
            timeout = 0.0
        elif self._next_deadline < float("inf"):
            timeout = max(min(timeout, self._next_deadline - monotonic()), 0.0)
        for entry, events in self._selector.select(timeout):
            connection: Connection | None = entry.data
            if connection is None:
                self._woken()
            else:
                self._event(connection, events)
        if self._next_deadline < float("inf") and monotonic() >= self._next_deadline:
            self._expire()
        ready, self._ready = self._ready, []
        return ready

    def wake(self) -> None:
        """Ends a ``poll`` that waits. Any thread."""
        with contextlib.suppress(OSError):
            self._far.send(b"!")

    def close(self) -> None:
        """Closes everything; requests under way get no answer."""
        self._openers.shutdown(wait=True, cancel_futures=True)
        with contextlib.suppress(Empty):
            while True:
                _, made = self._opened.get_nowait()
                if isinstance(made, Connection):
                    made.close()
        for connection in [*self._busy, *(c for idle in self._idle.values() for c in idle)]:
            connection.close()
        self._busy.clear()
        self._idle.clear()
        self._selector.close()
        self._near.close()
        self._far.close()

    def _reuse(self, origin: Origin, wanted: _Request) -> bool:
        idle = self._idle.get(origin)
        while idle:
            connection = idle.pop()
            if monotonic() - connection.idle_since < IDLE_SECONDS and not connection.stale():
                if self._begin(connection, wanted):
                    return True
            else:
                self._drop(connection)
        return False

    def _begin(self, connection: Connection, wanted: _Request) -> bool:
        """False when the connection turned out to be closed and nothing left."""
        try:
            connection.begin(*wanted)
        except NotSent:
            self._drop(connection)
            return False
        except OutcomeUnknown as e:
            self._drop(connection)
            self._ready.append((wanted.key, e))
            return True
        self._busy.add(connection)
        if connection.out:
            self._selector.modify(connection.sock, READ | WRITE, connection)
        return True

    def _event(self, connection: Connection, events: int) -> None:
        if connection.key is None:
            if connection.stale():
                with contextlib.suppress(ValueError):
                    self._idle[connection.origin].remove(connection)
                self._drop(connection)
            return
        try:
            if events & WRITE:
                connection.go_on_writing()
                if not connection.out:
                    self._selector.modify(connection.sock, READ, connection)
            response = connection.read() if events & READ else None
        except OutcomeUnknown as e:
            self._end(connection, e, False)
            return
        if response is not None:
            self._end(connection, response, connection.reusable())

    def _end(self, connection: Connection, answer: Answer, keep: bool) -> None:
        self._ready.append((connection.key, answer))
        self._busy.discard(connection)
        connection.rest()
        if not keep:
            self._drop(connection)
        self._next_in_line(connection.origin, connection if keep else None)

    def _next_in_line(self, origin: Origin, connection: Connection | None) -> None:
        line = self._lines.get(origin)
        while line and line[0].deadline <= monotonic():  # a process that was frozen must not send what is out of time
            self._ready.append((line.popleft().key, NotSent("no free connection in time")))
        if line:
            if connection is not None and self._begin(connection, line[0]):
                line.popleft()
                return
            self._open(origin)
        elif connection is not None:
            self._idle.setdefault(origin, []).append(connection)

    def _drop(self, connection: Connection) -> None:
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(connection.sock)
        connection.close()
        self._count[connection.origin] -= 1

    def _open(self, origin: Origin) -> None:
        line, opening = self._lines[origin], self._opening.get(origin, 0)
        if opening >= len(line) or self._count.get(origin, 0) >= self._limit:
            return
        self._opening[origin] = opening + 1
        self._count[origin] = self._count.get(origin, 0) + 1
        self._openers.submit(self._connect, origin, line[-1].deadline)

    def _connect(self, origin: Origin, deadline: float) -> None:
        try:
            self._opened.put((origin, connect(origin, deadline)))
        except NotSent as e:
            self._opened.put((origin, e))
        self.wake()

    def _woken(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._near.recv(4096)
        with contextlib.suppress(Empty):
            while True:
                self._made(*self._opened.get_nowait())

    def _made(self, origin: Origin, made: Connection | NotSent) -> None:
        self._opening[origin] -= 1
        if isinstance(made, Connection):
            self._selector.register(made.sock, READ, made)
            self._next_in_line(origin, made)
            return
        self._count[origin] -= 1
        line = self._lines[origin]
        if line:  # nobody hears this origin: who waits in line is told at once
            self._ready.append((line.popleft().key, made))
            self._open(origin) if line else None

    def _expire(self) -> None:
        now = monotonic()
        for connection in [c for c in self._busy if c.deadline <= now]:
            self._end(connection, OutcomeUnknown("no answer in time"), False)
        for line in self._lines.values():
            late = [r for r in line if r.deadline <= now]
            for request in late:
                line.remove(request)
                self._ready.append((request.key, NotSent("no free connection in time")))
        rest = [c.deadline for c in self._busy] + [r.deadline for line in self._lines.values() for r in line]
        self._next_deadline = min(rest, default=float("inf"))
