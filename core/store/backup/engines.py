"""Which way a database is backed up, by its URL."""

import zipfile
from collections.abc import Callable
from typing import Protocol, cast

from core.store.backup.archive import Manifest
from core.store.driver.open import open_db


class Engine(Protocol):
    """One kind of database."""

    KIND: str

    def dump(self, url: str, archive: zipfile.ZipFile, manifest: Manifest, say: Callable[[str], None]) -> Manifest:
        """Writes one consistent moment of the database and the manifest, with what it learned, into the archive."""

    def load(self, url: str, archive: zipfile.ZipFile, manifest: Manifest, say: Callable[[str], None]) -> None:
        """Fills an empty database, all or nothing, at the manifest's revision."""


def engine_of(url: str) -> Engine:
    """The engine of the URL's kind of database."""
    if open_db(url).kind == "sqlite":
        from core.store.backup import sqlite as engine
    else:
        from core.store.backup import postgres as engine  # type: ignore[no-redef]
    return cast(Engine, engine)
