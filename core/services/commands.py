"""Asking something of contacts: commands go into their mailboxes and are carried out in order by a worker."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from core.observe import trace_id
from core.runtime.post import Posting, post_many
from core.services.house import House
from core.store.driver import Inserts
from core.store.driver.base import Row
from core.store.ids import new_id


class Asked(NamedTuple):
    """Of whom."""

    user_id: str
    account_id: str
    contact_id: str


def ask(house: House, of: Asked, command: Mapping[str, Any]) -> None:
    """Posts one command (``{"do": …}``) and rings for the workers."""
    with house.store.db.write() as tx:
        post_in(house, tx, [(of, command)])
    house.wake_drain()


def post_in(house: House, tx: Inserts, commands: Sequence[tuple[Asked, Mapping[str, Any]]]) -> None:
    """Posts commands in the caller's transaction; the caller rings afterwards."""
    trace = trace_id() or new_id()
    rows = [Posting(*of, "command", f"cmd:{new_id()}", command, trace) for of, command in commands]
    post_many(tx, rows, house.clock.now())


class Posted:
    """A use case's own transaction as ``post_in`` takes it: the commands exist exactly when that commits."""

    def __init__(self, tx: Connection) -> None:
        self._tx = tx
        self._mark = "?" if tx.dialect.name == "sqlite" else "%s"

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Row], conflict: str = "") -> object:
        """Many rows."""
        values = ", ".join([self._mark] * len(columns))
        statement = f'INSERT INTO "{table}" ({", ".join(columns)}) VALUES ({values}) {conflict}'
        return self._tx.exec_driver_sql(statement, list(rows)) if rows else None
