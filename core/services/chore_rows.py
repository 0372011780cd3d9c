"""Rows of work that may be lost and derived again: put down here, carried out by ``core.services.chores``."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete

from core.services.upsert import upsert
from core.store.tables.system import chore


def add(
    tx: Connection,
    kind: str,
    key: str,
    due_at: int,
    user_id: str | None = None,
    account_id: str | None = None,
    args: Mapping[str, Any] | None = None,
) -> None:
    """A chore to be done at ``due_at`` (real milliseconds). One of the same kind and key takes the new time and arguments."""
    anew = {"args": dict(args or {}), "due_at": due_at, "attempts": 0, "error": None}
    values = {"user_id": user_id, "account_id": account_id, "kind": kind, "key": key, "created_at": due_at, **anew}
    row = upsert(tx, chore).values(**values)
    tx.execute(row.on_conflict_do_update(index_elements=["kind", "key"], set_=anew))


def drop(tx: Connection, account_id: str) -> None:
    """An account's chores are not wanted any more."""
    tx.execute(delete(chore).where(chore.c.account_id == account_id, chore.c.kind.startswith("account.")))
