"""Alembic run from code: an engine of its own, foreign keys off while SQLite's tables are rebuilt, the queue's tables let be."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic.autogenerate import api
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from core.model.errors import StoreUnavailable
from core.store.tables import metadata


def engine(url: str) -> Engine:
    """An engine for migrations only. On SQLite without foreign keys: rebuilding a parent table would delete its children."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        return create_engine(parsed.set(drivername="postgresql+psycopg"), poolclass=NullPool)
    made = create_engine(parsed, poolclass=NullPool, connect_args={"timeout": 30})
    event.listen(made, "connect", _sqlite)
    event.listen(made, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE"))
    return made


def _sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys=OFF")


def upgrade(url: str, to: str) -> None:
    """Runs the revisions up to ``to`` in one transaction. Raises StoreUnavailable."""
    scripts = history()
    _migrate(url, scripts, lambda at, _context: scripts._upgrade_revs(to, at))


def downgrade(url: str, to: str) -> None:
    """Undoes the revisions above ``to`` in one transaction. Raises StoreUnavailable."""
    scripts = history()
    _migrate(url, scripts, lambda at, _context: scripts._downgrade_revs(to, at))


def history() -> ScriptDirectory:
    """The revisions that lie beside this module."""
    return ScriptDirectory(str(Path(__file__).parent))


def missing(url: str) -> str:
    """The operations that would bring the database to the tables, as the code of a migration; empty when there are none."""
    with _connection(url) as connection:
        context = MigrationContext.configure(connection, opts=_options(connection))
        made = api.produce_migrations(context, metadata)
        if made.upgrade_ops is None or made.upgrade_ops.is_empty():
            return ""
        return api.render_python_code(made.upgrade_ops, render_as_batch=True, migration_context=context)


def _migrate(url: str, scripts: ScriptDirectory, steps: Any) -> None:
    with _connection(url) as connection, EnvironmentContext(Config(), scripts, fn=steps) as env:
        env.configure(connection=connection, **_options(connection))
        with env.begin_transaction():
            env.run_migrations()


def _options(connection: Connection) -> dict[str, Any]:
    return {
        "target_metadata": metadata,
        "transactional_ddl": True,
        "compare_type": True,
        "compare_server_default": False,
        "render_as_batch": connection.dialect.name == "sqlite",
        "include_object": _ours,
        "user_module_prefix": "types.",
    }


def _ours(_thing: Any, name: str | None, kind: str, reflected: bool, _match: Any) -> bool:
    return not (kind == "table" and reflected and (name or "").startswith("huey"))


@contextmanager
def _connection(url: str) -> Iterator[Connection]:
    own = engine(url)
    try:
        with own.connect() as connection:
            yield connection
    except OperationalError as e:
        raise StoreUnavailable(f"the database cannot serve: {e.orig}") from e
    finally:
        own.dispose()
