"""SQLite: WAL, synchronous=FULL, one connection a thread, a fair process-wide lock in front of the writers."""

import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import lru_cache
from typing import Any
from weakref import WeakSet

from core.model.errors import StoreUnavailable
from core.store.driver.base import NOTHING, Pending, Row

WRITER = threading.RLock()
"""SQLite's own busy handler is unfair: one lock for all writers of the process (measured: max wait 2459 -> 234 ms)."""

PATIENCE = 30.0
"""Seconds until the first switch to WAL is given up."""

BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
"""Errors that waiting may heal; a file that cannot be written is told at once."""

PRAGMAS = (
    "PRAGMA busy_timeout=30000",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA cache_size=-16384",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA wal_autocheckpoint=8000",
)
"""The log may grow to 32 MiB before it is copied into the database: hot pages are then copied once and not eight times, and a
commit takes a third of the time. Each commit still syncs the log."""


def connect(path: str) -> sqlite3.Connection:
    """A connection with the house's pragmas and no implicit transactions."""
    c = sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False, cached_statements=512)
    prepare(c)
    return c


def prepare(connection: sqlite3.Connection) -> None:
    """Sets the house's pragmas. Only the first connection ever switches to WAL, and SQLite does not wait there by itself."""
    for pragma in PRAGMAS:
        connection.execute(pragma)
    end = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as e:
            if e.sqlite_errorcode & 0xFF not in BUSY or time.monotonic() > end:
                raise
            time.sleep(0.01)


class SqliteBatch:
    """See ``base.Batch``: SQLite executes at once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._c = connection

    def ask(self, sql: str, params: Sequence[Any] = ()) -> sqlite3.Cursor:
        return self._c.execute(sql, params)

    run = ask

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Row], conflict: str = "") -> Pending:
        return self._c.executemany(_insert(table, tuple(columns), conflict), rows) if rows else NOTHING

    def update(
        self, table: str, keys: Sequence[str], sets: Sequence[str], rows: Sequence[Row], fence: str = ""
    ) -> Pending:
        return self._c.executemany(_update(table, tuple(keys), tuple(sets), fence), rows) if rows else NOTHING

    def within(self, column: str, values: Iterable[Any], type: str = "uuid") -> tuple[str, list[Any]]:
        params = list(values)
        return f"{column} IN ({','.join('?' * len(params))})", params


class SqliteTx:
    """See ``base.Tx``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._c = connection
        self._batch = SqliteBatch(connection)

    def all(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        return self._c.execute(sql, params).fetchall()

    def one(self, sql: str, params: Sequence[Any] = ()) -> Row | None:
        row: Row | None = self._c.execute(sql, params).fetchone()
        return row

    def run(self, sql: str, params: Sequence[Any] = ()) -> int:
        return self._c.execute(sql, params).rowcount

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Row], conflict: str = "") -> int:
        return self._batch.insert(table, columns, rows, conflict).rowcount

    def update(self, table: str, keys: Sequence[str], sets: Sequence[str], rows: Sequence[Row], fence: str = "") -> int:
        return self._batch.update(table, keys, sets, rows, fence).rowcount

    def together(self) -> AbstractContextManager[SqliteBatch]:
        return nullcontext(self._batch)

    def within(self, column: str, values: Iterable[Any], type: str = "uuid") -> tuple[str, list[Any]]:
        return self._batch.within(column, values)


@lru_cache(maxsize=256)
def _insert(table: str, columns: tuple[str, ...], conflict: str) -> str:
    return f'INSERT INTO "{table}" ({",".join(columns)}) VALUES ({",".join("?" * len(columns))}) {conflict}'


@lru_cache(maxsize=256)
def _update(table: str, keys: tuple[str, ...], sets: tuple[str, ...], fence: str) -> str:
    change = ",".join(f"{c}=?" for c in sets)
    where = " AND ".join(f"{k}=?" for k in keys) + (f" AND {fence}" if fence else "")
    return f'UPDATE "{table}" SET {change} WHERE {where}'


class SqliteDb:
    """See ``base.Db``."""

    kind = "sqlite"

    def __init__(self, path: str) -> None:
        self.path = path
        self._local = threading.local()
        self._open: WeakSet[SqliteTx] = WeakSet()

    def _tx(self) -> SqliteTx:
        tx: SqliteTx | None = getattr(self._local, "tx", None)
        if tx is None or tx not in self._open:
            tx = self._local.tx = SqliteTx(connect(self.path))
            self._open.add(tx)
        return tx

    @contextmanager
    def read(self) -> Iterator[SqliteTx]:
        """A snapshot: BEGIN … COMMIT without writing."""
        with self._transaction("BEGIN") as tx:
            yield tx

    def peek(self, sql: str, params: Sequence[Any] = ()) -> Row | None:
        """A statement that is its own transaction."""
        try:
            return self._tx().one(sql, params)
        except sqlite3.OperationalError as e:
            raise StoreUnavailable(f"the database {self.path} cannot serve: {e}") from e

    @contextmanager
    def write(self) -> Iterator[SqliteTx]:
        """BEGIN IMMEDIATE under the process-wide writer lock."""
        with WRITER, self._transaction("BEGIN IMMEDIATE") as tx:
            yield tx

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[SqliteTx]:
        try:
            tx = self._tx()
            tx.run(begin)
        except sqlite3.OperationalError as e:
            raise StoreUnavailable(f"the database {self.path} cannot serve: {e}") from e
        try:
            yield tx
            tx.run("COMMIT")
        except BaseException as e:
            if tx._c.in_transaction:
                tx.run("ROLLBACK")
            if isinstance(e, sqlite3.OperationalError):
                raise StoreUnavailable(f"the database {self.path} cannot serve: {e}") from e
            raise

    def close(self) -> None:
        """Closes this thread's connection."""
        tx = getattr(self._local, "tx", None)
        if tx is not None:
            tx._c.close()
            self._local.tx = None

    def close_all(self) -> None:
        """Closes the connections of all threads; each opens a new one when it needs it."""
        for tx in list(self._open):
            self._open.discard(tx)
            tx._c.close()
