"""SQLAlchemy Core for everything that is not hot: one engine a URL, ``read()`` and ``write()`` transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, TimeoutError

from core.model.errors import StoreUnavailable
from core.store.driver.base import Db
from core.store.driver.open import open_db
from core.store.driver.sqlite import WRITER, prepare

UNABLE = (OperationalError, InterfaceError)
"""Down, full, locked, cut off."""
READ_ONLY = "25006"
"""What PostgreSQL says of a write on a standby."""


class Store:
    """The database as services see it. ``db`` is the same database for the hot path.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     store = Store(f"sqlite:///{folder}/instaflow.db")
    ...     with store.read() as tx:
    ...         tx.exec_driver_sql("SELECT 1").scalar()
    ...     store.dispose()
    1
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.db: Db = open_db(url)
        self.kind = self.db.kind
        self.engine = _engine(url)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that does not write."""
        with _translated(), self.engine.connect() as tx, tx.begin():
            yield tx

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Commits at the end, rolls back on an exception; one writer at a time on SQLite."""
        if self.kind != "sqlite":
            with _translated(), self.engine.begin() as tx:
                yield tx
            return
        with WRITER, _translated(), self.engine.execution_options(begin="BEGIN IMMEDIATE").begin() as tx:
            yield tx

    def dispose(self) -> None:
        """Closes every connection of this process to the database, the hot path's included."""
        self.engine.dispose()
        self.db.close_all()


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except TimeoutError as e:
        raise StoreUnavailable(f"the database cannot serve: {e}") from e
    except DBAPIError as e:
        if not isinstance(e, UNABLE) and getattr(e.orig, "sqlstate", None) != READ_ONLY:
            raise
        raise StoreUnavailable(f"the database cannot serve: {e.orig}") from e


@lru_cache(maxsize=8)
def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        # orjson reads numbers as the other store does: PostgreSQL writes 1e30 as thirty digits, which Python would make an int
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            pool_size=8,
            max_overflow=16,
            pool_pre_ping=True,
            json_deserializer=orjson.loads,
            hide_parameters=True,
        )
    connect = {"timeout": 30, "check_same_thread": False}
    engine = create_engine(parsed, connect_args=connect, hide_parameters=True)  # errors do not quote what was written
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _on_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    prepare(connection)


def _on_begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))
