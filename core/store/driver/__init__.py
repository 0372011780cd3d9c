"""The hot path's way to the database: plain SQL on the DB-API driver, the same text for SQLite and PostgreSQL."""

from core.store.driver.base import Db, Tx
from core.store.driver.open import open_db

__all__ = ["Db", "Tx", "open_db"]
