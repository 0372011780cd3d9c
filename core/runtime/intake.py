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
LINGER = 0.008
"""Seconds that a busy intake lets its next group grow: one commit for all costs less than two for halves."""
PATIENCE = 40.0
"""Seconds that a request waits for its commit: longer than the database's own lock waits."""
ACCOUNT_SECONDS = 1.0
SEEN_SECONDS = 10.0


class _Ticket:
    """One request in the queue; ``gate`` opens when its commit is done."""

    __slots__ = ("error", "events", "gate", "new", "trace_id")

    def __init__(self, events: Sequence[Inbound], trace_id: str) -> None:
        self.events, self.trace_id = events, trace_id
        self.new = 0
        self.error: BaseException | None = None
        self.gate = threading.Lock()
        self.gate.acquire()


Named = tuple[_Ticket, Inbound, Account]


class Intake:
    """The inbox of a process. ``wake`` is called after a commit that left something to do.

    ``counts`` tells what was dropped: {"unknown_account": n}.
    """

    def __init__(self, db: Db, clock: Clock, wake: Callable[[], None]) -> None:
        self._db, self._clock, self._wake = db, clock, wake
        self._queue: SimpleQueue[_Ticket | None] = SimpleQueue()
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
        ticket = _Ticket(events, trace_id)
        self._queue.put(ticket)
        if self._thread is None:
            self._start()
        if not ticket.gate.acquire(timeout=PATIENCE):
            raise StoreUnavailable("the inbox did not commit in time")
        if ticket.error is not None:
            raise StoreUnavailable(str(ticket.error)) from ticket.error
        return ticket.new

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

    def _take(self, group: list[_Ticket]) -> None:
        try:
            pending = self._commit(group)
        except Exception as e:
            if len(group) > 1 and not isinstance(e, StoreUnavailable):
                for ticket in group:  # one that the database refuses must not take the others with it
                    self._take([ticket])
                return
            for ticket in group:
                ticket.error = e
                ticket.gate.release()
            return
        for ticket in group:
            ticket.gate.release()
        if pending:
            self._wake()

    def _commit(self, group: list[_Ticket]) -> bool:
        try:
            return self._transaction(group)
        except StoreUnavailable:
            return self._transaction(group)  # a connection that was dropped meanwhile, a deadlock: once more

    def _transaction(self, group: list[_Ticket]) -> bool:
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
            tx.insert("chore", FETCH, fetches(traced, self._clock.real()), "ON CONFLICT DO NOTHING")
            tx.insert("mailbox", MAILBOX, [(c, *boxes[c], now) for c in sorted(boxes)], MAILBOX_CONFLICT)
            new = tx.insert("inbound_event", EVENT, rows, EVENT_CONFLICT)
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


def _count(tx: Tx, group: list[_Ticket], named: list[Named], all_new: bool, new: int, now: int) -> None:
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
