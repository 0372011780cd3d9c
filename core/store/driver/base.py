"""What the hot path may ask of a database."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

Row = tuple[Any, ...]


class Pending(Protocol):
    """A statement of a ``Batch``: its answer may be read when the batch is over."""

    @property
    def rowcount(self) -> int:
        """The rows touched."""

    def fetchall(self) -> list[Row]:
        """The rows of a SELECT."""


class _Nothing:
    rowcount = 0

    def fetchall(self) -> list[Row]:
        return []


NOTHING: Pending = _Nothing()
"""The answer of a statement without rows, which is not sent."""


class Inserts(Protocol):
    """What can take many rows in one statement."""

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Row], conflict: str = "") -> object:
        """Many rows in one statement."""


class Writes(Protocol):
    """What a transaction and a batch have in common: statements whose answer the caller does not need."""

    def run(self, sql: str, params: Sequence[Any] = ()) -> object:
        """Executes."""

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Row], conflict: str = "") -> object:
        """Many rows in one statement."""

    def update(
        self, table: str, keys: Sequence[str], sets: Sequence[str], rows: Sequence[Row], fence: str = ""
    ) -> object:
        """Many rows by key."""

    def within(self, column: str, values: Iterable[Any], type: str = "uuid") -> tuple[str, list[Any]]:
        """SQL and parameters of "column is one of values"."""


class Batch(Writes, Protocol):
    """Statements that are sent together and executed in order; the answers are there at the end of the ``with`` block."""

    def ask(self, sql: str, params: Sequence[Any] = ()) -> Pending:
        """A SELECT."""

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Row], conflict: str = "") -> Pending:
        """Many rows in one statement."""

    def update(
        self, table: str, keys: Sequence[str], sets: Sequence[str], rows: Sequence[Row], fence: str = ""
    ) -> Pending:
        """Many rows by key."""


class Tx(Protocol):
    """One transaction. SQL is written with ``?``; a literal question mark is not allowed. Ids come and go as text,
    JSON columns as JSON *text* (orjson does the rest), booleans as bool or 0/1."""

    def all(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        """All rows."""

    def one(self, sql: str, params: Sequence[Any] = ()) -> Row | None:
        """The first row, or None."""

    def run(self, sql: str, params: Sequence[Any] = ()) -> int:
        """Executes and answers the number of rows touched."""

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Row], conflict: str = "") -> int:
        """Many rows in one statement. ``conflict`` is an ``ON CONFLICT …`` clause. Answers the rows inserted."""

    def update(self, table: str, keys: Sequence[str], sets: Sequence[str], rows: Sequence[Row], fence: str = "") -> int:
        """Many rows by key: each row = the new values of ``sets``, then the ``keys``. ``fence`` = more SQL for the WHERE
        (without parameters). Answers the rows touched."""

    def together(self) -> AbstractContextManager[Batch]:
        """Statements that do not wait for each other: on PostgreSQL one round trip for all, while the next is made ready. The
        first error is raised at the end. Do not use the transaction itself inside the block."""

    def within(self, column: str, values: Iterable[Any], type: str = "uuid") -> tuple[str, list[Any]]:
        """SQL and parameters of "column is one of values": type is the PostgreSQL element type."""


class Db(Protocol):
    """A database. ``read`` and ``write`` are transactions on this thread's own connection; do not nest them."""

    kind: str

    def read(self) -> AbstractContextManager[Tx]:
        """A consistent snapshot."""

    def peek(self, sql: str, params: Sequence[Any] = ()) -> Row | None:
        """The first row of one SELECT, outside any transaction: a third of what ``read`` costs. Raises StoreUnavailable."""

    def write(self) -> AbstractContextManager[Tx]:
        """Commits at the end, rolls back on an exception. Raises StoreUnavailable when the database cannot serve."""

    def close(self) -> None:
        """Closes this thread's connection."""

    def close_all(self) -> None:
        """Closes the connections of all threads; each opens a new one when it needs it."""
