"""The dispatcher: one loop that settles what has ended, claims what may leave, and keeps many calls under way (durability 3.2)."""

import logging
import os
import socket
import threading
from collections import Counter
from collections.abc import Callable
from time import monotonic, sleep
from typing import Any

from core.host.registry import Registry
from core.model.errors import StoreUnavailable
from core.model.ports import Clock, Outcome
from core.runtime import dispatch_expiry
from core.runtime.claim import Claim, Sending, Terms, claim
from core.runtime.results import Ended, Results
from core.runtime.senders import Senders, Views
from core.runtime.settle import Asked, Settler
from core.store.driver import Db, Tx
from core.store.ids import new_id

log = logging.getLogger(__name__)

SLOTS = 128
"""Calls under way at once in a process."""
SHARE = 64
"""Of them at most this many for one account: it cannot hold the others up."""
IDLE_SECONDS = 0.2
"""The database is asked this often although nobody woke us: a lost wake-up costs no more."""
BUSY = 4
"""Calls ended and begun in a round from which on the next one is worth waiting for."""
LINGER = 0.004
"""Seconds that a busy dispatcher lets its next round grow: each is a transaction."""
EXPIRY_SECONDS = 5.0
SETTLE_SECONDS = 0.1
"""Between two looks for sends whose lease and grace are over, while there are none."""
TROUBLE_SECONDS = 0.2
SLOW_SECONDS = 60.0


