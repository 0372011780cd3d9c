"""T1: webhooks into the inbox. Concurrent requests share one commit; nobody is answered before it (durability 3.2)."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from time import monotonic, sleep

from core.model.errors import StoreUnavailable
from core.model.inbound import Inbound
from core.model.ports import Clock
from core.runtime import contacts
from core.runtime.contacts import ContactCache, Key
from core.runtime.inbox import FETCH, Account, contact_of, fetches, rows_of, sane
from core.runtime.post import EVENT, EVENT_CONFLICT, MAILBOX, MAILBOX_CONFLICT
from core.store.driver import Db, Tx

GROUP = 2000
"""Events in one transaction, about: a group takes no further request beyond it."""
BUSY = 4
"""Requests in a group from which on the next one is worth waiting for."""
LINGER = 0.004
"""Seconds that a busy intake lets its next group grow: one commit for all costs less than two for halves."""
PATIENCE = 40.0
"""Seconds that a request waits for its commit: longer than the database's own lock waits."""
LATE = "the inbox did not commit in time"
ACCOUNT_SECONDS = 1.0
SEEN_SECONDS = 10.0


class Ticket:
    """One request in the queue; ``landed`` is called, on the intake's thread, when its commit is done or has failed."""

    __slots__ = ("error", "events", "landed", "new", "trace_id")

    def __init__(self, events: Sequence[Inbound], trace_id: str, landed: Callable[[], object]) -> None:
        self.events, self.trace_id, self.landed = events, trace_id, landed
        self.new = 0
        self.error: BaseException | None = None

    def stored(self) -> int:
        """How many events were new. Raises StoreUnavailable when they could not be stored."""
        if self.error is not None:
            raise StoreUnavailable(str(self.error)) from self.error
        return self.new


Named = tuple[Ticket, Inbound, Account]


