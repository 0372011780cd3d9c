"""Huey's SQLite storage with a doorbell (no polling) that survives the deletion of its file in mid-run."""

import contextlib
import os
import select
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from huey.storage import SqliteStorage


class Bell:
    """A FIFO beside the queue file: whoever enqueues writes a byte, whoever waits polls it; each thread on a descriptor of
    its own, because a descriptor that another thread closes may at once be somebody else's.

    A full pipe means that enough has been rung, a pipe without a reader that nobody waits: both are fine.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._local = threading.local()

    def ring(self) -> None:
        """Wakes one that waits."""
        with contextlib.suppress(OSError):
            os.write(self._open(), b"!")

    def wait(self, seconds: float) -> None:
        """Returns at a ring or after the time."""
        fd = self._open()
        poller = select.poll()
        poller.register(fd, select.POLLIN)
        if poller.poll(seconds * 1000):
            with contextlib.suppress(BlockingIOError):
                os.read(fd, 1)

    def close(self) -> None:
        """Closes this thread's descriptor."""
        held: tuple[int, int] | None = getattr(self._local, "held", None)
        if held is not None:
            os.close(held[0])
            self._local.held = None

    def _open(self) -> int:
        held: tuple[int, int] | None = getattr(self._local, "held", None)
        if held is not None and _inode(self._path) == held[1]:
            return held[0]
        self.close()
        with contextlib.suppress(FileExistsError):
            os.mkfifo(self._path, 0o600)
        fd = os.open(self._path, os.O_RDWR | os.O_NONBLOCK)
        self._local.held = fd, os.fstat(fd).st_ino
        return fd


class BellSqlite(SqliteStorage):  # type: ignore[misc]
    """A queue file that was deleted or replaced is noticed by its inode and opened anew (decision 28)."""

    blocking = True

    def __init__(
        self, name: str = "huey", filename: str = "huey.db", read_timeout: float = 0.25, **options: Any
    ) -> None:
        Path(filename).resolve().parent.mkdir(parents=True, exist_ok=True)
        self._patience = read_timeout
        self._bell = Bell(filename + ".bell")
        self._inode = 0
        super().__init__(name, filename=filename, fsync=False, journal_mode="truncate", **options)

    @contextlib.contextmanager
    def db(self, commit: bool = False, close: bool = False) -> Iterator[Any]:
        """A cursor on the file that stands there now."""
        if self._conn is not None and _inode(self.filename) != self._inode:
            self.close()
        if self._conn is None and self._inode and not close:
            self._remake()
        try:
            with super().db(commit, close) as cursor:
                self._inode = _inode(self.filename)
                yield cursor
        except sqlite3.DatabaseError as e:
            if not isinstance(e, (sqlite3.OperationalError, sqlite3.IntegrityError)):
                self._throw_away()
            raise

    def enqueue(self, data: bytes, priority: float | None = None) -> None:
        """Adds and rings."""
        super().enqueue(data, priority)
        self._bell.ring()

    def dequeue(self) -> Any:
        """The next task; waits up to ``read_timeout`` seconds for one."""
        found = super().dequeue()
        if found is None:
            self._bell.wait(self._patience)
            found = super().dequeue()
        return found

    def _remake(self) -> None:
        if not _inode(self.filename):  # a journal of the deleted file: SQLite would take it for the new one's
            _unlink(self.filename + "-journal")
        if _inode(self.filename) != self._inode:
            self.initialize_schema()

    def _throw_away(self) -> None:
        """What is no SQLite file any more held nothing but wake-ups."""
        self.close()
        _unlink(self.filename)


def _unlink(path: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


def _inode(path: str) -> int:
    try:
        return os.stat(path).st_ino
    except FileNotFoundError:
        return 0
