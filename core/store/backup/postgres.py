"""PostgreSQL: every table by COPY in one REPEATABLE READ snapshot, and back in one transaction. Needs no pg_dump."""

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from graphlib import TopologicalSorter
from typing import Any

import psycopg
from psycopg import sql

from core.model.errors import BackupError, StoreUnavailable
from core.store.backup.archive import Manifest, write_manifest
from core.store.migrate import upgrade

KIND = "postgresql"
CHUNK = 1 << 18
NOT_OURS = ("alembic_version",)

Connection = psycopg.Connection[tuple[Any, ...]]


def dump(url: str, archive: zipfile.ZipFile, manifest: Manifest, say: Callable[[str], None]) -> Manifest:
    """See ``engines.Engine``."""
    with _connected(url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        tables = []
        for name in _in_order(connection):
            columns = _columns(connection, name)
            rows = _copy_out(connection, name, columns, archive)
            tables.append({"name": name, "columns": columns, "rows": rows})
            say(f"{name}: {rows} rows")
        sequences = {name: _last_value(connection, name) for name in _sequences(connection)}
    return write_manifest(archive, replace(manifest, tables=tables, sequences=sequences))


def load(url: str, archive: zipfile.ZipFile, manifest: Manifest, say: Callable[[str], None]) -> None:
    """See ``engines.Engine``. The schema is migrated to the backup's revision first."""
    upgrade(url, manifest.revision)
    with _connected(url) as connection:
        try:
            for table in manifest.tables:
                _copy_in(connection, table, archive)
                say(f"{table['name']}: {table['rows']} rows")
            for name, value in manifest.sequences.items():
                connection.execute("SELECT setval(%s::regclass, %s)", (f'"{name}"', max(value, 1)))
        except (psycopg.DataError, psycopg.IntegrityError, psycopg.ProgrammingError) as e:
            raise BackupError(f"the backup does not fit the database: {e}") from e


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    try:
        with psycopg.connect(url) as connection:
            yield connection
    except psycopg.OperationalError as e:
        raise StoreUnavailable(f"the database cannot serve: {e}") from e


def _in_order(connection: Connection) -> list[str]:
    """The tables, each after those that its foreign keys name."""
    names = connection.execute(
        """SELECT c.relname FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
           AND c.relname NOT LIKE 'huey%' ORDER BY 1"""
    ).fetchall()
    keys = connection.execute(
        """SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint
           WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"""
    ).fetchall()
    graph: dict[str, set[str]] = {name: set() for (name,) in names if name not in NOT_OURS}
    for child, parent in keys:
        if child != parent:
            graph[child.strip('"')].add(parent.strip('"'))
    return list(TopologicalSorter(graph).static_order())


def _columns(connection: Connection, table: str) -> list[str]:
    rows = connection.execute(
        """SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
           AND attgenerated = '' ORDER BY attnum""",
        (f'"{table}"',),
    )
    return [name for (name,) in rows]


def _sequences(connection: Connection) -> list[str]:
    rows = connection.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = current_schema()::regnamespace ORDER BY 1"
    )
    return [name for (name,) in rows]


def _last_value(connection: Connection, name: str) -> int:
    row = connection.execute(sql.SQL("SELECT last_value FROM {}").format(sql.Identifier(name))).fetchone()
    return int(row[0]) if row else 1


def _copy_out(connection: Connection, table: str, columns: list[str], archive: zipfile.ZipFile) -> int:
    rows = 0
    command = sql.SQL("COPY {} ({}) TO STDOUT").format(sql.Identifier(table), _names(columns))
    with archive.open(f"{table}.copy", "w", force_zip64=True) as file, connection.cursor().copy(command) as copy:
        for piece in copy:
            rows += bytes(piece).count(b"\n")
            file.write(piece)
    return rows


def _copy_in(connection: Connection, table: dict[str, Any], archive: zipfile.ZipFile) -> None:
    command = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table["name"]), _names(table["columns"]))
    with archive.open(f"{table['name']}.copy") as file, connection.cursor().copy(command) as copy:
        while piece := file.read(CHUNK):
            copy.write(piece)


def _names(columns: list[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))
