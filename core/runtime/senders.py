"""Carrying out calls: many Graph requests at once on the dispatcher's own thread, everything else on a few threads."""

import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any

import orjson

from core.host.registry import Registry
from core.model.ports import (
    AccountView,
    Answer,
    Call,
    EffectHandler,
    Exchange,
    HttpRequest,
    HttpResponse,
    HttpTransport,
    OneRequest,
    Outcome,
)
from core.observe import bound
from core.runtime.claim import Sending

log = logging.getLogger(__name__)

THREADS = 12
ABANDONED = "abandoned"
"""Code of a call that was claimed but not begun in time: it certainly did not leave."""
CALL_SHARE = 0.4
"""A call may take this part of its lease, begun before its half: it ends before anybody else may touch the row."""
BEGIN_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Way:
    """How a kind is carried out. ``one`` = the handler as a single request, when it can be one; ``graph`` = it goes to the
    Graph API (its answers count for the breaker); ``settle``, ``repeatable``: see ``EffectHandler``."""

    handler: EffectHandler
    transport: str
    one: OneRequest | None
    graph: bool
    settle: bool
    repeatable: bool


class Views:
    """Accounts with their tokens in the clear, opened once for each sealed text."""

    def __init__(self, sealer: Any) -> None:
        self._sealer = sealer
        self._known: dict[str, tuple[tuple[Any, ...], AccountView]] = {}

    def view(self, account_id: str, row: tuple[Any, ...]) -> AccountView | None:
        """``row`` = (ig id, page id, login, sealed token, username, settings as JSON text); None when there is no token that
        opens."""
        known = self._known.get(account_id)
        if known is not None and known[0] == row:
            return known[1]
        ig_id, page_id, login, sealed, username, settings = row
        try:
            token = self._sealer.open(sealed, account_id)
        except Exception as e:
            log.error("an account's token cannot be opened", extra={"account": account_id, "error": type(e).__name__})
            return None
        view = AccountView(account_id, ig_id, page_id, login, token, username or "", orjson.loads(settings))
        self._known[account_id] = (row, view)
        return view


