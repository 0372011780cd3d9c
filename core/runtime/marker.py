"""Which contacts this process has in hand, in a file that outlives it: how a worker-killing event is found (durability 3.6).

The file covers the pure part of a drain only, a fraction of a millisecond: an unrelated kill hardly ever hits it.
"""

import contextlib
import mmap
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

_ID, _LIMIT = 36, 256


class Marker:
    """A shared memory page of a file under ``folder``: the kernel keeps what a killed process had written."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{os.getpid()}.{name}.inhand"
        with self._path.open("w+b") as f:
            f.truncate(_ID * _LIMIT)
            self._page = mmap.mmap(f.fileno(), _ID * _LIMIT)

    @contextlib.contextmanager
    def holding(self, contact_ids: Sequence[str]) -> Iterator[None]:
        """The contacts are named in the file while the block runs, however it ends short of a kill."""
        data = "".join(contact_ids[:_LIMIT]).encode()
        self._page[: len(data)] = data
        try:
            yield
        finally:
            self._page[: len(data)] = bytes(len(data))

    def close(self) -> None:
        """Removes the file."""
        self._page.close()
        self._path.unlink(missing_ok=True)


def leftovers(folder: Path) -> list[str]:
    """The contacts that dead processes had in hand; their files are removed."""
    found: list[str] = []
    for path in sorted(folder.glob("*.inhand")):
        if _alive(int(path.name.partition(".")[0])):
            continue
        data = path.read_bytes().rstrip(b"\0").decode("ascii", "replace")
        found += [data[i : i + _ID] for i in range(0, len(data), _ID)]
        path.unlink(missing_ok=True)
    return [id_ for id_ in found if len(id_) == _ID and "\0" not in id_]


def _alive(pid: int) -> bool:
    if pid == os.getpid():
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
