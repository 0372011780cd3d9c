"""The hot path's way to the database: plain SQL on the DB-API driver, the same text for SQLite and PostgreSQL."""

from core.store.driver.base import Batch, Db, Inserts, Pending, Tx, Writes
from core.store.driver.open import open_db

__all__ = ["Batch", "Db", "Inserts", "Pending", "Tx", "Writes", "open_db"]
