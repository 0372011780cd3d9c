"""SQLite: the online backup of one moment into a file, and back."""

import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from shutil import copyfileobj
from typing import Any

from core.model.errors import BackupError
from core.store.backup.archive import Manifest, write_manifest
from core.store.driver.open import open_db

KIND = "sqlite"
MEMBER = "instaflow.db"


def dump(url: str, archive: zipfile.ZipFile, manifest: Manifest, say: Callable[[str], None]) -> Manifest:
    """See ``engines.Engine``. One step of SQLite's backup: a snapshot that no writer waits for."""
    with _draft(url) as draft, closing(_open(_path(url))) as source:
        with closing(_open(draft)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            tables = [_described(copy, name) for (name,) in copy.execute(TABLES)]
        say(f"{draft.stat().st_size // 1024} KiB copied, compressing")
        archive.write(draft, MEMBER)
    return write_manifest(archive, replace(manifest, tables=tables))


def load(url: str, archive: zipfile.ZipFile, manifest: Manifest, say: Callable[[str], None]) -> None:
    """See ``engines.Engine``."""
    with _draft(url) as draft:
        with archive.open(MEMBER) as packed, draft.open("wb") as file:
            copyfileobj(packed, file, 1 << 20)
        with closing(_open(draft)) as source:
            if (said := source.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
                raise BackupError(f"the database in the backup is damaged: {said}")
            with closing(_open(_path(url))) as target:
                source.backup(target)
                target.execute("PRAGMA journal_mode=WAL")
    open_db(url).close_all()
    say(f"{manifest.rows} rows restored")


TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"


def _described(connection: sqlite3.Connection, name: str) -> dict[str, Any]:
    columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{name}")')]
    (rows,) = connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()
    return {"name": name, "columns": columns, "rows": rows}


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, timeout=30)


def _path(url: str) -> Path:
    path: str = open_db(url).path  # type: ignore[attr-defined]
    return Path(path)


@contextmanager
def _draft(url: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix=".instaflow-backup-", dir=_path(url).parent) as folder:
        yield Path(folder) / MEMBER
