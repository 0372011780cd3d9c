"""Brings a database to this program's schema, under a lock; says quickly whether it is there already."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.model.errors import SchemaBehind
from core.store.driver.open import open_db
from core.store.migrations.head import HEAD

LOCK = 4_981_105_230_712
"""The advisory lock's number on PostgreSQL; SQLite takes a lock file beside the database."""

HAS_TABLE = {
    "sqlite": "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'",
    "postgresql": "SELECT 1 WHERE to_regclass('alembic_version') IS NOT NULL",
}


def revision(url: str) -> str | None:
    """The database's revision, None when it is empty. Raises StoreUnavailable."""
    db = open_db(url)
    with db.read() as tx:
        if tx.one(HAS_TABLE[db.kind]) is None:
            return None
        row = tx.one("SELECT version_num FROM alembic_version")
    return row[0] if row else None


def check(url: str) -> None:
    """Raises SchemaBehind, saying what to do, unless the database is at this program's revision."""
    found = revision(url)
    if found is None:
        raise SchemaBehind("the database is empty: run 'instaflow db upgrade' first")
    if found < HEAD:
        raise SchemaBehind(
            f"the database is at revision {found}, this program needs {HEAD}: run 'instaflow db upgrade'"
        )
    if found > HEAD:
        raise SchemaBehind(
            f"the database is at revision {found}, newer than this program's {HEAD}: install that version"
        )


def upgrade(url: str, to: str = HEAD) -> None:
    """Runs the migrations that are missing, one process at a time; does nothing (in milliseconds) when there are none.

    Raises SchemaBehind when the database is newer than this program, StoreUnavailable when it cannot be reached.
    """
    found = revision(url)
    if found == to:
        return
    if found is not None and found > HEAD:
        check(url)
    from core.store.migrations import run

    with _locked(url):
        run.upgrade(url, to)


def downgrade(url: str, to: str = "base") -> None:
    """Undoes migrations down to ``to`` (a revision, or ``base`` = an empty database). Loses what the older schema cannot hold."""
    from core.store.migrations import run

    with _locked(url):
        run.downgrade(url, to)


@contextmanager
def _locked(url: str) -> Iterator[None]:
    db = open_db(url)
    if db.kind == "sqlite":
        with _file_lock(Path(db.path + ".migrate")):  # type: ignore[attr-defined]
            yield
        return
    from sqlalchemy import text

    from core.store.migrations.run import engine

    own = engine(url)
    try:
        with own.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:n)"), {"n": LOCK})
            yield
    finally:
        own.dispose()


@contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    import fcntl

    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
