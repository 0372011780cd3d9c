"""A database from its URL; light, because the receiver opens one before anything heavy is imported."""

from functools import lru_cache
from importlib import import_module
from urllib.parse import urlsplit

from core.model.errors import SettingsError
from core.store.driver.base import Db
from core.store.driver.sqlite import SqliteDb

SQLITE = "sqlite:///"


@lru_cache(maxsize=8)
def open_db(url: str) -> Db:
    """``sqlite:///relative``, ``sqlite:////absolute`` or ``postgresql://…``; one object per URL and process.

    Raises SettingsError for anything else, or when PostgreSQL is asked for and psycopg is not installed.
    """
    if url.startswith(SQLITE) and len(url) > len(SQLITE):
        return SqliteDb(url.removeprefix(SQLITE))
    if urlsplit(url).scheme != "postgresql":
        raise SettingsError("INSTAFLOW_DATABASE_URL is neither sqlite:///<file> nor postgresql://…")
    try:
        postgres = import_module("core.store.driver.postgres")
    except ImportError as e:
        raise SettingsError("INSTAFLOW_DATABASE_URL names PostgreSQL: pip install 'instaflow[postgres]'") from e
    db: Db = postgres.PostgresDb(url)
    return db