class Dispatcher:
    """Sends what the outbox holds. Any number of them may run beside each other.

    ``settings``: lease_seconds, settle_grace_seconds, send_rate. ``wake_drain`` is called after results were posted;
    ``counts`` tells outcomes by status and code.
    """

    def __init__(
        self,
        db: Db,
        clock: Clock,
        registry: Registry,
        settings: Any,
        sealer: Any,
        wake_drain: Callable[[], None] | None = None,
    ) -> None:
        self._db, self._clock, self._settings = db, clock, settings
        self._wake_drain = wake_drain or (lambda: None)
        self.owner = f"{socket.gethostname()[:20]}:{os.getpid()}:{new_id()[-12:]}"
        self._lease_ms = int(settings.lease_seconds * 1000)
        self._senders = Senders(registry, settings, settings.lease_seconds)
        self._views = Views(sealer)
        self._results = Results(self._senders.way)
        grace_ms = int(settings.settle_grace_seconds * 1000)
        self._settler = Settler(self._senders, self._results, self._views.view, self.owner, self._lease_ms, grace_ms)
        self._ended: list[Ended] = []
        self._looked: list[tuple[Asked, Outcome]] = []
        self._busy: dict[str, int] = {}
        self._slow: dict[str, float] = {}
        self._under_way = self._turn_number = 0
        self._woken, self._stopping = True, False
        self._next_look = self._next_expiry = self._next_settle = 0.0
        self._busy_round = False
        self._more = self._posted = False
        self._until = 0.0
        self._thread: threading.Thread | None = None
        self._closed = False

    @property
    def counts(self) -> Counter[str]:
        """How calls ended since the start."""
        return self._results.counts

    def start(self) -> None:
        """Runs the loop in a thread of its own."""
        self._thread = threading.Thread(target=self._loop, name="dispatch", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """There may be something to send. Any thread; cheap."""
        if not self._woken:
            self._woken = True
            self._senders.wake()

    def stop(self, grace_seconds: float = 30.0) -> None:
        """Claims nothing more, waits for what is under way, writes it down. What is left then is settled by look-up later."""
        self._stopping = True
        self._until = monotonic() + grace_seconds
        self._senders.wake()
        if self._thread is not None:
            self._thread.join(grace_seconds + 5)
            self._thread = None
        self._close()

    def once(self) -> int:
        """Sends everything that may leave now and waits for it: for tests and commands. Answers how many calls ended."""
        before = sum(self.counts.values())
        self._woken = True
        while True:
            self._next_look = self._next_expiry = self._next_settle = 0.0
            self._turn(0.02)
            if not (self._under_way or self._ended or self._looked or self._more or self._settler.under_way):
                return sum(self.counts.values()) - before

    def _loop(self) -> None:
        while not self._stopping or self._left():
            try:
                self._turn(self._patience())
            except Exception as e:
                log.error("a dispatch round failed", extra={"error": type(e).__name__}, exc_info=e)
                self._salvage()
        self._db.close()

    def _salvage(self) -> None:
        """A fault of ours must not stop all sends: each outcome is written alone; one that cannot be is settled by look-up."""
        self._more, self._next_look = False, monotonic() + TROUBLE_SECONDS
        ended, self._ended, self._looked = self._ended, [], []
        self._settler.under_way.clear()
        self._results.lines.clear()
        for one in ended:
            try:
                with self._db.write() as tx:
                    self._results.settle(tx, [one], self._clock.now(), self._clock.real())
                self._results.told()
            except Exception as e:
                log.error("an outcome cannot be written", extra={"outbox": one.sending.id}, exc_info=e)
        self._pause()

    def _left(self) -> bool:
        return bool(self._under_way or self._ended) and monotonic() < self._until

    def _patience(self) -> float:
        if self._woken or self._more:
            return 0.0
        return max(min(self._next_look - monotonic(), IDLE_SECONDS), 0.0)

    def _turn(self, timeout: float) -> None:
        """One round: what has ended, then one transaction that settles it and claims more, then the calls."""
        if self._busy_round:
            sleep(LINGER)
        self._gather(timeout)
        self._busy_round = False
        look = self._woken or self._more or monotonic() >= self._next_look
        if not (self._ended or self._looked or look):
            return
        try:
            if look and not (self._ended or self._looked or self._woken or self._more) and not self._anything():
                self._next_look = monotonic() + IDLE_SECONDS
                return
            self._round()
        except StoreUnavailable as e:
            log.warning("the database cannot serve; sends wait", extra={"error": str(e)[:200]})
            self._more, self._next_look = False, monotonic() + TROUBLE_SECONDS
            self._pause()

    def _pause(self) -> None:
        if not self._stopping:
            threading.Event().wait(TROUBLE_SECONDS)

    def _gather(self, timeout: float) -> None:
        for key, outcome in self._senders.poll(timeout):
            if isinstance(key, Sending):
                self._release(key)
                self._ended.append(Ended(key, outcome))
            else:
                self._looked.append((key, outcome))

    def _anything(self) -> bool:
        """The cheap question of an idle moment, without the writers' lock."""
        if self._db.peek("SELECT 1 FROM outbox WHERE state = 'queued' LIMIT 1") is not None:
            return True
        with self._db.read() as tx:
            return self._settler.due(tx, self._clock.real())

    def _round(self) -> None:
        woken, self._woken = self._woken, False
        now, real = self._clock.now(), self._clock.real()
        try:
            with self._db.write() as tx:
                posted = self._write_down(tx, now, real)
                ask, got = ([], Claim()) if self._stopping else self._take(tx, now, real)
        except StoreUnavailable:
            self._woken = woken or self._woken
            self._results.lines.clear()
            raise
        self._results.told()
        self._busy_round = len(self._ended) + len(got.taken) >= BUSY
        self._ended.clear()
        self._looked.clear()
        self._more = got.more
        self._next_look = monotonic() + min(IDLE_SECONDS, (got.wait or 1e9) / 1000)
        self._begin(got, now)
        self._settler.start(ask, now)
        if posted or self._posted:
            self._posted = False
            self._wake_drain()

    def _write_down(self, tx: Tx, now: int, real: int) -> bool:
        posted = False
        if self._ended:
            posted = self._results.settle(tx, self._ended, now, real)
            for one in self._ended:
                if one.outcome.usage >= 80:
                    self._slow[one.sending.account_id] = monotonic() + SLOW_SECONDS
        if self._looked:
            posted = self._settler.answered(tx, self._looked, now, real) or posted
        return posted

    def _take(self, tx: Tx, now: int, real: int) -> tuple[list[Any], Claim]:
        ask, posted = self._lost(tx, now, real)
        if monotonic() >= self._next_expiry:
            self._next_expiry = monotonic() + EXPIRY_SECONDS
            posted = dispatch_expiry.expire(tx, self._results, now, real) or posted
        self._slow = {a: t for a, t in self._slow.items() if t > monotonic()} if self._slow else self._slow
        terms = Terms(
            self.owner,
            self._lease_ms,
            SLOTS - self._under_way,
            SHARE,
            now,
            real,
            float(self._settings.send_rate),
            frozenset(self._slow),
        )
        self._turn_number += 1
        got = claim(self._db, tx, terms, self._busy, self._turn_number)
        if got.dropped:
            posted = self._results.drop(tx, got.dropped, now) or posted
        self._posted = posted
        return ask, got

    def _lost(self, tx: Tx, now: int, real: int) -> tuple[list[Any], bool]:
        """Sends to settle by look-up; nothing changes by being looked for in every round."""
        if monotonic() < self._next_settle:
            return [], False
        if self._settler.due(tx, real):
            return self._settler.claim(tx, now, real)
        self._next_settle = monotonic() + SETTLE_SECONDS
        return [], False

    def _begin(self, got: Claim, now: int) -> None:
        for sending in got.taken:
            self._under_way += 1
            self._busy[sending.account_id] = self._busy.get(sending.account_id, 0) + 1
            view = self._views.view(sending.account_id, got.lanes[sending.account_id].account)
            if view is None:
                ended: Outcome | None = Outcome("account", code="token_unreadable", data={"reason": "token_unreadable"})
            else:
                ended = self._senders.start(sending, view, now)
            if ended is not None:
                self._release(sending)
                self._ended.append(Ended(sending, ended))
                self._more = True

    def _release(self, sending: Sending) -> None:
        self._under_way -= 1
        self._busy[sending.account_id] -= 1

    def _close(self) -> None:
        if not self._closed:
            self._closed = True
            self._senders.close()
            self._db.close()
