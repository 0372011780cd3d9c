"""Backup and restore of a whole database while it is in use: one file, one consistent moment, both stores."""

import os
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from core.model.errors import BackupError
from core.store.backup.archive import Manifest, read_manifest, writer
from core.store.backup.engines import engine_of
from core.store.invariants import violations
from core.store.migrate import revision, upgrade
from core.store.migrations.head import HEAD
from core.store.store import Store

__all__ = ["Manifest", "backup", "restore"]


def _silent(_line: str) -> None:
    """Nobody listens."""


def backup(url: str, path: Path, now: int, say: Callable[[str], None] = _silent) -> Manifest:
    """Writes ``path`` (mode 0600), complete or not at all, while others read and write. ``now`` = milliseconds.

    The keys are not in it: without them its sealed tokens cannot be opened. ``say`` gets a line for each piece of work.
    Raises BackupError when the database is empty or the file exists or cannot be written.
    """
    found = revision(url)
    if found is None:
        raise BackupError("the database is empty: there is nothing to back up")
    if path.exists():
        raise BackupError(f"{path} exists already: choose another name")
    engine = engine_of(url)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with _said(path):
        try:
            with writer(draft) as archive:
                manifest = engine.dump(url, archive, Manifest(engine.KIND, found, now, HEAD), say)
            draft.rename(path)
        finally:
            draft.unlink(missing_ok=True)
    return manifest


def restore(url: str, path: Path, say: Callable[[str], None] = _silent) -> list[str]:
    """Fills an empty database with a backup, then brings it to this program's schema. Answers the broken invariants.

    Raises BackupError when the database is not empty, or the file is no backup, is damaged, is of the other kind of
    database or of a newer program.
    """
    with _said(path), zipfile.ZipFile(path) as archive:
        manifest = read_manifest(archive, path)
        engine = engine_of(url)
        if manifest.kind != engine.KIND:
            raise BackupError(f"{path} is a backup of {manifest.kind}, the database is {engine.KIND}")
        if manifest.revision > HEAD:
            raise BackupError(f"{path} is at revision {manifest.revision}, newer than this program's {HEAD}")
        _refuse_rows(url)
        engine.load(url, archive, manifest, say)
    upgrade(url)
    return violations(Store(url))


def _refuse_rows(url: str) -> None:
    if revision(url) is None:
        return
    store = Store(url)
    with store.db.read() as tx:
        if tx.one('SELECT 1 FROM "user"') is not None:
            raise BackupError("the database is not empty: restore into a new one")


@contextmanager
def _said(path: Path) -> Iterator[None]:
    try:
        yield
    except zipfile.BadZipFile as e:
        raise BackupError(f"{path} is not a backup, or is damaged: {e}") from e
    except OSError as e:
        raise BackupError(f"{path} cannot be used: {e.strerror or e}") from e
    except sqlite3.Error as e:
        raise BackupError(f"SQLite refuses: {e}") from e
