"""PostgreSQL by psycopg 3: one connection a thread, bulk writes as one ``unnest``, prepared statements."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, cast
from weakref import WeakSet

import psycopg
from psycopg.types.string import TextLoader

from core.model.errors import StoreUnavailable
from core.store.driver.arrays import columns as columns_of
from core.store.driver.arrays import literal
from core.store.driver.base import NOTHING, Pending, Row

PLANS = "SET enable_seqscan=off; SET enable_hashjoin=off; SET enable_mergejoin=off; SET jit=off"
"""Every statement of the hot path is a look-up by index. Plans are kept as long as the connection, and one that was made
while a table was small would read the whole table for ever."""

TOO_MUCH = "54"
"""The server's limits: not the server is in trouble, but the statement, and it will be so again."""

RAW = ("uuid", "json", "jsonb")
"""These come back as text: ids are text everywhere, JSON is decoded by orjson."""


def connect(dsn: str) -> psycopg.Connection[Row]:
    """An autocommit connection (transactions are begun by hand) that gives ids and JSON as text."""
    c = psycopg.connect(dsn, autocommit=True, prepare_threshold=2)
    c.execute(PLANS)
    for name in RAW:
        c.adapters.register_loader(name, TextLoader)
    return c


class PostgresBatch:
    """See ``base.Batch``. Outside a pipeline every answer is there at once."""

    def __init__(self, connection: psycopg.Connection[Row]) -> None:
        self._c = connection

    def ask(self, sql: str, params: Sequence[Any] = ()) -> psycopg.Cursor[Row]:
        return self._c.execute(_marks(sql), params)

    run = ask

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Row], conflict: str = "") -> Pending:
        if not rows:
            return NOTHING
        return self._c.execute(_raw(_insert(table, tuple(columns), conflict)), columns_of(rows))

    def update(
        self, table: str, keys: Sequence[str], sets: Sequence[str], rows: Sequence[Row], fence: str = ""
    ) -> Pending:
        if not rows:
            return NOTHING
        return self._c.execute(_raw(_update(table, tuple(keys), tuple(sets), fence)), columns_of(rows))

    def within(self, column: str, values: Iterable[Any], type: str = "uuid") -> tuple[str, list[Any]]:
        return f"{column} = ANY(?::{type}[])", [literal(values)]


class PostgresTx:
    """See ``base.Tx``."""

    def __init__(self, connection: psycopg.Connection[Row]) -> None:
        self._c = connection
        self._batch = PostgresBatch(connection)

    def __del__(self) -> None:
        """A thread that ends closes its connection. At the interpreter's end the module's names may be gone: only what the
        language itself has is used."""
        try:  # noqa: SIM105
            self._c.close()
        except Exception:  # noqa: S110
            pass

    def all(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        return self._batch.ask(sql, params).fetchall()

    def one(self, sql: str, params: Sequence[Any] = ()) -> Row | None:
        return self._batch.ask(sql, params).fetchone()

    def run(self, sql: str, params: Sequence[Any] = ()) -> int:
        return self._batch.run(sql, params).rowcount

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Row], conflict: str = "") -> int:
        return self._batch.insert(table, columns, rows, conflict).rowcount

    def update(self, table: str, keys: Sequence[str], sets: Sequence[str], rows: Sequence[Row], fence: str = "") -> int:
        return self._batch.update(table, keys, sets, rows, fence).rowcount

    @contextmanager
    def together(self) -> Iterator[PostgresBatch]:
        with self._c.pipeline():
            yield self._batch

    def within(self, column: str, values: Iterable[Any], type: str = "uuid") -> tuple[str, list[Any]]:
        return self._batch.within(column, values, type)


def _raw(sql: str) -> Any:
    return cast(Any, sql)


@lru_cache(maxsize=1024)
def _marks(sql: str) -> Any:
    return sql.replace("%", "%%").replace("?", "%s")


@lru_cache(maxsize=256)
def _type(table: str, column: str) -> str:
    from sqlalchemy.dialects import postgresql  # late: half a second that a start need not pay

    from core.store.tables import metadata

    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    return str(metadata.tables[table].c[column].type.compile(dialect=dialect))


@lru_cache(maxsize=256)
def _insert(table: str, columns: tuple[str, ...], conflict: str) -> str:
    arrays = ",".join(f"%s::{_type(table, c)}[]" for c in columns)
    return f'INSERT INTO "{table}" ({",".join(columns)}) SELECT * FROM unnest({arrays}) {conflict.replace("%", "%%")}'


@lru_cache(maxsize=256)
def _update(table: str, keys: tuple[str, ...], sets: tuple[str, ...], fence: str) -> str:
    names = [f"v{i}" for i in range(len(sets) + len(keys))]
    arrays = ",".join(f"%s::{_type(table, c)}[]" for c in (*sets, *keys))
    change = ",".join(f"{c}=n.{n}" for c, n in zip(sets, names, strict=False))
    where = " AND ".join(f"o.{k}=n.{n}" for k, n in zip(keys, names[len(sets) :], strict=True))
    more = f" AND {fence}" if fence else ""
    return f'UPDATE "{table}" o SET {change} FROM unnest({arrays}) AS n({",".join(names)}) WHERE {where}{more}'


class PostgresDb:
    """See ``base.Db``."""

    kind = "postgresql"

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self._local = threading.local()
        self._open: WeakSet[PostgresTx] = WeakSet()

    def _tx(self) -> PostgresTx:
        tx: PostgresTx | None = getattr(self._local, "tx", None)
        if tx is None or tx._c.closed:
            tx = self._local.tx = PostgresTx(connect(self.dsn))
            self._open.add(tx)
        return tx

    @contextmanager
    def read(self) -> Iterator[PostgresTx]:
        """A snapshot (REPEATABLE READ)."""
        with self._transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") as tx:
            yield tx

    def peek(self, sql: str, params: Sequence[Any] = ()) -> Row | None:
        """One round trip."""
        try:
            return self._tx().one(sql, params)
        except psycopg.OperationalError as e:
            self.close()
            raise StoreUnavailable(f"the database cannot serve: {e}") from e

    @contextmanager
    def write(self) -> Iterator[PostgresTx]:
        """READ COMMITTED: lock first, then read in a later statement (durability 3.2, the trap)."""
        with self._transaction("BEGIN") as tx:
            yield tx

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[PostgresTx]:
        try:
            tx = self._tx()
            tx._c.execute(_raw(begin))
        except psycopg.OperationalError as e:
            self.close()
            raise StoreUnavailable(f"the database cannot serve: {e}") from e
        try:
            yield tx
            tx._c.execute("COMMIT")
        except BaseException as e:
            if not tx._c.closed and not tx._c.broken:
                tx._c.execute("ROLLBACK")
            if isinstance(e, psycopg.OperationalError) and not (e.sqlstate or "").startswith(TOO_MUCH):
                self.close()
                raise StoreUnavailable(f"the database cannot serve: {e}") from e
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
            tx._c.close()
