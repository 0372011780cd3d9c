"""The worker process: everything that runs when no request is there, from start to a graceful end."""

import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from core.clock import open_clock
from core.host.manager import load
from core.host.notes import tell
from core.lifeline import PARENT, calm_collector
from core.model.errors import SettingsError, StoreUnavailable
from core.model.ports import Clock
from core.runtime.chore_kinds import KINDS
from core.runtime.chores import ChoreRunner
from core.runtime.crew import URGENT, Crew
from core.runtime.dispatch import Dispatcher
from core.runtime.drain import Drainer
from core.runtime.sweep import Sweep
from core.runtime.timers import Timers
from core.runtime.upkeep import plan_upkeep
from core.settings import Settings
from core.store.driver import Db, open_db
from core.store.sealing import Sealer
from core.worker.consumer import InProcess
from core.worker.queue import open_queue
from core.worker.tasks import tasks
from core.worker.wakes import Coalesced

log = logging.getLogger(__name__)

THREADS = 2
"""Huey worker threads: one may be at a chore while the other drains."""
SWITCH = 0.001
"""Seconds that a thread may hold the interpreter while others wait: each round trip to the database ends with such a wait."""
BUSY = 4
"""Events in a batch from which on the next one is worth waiting for."""
LINGER = 0.004
"""Seconds that a busy worker lets its next batch grow: a transaction costs as much as ten events in it."""
BEAT = 2.0
"""Seconds between heartbeats."""
GRACE = 25.0
"""Seconds in which running transactions and sends may end (the whole process has 30)."""


class Worker:
    """All parts of a worker, made from settings; ``start``, then ``stop``."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock = clock or open_clock(settings.clock_url)
        self.db = open_db(settings.database_url)
        self.registry = tell(load(off=settings.plugins_off))
        sealer = Sealer(settings.encryption_keys)
        self.queue = open_queue(settings.queue_url)
        self._complete = self._again = False
        self._draining = threading.Lock()
        self.dispatcher = Dispatcher(self.db, self.clock, self.registry, settings, sealer, lambda: self.wake_drain())
        self.chores = ChoreRunner(
            self.db,
            self.clock,
            self.registry,
            self.registry.transport_factory("graph")(settings),
            sealer.open,
            KINDS,
        )
        self.crew = Crew(self.db, lambda: self.chores.lease(URGENT), self.chores.carry_out)
        self.drainer = Drainer(
            self.db,
            self.clock,
            self.registry,
            self.dispatcher.wake,
            wake_timers=lambda at: self.timers.set(at),
            wake_chores=lambda: self._wake_chores(),
            app_id=settings.meta_app_id,
            folder=Path(settings.data_dir) / "inhand",
        )
        self.ring = tasks(self.queue, self.drain, self.dispatcher.wake, self.chore)
        self.wake_drain = Coalesced(self.ring.drain, otherwise=self.drain)
        self.wake_chore = Coalesced(self.ring.chore, otherwise=self.chore)
        self.chores.wake_drain = self.wake_drain
        self.timers = Timers(self.db, self.clock, self.wake_drain)
        self.sweep = Sweep(self.db, self.clock, self.wake_drain, self.dispatcher.wake, self.wake_chore)
        self.consumer = InProcess(self.queue, THREADS, GRACE)
        self.beat = Beat(self.db, self.clock, self._vitals)

    def drain(self) -> None:
        """Until nothing is ready, or the worker stops. One thread at a time: a second one would halve the batches; who comes
        while one drains only asks it to look once more."""
        self._again = True
        while self._again and self._draining.acquire(blocking=False):
            try:
                self._again = False
                while not self.consumer.stop_flag.is_set() and (done := self.drainer.drain()):
                    if done >= BUSY:
                        self.consumer.stop_flag.wait(LINGER)
            except StoreUnavailable as e:
                log.warning("mailboxes wait for the database", extra={"error": str(e)})
            finally:
                self._draining.release()

    def chore(self) -> None:
        """What is due, the runtime's and the services'."""
        try:
            self.crew.call()
            self._know_all_kinds()
            self.chores.run_due(without=URGENT)
        except StoreUnavailable as e:
            log.warning("chores wait for the database", extra={"error": str(e)})

    def _vitals(self) -> dict[str, Any]:
        """What others read of the heartbeat: when the sweep went last, and which plugins failed here."""
        return {"sweepAt": self.sweep.at, "faults": dict(self.registry.faults.by_plugin)}

    def _wake_chores(self) -> None:
        """Somebody waits for a profile: nobody is asked first whether a thread of the queue is free."""
        self.crew.call()
        self.wake_chore()

    def _know_all_kinds(self) -> None:
        """The services' chores are imported when the first one is due: an idle worker does without SQLAlchemy."""
        now = self.clock.real()
        with self.db.read() as tx:
            due = {
                k
                for (k,) in tx.all("SELECT DISTINCT kind FROM chore WHERE due_at <= ? AND lease_until <= ?", (now, now))
            }
        if due <= self.chores.kinds.keys() or self._complete:
            return
        from core.services.chores import kinds
        from core.services.house import House
        from core.store.store import Store

        store = Store(self.settings.database_url)
        house = House(
            self.settings,
            store,
            self.clock,
            self.registry,
            self.wake_drain,
            self.dispatcher.wake,
            self.wake_chore,
        )
        self.chores.kinds = {**KINDS, **kinds(house)}
        self._complete = True

    def start(self) -> None:
        """Begins everything and returns."""
        recovered = self.drainer.recover()
        if recovered:
            log.warning("a worker died with contacts in hand", extra={"contacts": recovered})
        with suppress(StoreUnavailable), self.db.write() as tx:
            plan_upkeep(tx, self.clock.real())
        self.dispatcher.start()
        self.timers.start()
        self.consumer.start()
        self.sweep.start()
        self.beat.start()

    def stop(self) -> None:
        """The running transaction and the sends under way end; nothing new begins."""
        self.sweep.stop()
        self.timers.stop()
        self.consumer.stop(graceful=True)
        self.crew.stop(GRACE)
        self.dispatcher.stop(GRACE)
        self.beat.stop()
        self.drainer.close()
        self.queue.storage.close()
        self.db.close()


