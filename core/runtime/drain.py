"""T2: a batch of contacts, their pending events in order, one transaction (durability 3.2)."""

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from core.host.registry import Registry
from core.model.errors import StoreUnavailable
from core.model.ports import Clock
from core.runtime import lines, load, misplaced
from core.runtime.accounts import AccountInfo, Accounts
from core.runtime.box import Box, EventRow
from core.runtime.bury import bury, bury_all
from core.runtime.load import Raw, box_of
from core.runtime.marker import Marker, leftovers
from core.runtime.programs import Programs
from core.runtime.receive import receive
from core.runtime.work import Parked, Work
from core.runtime.write import Fenced, empty, write
from core.store.driver import Db

log = logging.getLogger(__name__)

CRASHES = 2
"""A contact that was in hand of so many workers when they died goes to the dead letters."""
MATCHED = frozenset({"message", "postback", "referral", "comment", "live_comment"})


def _nothing() -> None:
    """Nobody to tell."""


class Drainer:
    """Drains mailboxes. One object a process; several threads may call ``drain`` (they exclude each other by row locks).

    ``wake_dispatch`` is called after a commit with new outbox rows, ``wake_timers`` with the earliest new timer
    (milliseconds), ``wake_chores`` after new chores. ``app_id`` = Meta's id of our app, for echoes. ``folder`` = where the
    contacts in hand are noted.
    """

    def __init__(
        self,
        db: Db,
        clock: Clock,
        registry: Registry,
        wake_dispatch: Callable[[], None],
        *,
        wake_timers: Callable[[int], None] = lambda _: None,
        wake_chores: Callable[[], None] = _nothing,
        app_id: str = "",
        folder: Path | None = None,
    ) -> None:
        self._db, self._clock, self._app_id = db, clock, app_id
        self._wake_dispatch, self._wake_timers, self._wake_chores = wake_dispatch, wake_timers, wake_chores
        self._accounts = Accounts(registry.trigger_types)
        self._programs = Programs()
        self._folder = folder
        self._local = threading.local()
        self._markers: list[Marker] = []

    def drain(self, limit: int = 64) -> int:
        """Handles the pending events of up to ``limit`` contacts; answers how many events were done. 0 = nothing was ready.

        Raises StoreUnavailable when the database cannot serve: nothing was lost, call again later.
        """
        if not self._ready():
            return 0
        claimed: list[tuple[str, str, int]] = []
        try:
            return self._batch(limit, None, claimed)
        except StoreUnavailable:
            raise
        except Exception:
            log.exception("a batch was undone; its contacts are taken one by one")
            return sum(self._alone(*one) for one in claimed)

    def _ready(self) -> bool:
        now = max(self._clock.now(), self._clock.real())
        return self._db.peek("SELECT 1 FROM mailbox WHERE ready_at <= ? LIMIT 1", (now,)) is not None

    def _alone(self, contact_id: str, account_id: str, crashes: int) -> int:
        only = (contact_id, account_id, crashes)
        for _ in range(3):
            try:
                return self._batch(1, only, [])
            except Fenced:
                continue
            except StoreUnavailable:
                raise
            except Exception as e:
                log.exception("a contact's events are put aside", extra={"contact": contact_id})
                return self._put_aside(only, e)
        return 0

    def _put_aside(self, only: tuple[str, str, int], error: Exception) -> int:
        """Under the mailbox's lock, as all else: another drainer may be handling the very event."""
        with self._db.write() as tx:
            if not load.lock(tx, self._db.kind, only):
                return 0
            return bury_all(tx, only[0], f"{type(error).__name__}: {error}", self._clock.now())

    def _batch(self, limit: int, only: tuple[str, str, int] | None, claimed: list[tuple[str, str, int]]) -> int:
        now = self._clock.now()
        ready = max(now, self._clock.real())
        with self._db.write() as tx:
            claimed += (
                load.claim(tx, self._db.kind, limit, ready) if only is None else load.lock(tx, self._db.kind, only)
            )
            if not claimed:
                return 0
            if claimed[0][2] >= CRASHES:
                return bury_all(tx, claimed[0][0], "it was in hand each time a worker died", now)
            work = Work(tx, now, ready, self._programs, self._app_id, self._clock.real())
            boxes, aside = self._boxes(work, claimed)
            write(tx, boxes, now, self._clock.real())
        self._tell(boxes)
        return aside + sum(len(b.done) for b in boxes)

    def _boxes(self, work: Work, claimed: Sequence[tuple[str, str, int]]) -> tuple[list[Box], int]:
        """The contacts with all their events handled, and how many events went elsewhere."""
        accounts = self._accounts.load(work.tx, {account_id for _, account_id, _ in claimed})
        raws = load.read(work.tx, self._db.kind, [c for c, _, _ in claimed])
        placed: list[tuple[Raw, AccountInfo]] = []
        aside = 0
        for contact_id, account_id, _ in claimed:
            raw, account = raws[contact_id], accounts.get(account_id)
            if not raw.events:
                empty(work.tx, [contact_id])
            elif account is None:
                aside += bury_all(work.tx, contact_id, "the account is gone", work.now)
            elif misplaced.is_misplaced(raw):
                aside += misplaced.place(work, raw, contact_id, account)
            else:
                placed.append((raw, account))
        boxes = [box_of(raw, account) for raw, account in placed]
        for box in boxes:
            _match(box)
        load.fires_of(work.tx, boxes)
        load.known_echoes(work.tx, boxes)
        with self._holding([b.contact.id for b in boxes]):
            return [self._handle(work, box, raw) for box, (raw, _) in zip(boxes, placed, strict=True)], aside

    def recover(self) -> int:
        """At the start: contacts that dead workers had in hand come alone from now on; answers how many."""
        found = leftovers(self._folder) if self._folder is not None else []
        if found:
            with self._db.write() as tx:
                where, params = tx.within("contact_id", found)
                tx.run(f"UPDATE mailbox SET crash_count = crash_count + 1 WHERE {where}", params)
        return len(found)

    def close(self) -> None:
        """Removes the files of this process."""
        for marker in self._markers:
            marker.close()

    def _holding(self, contact_ids: list[str]) -> AbstractContextManager[None]:
        if self._folder is None:
            return nullcontext()
        marker: Marker | None = getattr(self._local, "marker", None)
        if marker is None:
            marker = self._local.marker = Marker(self._folder, str(threading.get_ident()))
            self._markers.append(marker)
        return marker.holding(contact_ids)

    def _handle(self, work: Work, box: Box, raw: Raw) -> Box:
        """All events of a contact in order. A step that raises undoes the contact, which is then done again up to there."""
        bad: dict[int, str] = {}
        parked = 0, 0
        while True:
            try:
                for row in box.events:
                    if row.id == parked[0]:
                        return _park(box, parked[1], work)
                    _one(work, box, row, bad.get(row.id))
                return box
            except Parked as e:
                parked = box.events[len(box.done)].id, e.until
            except Exception as e:
                if is_database(e) or box.events[len(box.done)].id in bad:
                    raise
                row = box.events[len(box.done)]
                ids = {"account": box.account.id, "contact": box.contact.id, "trace": row.trace_id}
                log.exception("an event could not be handled", extra={"event": row.id, "kind": row.kind, **ids})
                bad[row.id] = f"{type(e).__name__}: {e}"
            fired, account = box.fired, box.account
            box = box_of(raw, account)
            box.fired = fired

    def _tell(self, boxes: Sequence[Box]) -> None:
        lines.told(log, boxes)
        if any(b.outbox for b in boxes):
            self._wake_dispatch()
        due = [at for b in boxes for at in b.timers.values() if at is not None]
        if due:
            self._wake_timers(min(due))
        if any(c[2] <= self._clock.real() for b in boxes for c in b.chores):
            self._wake_chores()


def _one(work: Work, box: Box, row: EventRow, error: str | None) -> None:
    box.trace = row.trace_id
    if error is None:
        receive(work, box, row)
    else:
        bury(work, box, row, error)
    box.done.append(row)


def _park(box: Box, until: int, work: Work) -> Box:
    """The profile is asked for at once; the events wait until it is there, two seconds at most (decision 17).

    Who is parked has given consent by the very event that waits: the chore that asks looks for it.
    """
    box.contact.consent = True
    box.parked_until = box.contact.parked_until = until
    box.contact.dirty = True
    box.chores.append(("profile", box.contact.id, work.real, "{}"))
    return box


def _match(box: Box) -> None:
    """Asks the matcher beforehand, so that one statement reads when those triggers last fired."""
    first = box.contact.last_inbound_at is None
    for row in box.events:
        if row.kind in MATCHED:
            row.first = first
            row.candidates = box.account.rules.matcher.candidates(row.payload, first)
            first = first and row.kind not in ("message", "postback", "referral")


def is_database(error: Exception) -> bool:
    """The driver's own errors: the transaction is lost, nothing can be put right inside it."""
    return type(error).__module__.partition(".")[0] in ("sqlite3", "psycopg") or isinstance(error, StoreUnavailable)
