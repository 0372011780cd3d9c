"""The web process's door on granian (RSGI): webhooks wait for their commit on the event loop, everything else on a thread.

A thread that waits costs more than the webhook itself, most of it being woken; here one wake-up serves a whole commit.
``receiver.compose`` is the same door for any other server.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from functools import partial
from time import monotonic
from typing import Any

from core.model.errors import StoreUnavailable
from core.model.inbound import Inbound
from core.model.limits import WEBHOOK_BYTES
from core.runtime.intake import LATE, PATIENCE, Intake
from flask_api.answers import Answer, written
from flask_api.bridge import Bridge
from flask_api.webhooks.loading import Wsgi
from flask_api.webhooks.receiver import DRAINED_BYTES, PATHS, TOO_LARGE, Receiver, trace_of

Future = asyncio.Future[None]


class Front:
    """An RSGI application. ``intake`` is the receiver's own; ``rest`` takes every request that is not a webhook."""

    def __init__(self, intake: Intake, receiver: Receiver, rest: Wsgi) -> None:
        self._intake, self._receiver = intake, receiver
        self._rest = Bridge(rest)
        self._landed: deque[Future] = deque()
        self._ringing = False

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """One request."""
        if scope.path in PATHS and scope.method == "POST":
            await self._webhook(scope, protocol)
        else:
            await self._rest(scope, protocol)

    async def _webhook(self, scope: Any, protocol: Any) -> None:
        given = scope.headers
        trace = trace_of(given.get("x-request-id"))
        body = await _body(given, protocol)
        if body is None:
            self._receiver.counts.too_large += 1
            answer = TOO_LARGE
        else:
            signature = (given.get("x-hub-signature-256") or "").encode("latin-1", "replace")
            events = self._receiver.check(body, signature, trace)
            answer = events if isinstance(events, Answer) else await self._store(events, trace)
        headers, text = written(answer, trace, scope.scheme == "https")
        protocol.response_bytes(answer.status, headers, text)

    async def _store(self, events: Sequence[Inbound], trace: str) -> Answer:
        loop = asyncio.get_running_loop()
        landed = loop.create_future()
        began = monotonic()
        ticket = self._intake.offer(events, trace, partial(self._land, loop, landed))
        try:
            async with asyncio.timeout(PATIENCE):
                await landed
            return self._receiver.stored(events, ticket.stored(), trace, began)
        except TimeoutError:
            return self._receiver.unavailable(events, trace, StoreUnavailable(LATE))
        except StoreUnavailable as e:
            return self._receiver.unavailable(events, trace, e)

    def _land(self, loop: asyncio.AbstractEventLoop, landed: Future) -> None:
        """On the intake's thread: the loop is woken once, however many land before it looks."""
        self._landed.append(landed)
        if not self._ringing:
            self._ringing = True
            try:
                loop.call_soon_threadsafe(self._look)
            except RuntimeError:  # the loop is closed: nobody waits any more
                self._ringing = False

    def _look(self) -> None:
        self._ringing = False  # first: who lands from now on rings again
        while self._landed:
            landed = self._landed.popleft()
            if not landed.done():
                landed.set_result(None)


async def _body(headers: Any, protocol: Any) -> bytes | None:
    """The body; None when it is larger than a webhook may be. Most clients look for an answer only after sending all: a larger
    one is read on and thrown away, up to a limit."""
    length = headers.get("content-length") or ""
    if length.isdecimal() and int(length) <= WEBHOOK_BYTES:
        return bytes(await protocol())
    parts: list[bytes] = []
    size = 0
    async for part in protocol:
        size += len(part)
        if size <= WEBHOOK_BYTES:
            parts.append(part)
        elif size > DRAINED_BYTES:
            break
    return b"".join(parts) if size <= WEBHOOK_BYTES else None
