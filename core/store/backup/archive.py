"""The backup's file: a zip with ``manifest.json`` and the data."""

import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson

from core.model.errors import BackupError

FORMAT = 1
NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """``revision`` is the schema's, ``made_at`` milliseconds, ``program`` the program's newest revision.

    ``tables`` = [{"name", "columns", "rows"}] in an order in which they can be filled, ``sequences`` = {name: last value}.
    """

    kind: str
    revision: str
    made_at: int
    program: str
    tables: list[dict[str, Any]] = field(default_factory=list)
    sequences: dict[str, int] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table["rows"] for table in self.tables)


@contextmanager
def writer(path: Path) -> Iterator[zipfile.ZipFile]:
    """A new archive that only its owner can read; on the disk when the context ends."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            yield archive
        file.flush()
        os.fsync(file.fileno())


def write_manifest(archive: zipfile.ZipFile, manifest: Manifest) -> Manifest:
    """Adds the manifest, last of all."""
    archive.writestr(NAME, orjson.dumps(asdict(manifest), option=orjson.OPT_INDENT_2))
    return manifest


def read_manifest(archive: zipfile.ZipFile, path: Path) -> Manifest:
    """The manifest, after every member's checksum. Raises BackupError."""
    if (bad := archive.testzip()) is not None:
        raise BackupError(f"{path} is damaged at {bad}")
    try:
        data = orjson.loads(archive.read(NAME))
        if data["format"] > FORMAT:
            raise BackupError(f"{path} was made by a newer program")
        return Manifest(**data)
    except (KeyError, ValueError, TypeError) as e:
        raise BackupError(f"{path} is not a backup of InstaFlow") from e
