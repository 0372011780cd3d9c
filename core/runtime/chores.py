"""Chores: work that may be lost and re-derived, each a row with a lease; done = deleted (durability 3.7). Real time."""

import logging
import threading
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, NamedTuple, Protocol

import orjson

from core.host.registry import Registry
from core.model.errors import StoreUnavailable
from core.model.ports import AccountView, Call, Clock, HttpTransport, Outcome
from core.observe import bound
from core.store.driver import Db, Tx

log = logging.getLogger(__name__)

LEASE_MS = 60_000
TRIES = 8
BACKOFF_MS = 5_000
"""The first repetition comes after this; each further one after twice the time, an hour at most."""
HOUR_MS = 3_600_000


class Chore(NamedTuple):
    """A leased row. ``args`` is JSON."""

    id: int
    user_id: str | None
    account_id: str | None
    kind: str
    key: str
    args: Mapping[str, Any]
    attempts: int


class Desk(Protocol):
    """What a chore may use."""

    db: Db
    clock: Clock

    def perform(self, account_id: str, kind: str, body: Mapping[str, Any], to: Mapping[str, str]) -> Outcome | None:
        """A direct call by the handler of that kind; None when the account cannot speak."""


Chores = Mapping[str, Callable[[Desk, Chore], int | None]]
"""What to do by kind. Answers None = done, or after how many milliseconds to come back. Raising = try again later."""


@dataclass(slots=True)
class ChoreRunner:
    """Runs due chores, one at a time in a process. ``transport`` = the way to the Graph API; ``unseal`` opens a token."""

    db: Db
    clock: Clock
    registry: Registry
    transport: HttpTransport
    unseal: Callable[[str, str], str]
    kinds: Chores
    wake_drain: Callable[[], None] = lambda: None
    _busy: threading.Lock = field(default_factory=threading.Lock)

    def run_due(self, limit: int = 20, without: Container[str] = ()) -> int:
        """Carries out due chores until none is due or ``limit`` is reached; answers how many. 0 also when another thread
        is at it. Kinds of ``without`` are left to others."""
        if not self._busy.acquire(blocking=False):
            return 0
        try:
            done = 0
            kinds = [kind for kind in self.kinds if kind not in without]
            while done < limit and (chore := self.lease(kinds)) is not None:
                self.carry_out(chore)
                done += 1
            return done
        finally:
            self._busy.release()

    def perform(self, account_id: str, kind: str, body: Mapping[str, Any], to: Mapping[str, str]) -> Outcome | None:
        """See ``Desk``."""
        with self.db.read() as tx:
            account = view_of(tx, account_id, self.unseal)
        handler = self.registry.handlers.get(kind)
        if account is None or handler is None:
            return None
        call = Call(0, kind, "", account, to, body, now=self.clock.now())
        return handler.perform(call, self.transport)

    def lease(self, kinds: Iterable[str]) -> Chore | None:
        """Takes one due chore of these kinds, which nobody else gets for a minute."""
        now = self.clock.real()
        mine = ", ".join(f"'{kind}'" for kind in kinds)
        due = (
            f"SELECT id FROM chore WHERE due_at <= ? AND lease_until <= ? AND kind IN ({mine}) ORDER BY due_at LIMIT 1"
        )
        with self.db.read() as tx:
            if tx.one(due, (now, now)) is None:
                return None
        lock = "" if self.db.kind == "sqlite" else " FOR UPDATE SKIP LOCKED"
        with self.db.write() as tx:
            row = tx.one(due.replace("SELECT id", f"SELECT {COLUMNS}") + lock, (now, now))
            if row is None:
                return None
            tx.run("UPDATE chore SET lease_until = ?, attempts = attempts + 1 WHERE id = ?", (now + LEASE_MS, row[0]))
        id_, user_id, account_id, kind, key, args, attempts = row
        return Chore(id_, user_id, account_id, kind, key, orjson.loads(args), attempts + 1)

    def carry_out(self, chore: Chore) -> None:
        """Does it, and writes down how it ended. Never raises for what the chore does."""
        again: int | None
        error, began = "", monotonic()
        try:
            with bound(chore=chore.kind, account=chore.account_id, trace=chore.args.get("trace_id")):
                again = self.kinds[chore.kind](self, chore)
        except StoreUnavailable:
            return
        except Exception as e:
            ids = {"key": chore.key, "account": chore.account_id, "attempt": chore.attempts}
            log.warning("a chore failed", extra={"kind": chore.kind, "error": type(e).__name__, **ids})
            again, error = min(BACKOFF_MS * 2 ** (chore.attempts - 1), HOUR_MS), f"{type(e).__name__}: {e}"
        if again is not None and error and chore.attempts >= TRIES:
            log.error("a chore is given up", extra={"kind": chore.kind, "key": chore.key})
            again = None
        if not error and log.isEnabledFor(logging.DEBUG):
            took = round((monotonic() - began) * 1000)
            done = {"kind": chore.kind, "key": chore.key, "account": chore.account_id, "again": again, "ms": took}
            log.debug("chore done", extra=done)
        self._settle(chore, again, error)

    def _settle(self, chore: Chore, again: int | None, error: str) -> None:
        """Fenced by the attempt: one that was asked for anew meanwhile (attempts 0) is done once more, with its new arguments;
        one whose lease was over belongs to who has it now."""
        mine = (chore.id, chore.attempts)
        with self.db.write() as tx:
            if again is None:
                touched = tx.run("DELETE FROM chore WHERE id = ? AND attempts = ?", mine)
            else:
                touched = tx.run(
                    "UPDATE chore SET due_at = ?, lease_until = 0, error = ?, attempts = ? WHERE id = ? AND attempts = ?",
                    (self.clock.real() + again, error[:1000] or None, chore.attempts if error else 0, *mine),
                )
            if not touched:
                tx.run("UPDATE chore SET lease_until = 0 WHERE id = ? AND attempts = 0", (chore.id,))
        self.wake_drain()


COLUMNS = "id, user_id, account_id, kind, key, args, attempts"


def schedule(
    tx: Tx,
    kind: str,
    key: str,
    due_at: int,
    now: int,
    *,
    user_id: str | None = None,
    account_id: str | None = None,
    args: str = "{}",
) -> None:
    """A chore in the caller's transaction, unless one of that kind and key is there. Times are real milliseconds."""
    tx.insert(
        "chore",
        ("user_id", "account_id", "kind", "key", "args", "due_at", "created_at"),
        [(user_id, account_id, kind, key, args, due_at, now)],
        "ON CONFLICT (kind, key) DO NOTHING",
    )


def view_of(tx: Tx, account_id: str, unseal: Callable[[str, str], str]) -> AccountView | None:
    """The account with its token in the clear; None when it is gone, disconnected or without a token."""
    row = tx.one(
        "SELECT instagram_account_id, instagram_user_id, instagram_page_id, login, access_token, instagram_username,"
        " settings FROM instagram_account WHERE instagram_account_id = ? AND status = 'connected'",
        (account_id,),
    )
    if row is None or row[4] is None:
        return None
    return AccountView(row[0], row[1], row[2], row[3], unseal(row[4], row[0]), row[5] or "", orjson.loads(row[6]))
