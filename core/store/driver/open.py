"""A database from its URL."""

from functools import lru_cache
from importlib import import_module

from sqlalchemy import make_url

from core.model.errors import SettingsError
from core.store.driver.base import Db
from core.store.driver.sqlite import SqliteDb


@lru_cache(maxsize=8)
def open_db(url: str) -> Db:
    """``sqlite:///relative``, ``sqlite:////absolute`` or ``postgresql://…``; one object per URL and process.

    Raises SettingsError for anything else, or when PostgreSQL is asked for and psycopg is not installed.
    """
    parsed = make_url(url)
    kind = parsed.get_backend_name()
    if kind == "sqlite" and parsed.database:
        return SqliteDb(parsed.database)
    if kind == "postgresql":
        try:
            postgres = import_module("core.store.driver.postgres")
        except ImportError as e:
            raise SettingsError("INSTAFLOW_DATABASE_URL names PostgreSQL: pip install 'instaflow[postgres]'") from e
        db: Db = postgres.PostgresDb(parsed.set(drivername="postgresql").render_as_string(hide_password=False))
        return db
    raise SettingsError(f"INSTAFLOW_DATABASE_URL: '{parsed}' is neither sqlite:///<file> nor postgresql://…")