class Senders:
    """``start`` begins a call, ``poll`` gives what has ended. One thread owns it; ``wake`` from any."""

    def __init__(self, registry: Registry, settings: Any, lease_seconds: float) -> None:
        self._registry, self._settings = registry, settings
        self._call_seconds = lease_seconds * CALL_SHARE
        self._begin_seconds = lease_seconds * BEGIN_SHARE
        self._transports: dict[str, HttpTransport] = {}
        graph = self.transport("graph") if self._offers("graph") else None
        make = getattr(graph, "exchange", None)
        self._exchange: Exchange | None = make() if make is not None else None
        self._pool = ThreadPoolExecutor(THREADS, "dispatch-call")
        self._done: SimpleQueue[tuple[Any, Outcome] | None] = SimpleQueue()
        self._ways: dict[str, Way | None] = {}

    def way(self, kind: str) -> Way | None:
        """How a kind is carried out; None when no plugin knows it."""
        if kind not in self._ways:
            self._ways[kind] = self._find(kind)
        return self._ways[kind]

    def transport(self, name: str) -> HttpTransport:
        """The way out of that name, made once."""
        if name not in self._transports:
            self._transports[name] = self._registry.transport_factory(name)(self._settings)
        return self._transports[name]

    def start(self, sending: Sending, account: AccountView, now: int) -> Outcome | None:
        """Begins the call; an Outcome when it has ended at once."""
        way = self.way(sending.kind)
        if way is None:
            return Outcome("failed", code="unknown_kind", message=f"no plugin carries out '{sending.kind}'")
        if monotonic() - sending.claimed > self._begin_seconds:
            return Outcome("retry", code=ABANDONED)
        call = call_of(sending, account, now)
        if way.one is None or self._exchange is None:
            self._pool.submit(self._perform, sending, way, call)
            return None
        try:
            request = way.one.request(call)
        except Exception as e:
            return _broken(sending, sending.kind, e)
        if isinstance(request, Outcome):
            return request
        if request.timeout > self._call_seconds:
            request = replace(request, timeout=self._call_seconds)
        self._exchange.start((sending, way.one, call), request)
        return None

    def run(self, key: Any, kind: str, call: Call) -> None:
        """A call beside the outbox (a look-up); its outcome comes out of ``poll`` under ``key``."""
        way = self.way(kind)
        if way is None:
            self._done.put((key, Outcome("unknown", code="unknown_kind")))
            return
        self._pool.submit(self._perform, key, way, call)

    def poll(self, timeout: float) -> list[tuple[Any, Outcome]]:
        """What has ended, after at most ``timeout`` seconds or at a ``wake``."""
        ended: list[tuple[Any, Outcome]] = []
        if self._exchange is not None:
            for (sending, one, call), answer in self._exchange.poll(timeout):
                ended.append((sending, _read(sending, one, call, answer)))
        else:
            self._next(ended, timeout)
        while self._next(ended, None):
            pass
        return ended

    def wake(self) -> None:
        """Ends a ``poll`` that waits."""
        if self._exchange is not None:
            self._exchange.wake()
        else:
            self._done.put(None)

    def close(self) -> None:
        """Ends the threads; calls under way are finished first."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        if self._exchange is not None:
            self._exchange.close()

    def _next(self, ended: list[tuple[Any, Outcome]], timeout: float | None) -> bool:
        try:
            item = self._done.get(timeout=timeout) if timeout else self._done.get_nowait()
        except Empty:
            return False
        if item is not None:
            ended.append(item)
        return True

    def _perform(self, key: Any, way: Way, call: Call) -> None:
        if isinstance(key, Sending) and monotonic() - key.claimed > self._begin_seconds:
            outcome = Outcome("retry", code=ABANDONED)
        else:
            try:
                with bound(**_ids(key)):
                    outcome = way.handler.perform(call, _Timed(self.transport(way.transport), self._call_seconds))
            except Exception as e:
                outcome = _broken(key, call.kind, e)
        self._done.put((key, outcome))
        if self._exchange is not None:
            self._exchange.wake()

    def _offers(self, name: str) -> bool:
        return any(name in i.transports for i in self._registry.integrations.values())

    def _find(self, kind: str) -> Way | None:
        handler = self._registry.handlers.get(kind)
        if handler is None:
            return None
        name = str(getattr(handler, "transport", "guarded"))
        one = handler if name == "graph" and isinstance(handler, OneRequest) else None
        settle, again = bool(getattr(handler, "settle", False)), bool(getattr(handler, "repeatable", False))
        return Way(handler, name, one, name == "graph", settle, again)


class _Timed:
    """A transport whose calls, all together, end within the lease."""

    def __init__(self, http: HttpTransport, seconds: float) -> None:
        self._http, self._until = http, monotonic() + seconds

    def send(self, request: HttpRequest) -> HttpResponse:
        left = max(self._until - monotonic(), 0.001)
        return self._http.send(replace(request, timeout=left) if request.timeout > left else request)


def call_of(sending: Sending, account: AccountView, now: int) -> Call:
    """The call that a handler sees."""
    to: Mapping[str, str] = sending.body.get("to") or {}
    return Call(
        sending.id,
        sending.kind,
        sending.idem,
        account,
        to,
        sending.body,
        sending.attempt,
        not sending.automated,
        sending.last_inbound,
        now,
    )


def _ids(key: Any) -> dict[str, Any]:
    """What lines about a call carry: of a send, or of a look-up for one."""
    s = key if isinstance(key, Sending) else getattr(key, "sending", None)
    if not isinstance(s, Sending):
        return {}
    return {"trace": s.trace_id, "account": s.account_id, "contact": s.contact_id, "run": s.run_id}


def _read(key: Any, one: OneRequest, call: Call, answer: Answer) -> Outcome:
    try:
        return one.outcome(call, answer)
    except Exception as e:
        broken = _broken(key, call.kind, e)
        return replace(broken, status="unknown") if isinstance(answer, HttpResponse) else broken


def _broken(key: Any, kind: str, e: Exception) -> Outcome:
    """A plugin's own fault: told, and not tried again."""
    log.error("a handler failed", extra={"kind": kind, "error": type(e).__name__, **_ids(key)}, exc_info=e)
    return Outcome("failed", code="handler_error", message=f"{type(e).__name__}")
