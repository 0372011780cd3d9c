"""INSERT … ON CONFLICT in the dialect of the store at hand."""

from importlib import import_module
from typing import Any

from sqlalchemy import Connection, Table


def upsert(tx: Connection, table: Table) -> Any:
    """An insert that knows ``on_conflict_do_update`` and ``on_conflict_do_nothing``. The other dialect stays unloaded."""
    return import_module(f"sqlalchemy.dialects.{tx.dialect.name}").insert(table)