class Intake:
    """The inbox of a process. ``wake`` is called after a commit that left something to do.

    ``counts`` tells what was dropped: {"unknown_account": n}.
    """

    def __init__(self, db: Db, clock: Clock, wake: Callable[[], None]) -> None:
        self._db, self._clock, self._wake = db, clock, wake
        self._queue: SimpleQueue[Ticket | None] = SimpleQueue()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._accounts: dict[str, Account] = {}
        self._cache = ContactCache()
        self._seen: dict[str, float] = {}
        self.counts: Counter[str] = Counter()

    def submit(self, events: Sequence[Inbound], trace_id: str) -> int:
        """Stores the events and answers how many were new. Blocks until they are committed.

        Raises StoreUnavailable when they could not be: answer 503, Instagram delivers again.
        """
        if not events:
            return 0
        gate = threading.Lock()
        gate.acquire()
        ticket = self.offer(events, trace_id, gate.release)
        if not gate.acquire(timeout=PATIENCE):
            raise StoreUnavailable(LATE)
        return ticket.stored()

    def offer(self, events: Sequence[Inbound], trace_id: str, landed: Callable[[], object]) -> Ticket:
        """Like ``submit`` without waiting: ``landed`` tells when ``stored`` of the ticket may be asked. For event loops."""
        ticket = Ticket(events, trace_id, landed)
        self._queue.put(ticket)
        if self._thread is None:
            self._start()
        return ticket

    def close(self) -> None:
        """Commits what is queued and ends the thread."""
        with self._starting:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._queue.put(None)
            thread.join(PATIENCE)

    def _start(self) -> None:
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._loop, name="intake", daemon=True)
                self._thread.start()

    def _loop(self) -> None:
        going, busy = True, False
        while going:
            first = self._queue.get()
            if first is None:
                break
            if busy:
                sleep(LINGER)
            group, size = [first], len(first.events)
            while size < GROUP:
                try:
                    ticket = self._queue.get_nowait()
                except Empty:
                    break
                if ticket is None:
                    going = False
                    break
                group.append(ticket)
                size += len(ticket.events)
            busy = len(group) >= BUSY
            self._take(group)
        self._db.close()

    def _take(self, group: list[Ticket]) -> None:
        try:
            pending = self._commit(group)
        except Exception as e:
            if len(group) > 1 and not isinstance(e, StoreUnavailable):
                for ticket in group:  # one that the database refuses must not take the others with it
                    self._take([ticket])
                return
            for ticket in group:
                ticket.error = e
                ticket.landed()
            return
        for ticket in group:
            ticket.landed()
        if pending:
            self._wake()

    def _commit(self, group: list[Ticket]) -> bool:
        try:
            return self._transaction(group)
        except StoreUnavailable:
            return self._transaction(group)  # a connection that was dropped meanwhile, a deadlock: once more

    def _transaction(self, group: list[Ticket]) -> bool:
        now = self._clock.now()
        with self._db.write() as tx:
            named = [
                (ticket, event, account)
                for ticket in group
                for event in map(sane, ticket.events)
                if (account := self._account(tx, event["ig_id"])) is not None
            ]
            self.counts["unknown_account"] += sum(len(t.events) for t in group) - len(named)
            found = self._contacts(tx, named, now)
            traced = [(t.trace_id, e, a) for t, e, a in named]
            rows, boxes = rows_of(traced, found, now)
            with tx.together() as batch:
                batch.insert("chore", FETCH, fetches(traced, self._clock.real()), "ON CONFLICT DO NOTHING")
                batch.insert("mailbox", MAILBOX, [(c, *boxes[c], now) for c in sorted(boxes)], MAILBOX_CONFLICT)
                stored = batch.insert("inbound_event", EVENT, rows, EVENT_CONFLICT)
            new = stored.rowcount
            _count(tx, group, named, new == len(rows), new, now)
        self._cache.put(found)
        self._touch({a.id for _, _, a in named}, now)
        return bool(boxes) and new > 0

    def _account(self, tx: Tx, ig_id: str) -> Account | None:
        known = self._accounts.get(ig_id)
        if known is not None and known.until > monotonic():
            return known
        row = tx.one(
            "SELECT instagram_account_id, user_id FROM instagram_account"
            " WHERE (instagram_user_id = ? OR app_scoped_id = ?) AND status <> 'disconnected'"
            " ORDER BY CASE WHEN instagram_user_id = ? THEN 0 ELSE 1 END LIMIT 1",
            (ig_id, ig_id, ig_id),
        )
        if row is None:
            self._accounts.pop(ig_id, None)
            return None
        account = self._accounts[ig_id] = Account(row[0], row[1], monotonic() + ACCOUNT_SECONDS)
        return account

    def _contacts(self, tx: Tx, named: list[Named], now: int) -> dict[Key, str]:
        found: dict[Key, str] = {}
        missing: dict[Key, str] = {}
        for _, event, account in named:
            external = contact_of(event)
            if external is not None:
                key = (account.id, external)
                known = self._cache.get(key)
                if known is None:
                    missing[key] = account.user_id
                else:
                    found[key] = known
        if missing:
            found.update(contacts.find(tx, missing))
            fresh = {key: owner for key, owner in missing.items() if key not in found}
            if fresh:
                found.update(contacts.make(tx, fresh, now))
        return found

    def _touch(self, account_ids: set[str], now: int) -> None:
        """The account's last sign of life, in a transaction of its own and seldom: nobody waits for it."""
        tick = monotonic()
        stale = sorted(a for a in account_ids if self._seen.get(a, 0.0) < tick - SEEN_SECONDS)
        if not stale:
            return
        self._seen.update(dict.fromkeys(stale, tick))
        try:
            with self._db.write() as tx:
                tx.update("instagram_account", ("instagram_account_id",), ("last_event_at",), [(now, a) for a in stale])
        except StoreUnavailable:
            return


def _count(tx: Tx, group: list[Ticket], named: list[Named], all_new: bool, new: int, now: int) -> None:
    if len(group) == 1:
        group[0].new = new
        return
    if all_new:
        for ticket, _, _ in named:
            ticket.new += 1
        return
    where, params = tx.within("account_id", {a.id for _, _, a in named})
    of_trace, traces = tx.within("trace_id", {t.trace_id for t in group}, "text")
    sql = f"SELECT trace_id, count(*) FROM inbound_event WHERE {where} AND received_at = ? AND {of_trace} GROUP BY trace_id"
    counted: dict[str, int] = dict(tx.all(sql, [*params, now, *traces]))
    for ticket in group:
        ticket.new = counted.get(ticket.trace_id, 0)