class Beat:
    """The heartbeat row by which others see that a worker lives (decision 29). Real time."""

    def __init__(self, db: Db, clock: Clock, data: Callable[[], dict[str, Any]]) -> None:
        self._db, self._clock, self._data = db, clock, data
        self._stop = threading.Event()
        self._name = f"{socket.gethostname()}:{os.getpid()}"[:100]
        self._thread = threading.Thread(target=self._loop, name="beat", daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def stop(self) -> None:
        """Takes the row away: this worker is gone on purpose."""
        self._stop.set()
        self._thread.join(5)

    def _loop(self) -> None:
        while True:
            try:
                self._write()
                if self._stop.wait(BEAT):
                    with self._db.write() as tx:
                        tx.run("DELETE FROM heartbeat WHERE process = ?", (self._name,))
                    break
            except StoreUnavailable:
                if self._stop.wait(BEAT):
                    break
        self._db.close()

    def _write(self) -> None:
        data = orjson.dumps(self._data()).decode()
        with self._db.write() as tx:
            tx.insert(
                "heartbeat",
                ("process", "kind", "at", "data"),
                [(self._name, "worker", self._clock.real(), data)],
                "ON CONFLICT (process) DO UPDATE SET at = excluded.at, data = excluded.data",
            )


def run_worker(settings: Settings, clock: Clock | None = None) -> None:
    """Runs until SIGTERM or SIGINT, then ends gracefully. Raises SettingsError for ``memory://``, which no other process
    could ring."""
    if settings.queue_url.startswith("memory:") and os.environ.get(PARENT):
        raise SettingsError("INSTAFLOW_QUEUE_URL: memory:// works within one process only; name a file or a server")
    sys.setswitchinterval(SWITCH)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    worker = Worker(settings, clock)
    worker.start()
    calm_collector()
    log.info("worker started", extra={"pid": os.getpid()})
    stop.wait()
    log.info("worker stops")
    worker.stop()
