"""The queue from its URL: Huey as a doorbell. What it carries are wake-ups, so it may be lost at any time (law 1)."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import orjson
from huey import Huey
from huey.registry import Message
from huey.serializer import Serializer

from core.model.errors import SettingsError

NAME = "instaflow"


class JsonSerializer(Serializer):  # type: ignore[misc]
    """JSON instead of pickle: who can write to the queue cannot run code."""

    def _serialize(self, data: Any) -> bytes:
        return orjson.dumps(list(data))

    def _deserialize(self, data: Any) -> Message:
        return Message(*orjson.loads(bytes(data)))


class Queue(Huey):  # type: ignore[misc]
    """Huey without what wake-ups do not need: results, revocation (two reads and a write for each task)."""

    def is_revoked(self, *_: Any, **__: Any) -> bool:
        """Wake-ups are never revoked."""
        return False

    def delete(self, *_: Any, **__: Any) -> None:
        """There is no revocation to forget."""


def open_queue(url: str) -> Huey:
    """``memory://`` (this process only), ``sqlite:///relative``, ``sqlite:////absolute``, ``redis://``, ``rediss://``,
    ``unix:///socket?db=0`` or ``postgresql://``.

    Raises SettingsError for anything else, or when the driver is not installed. A server that is down is no error here.
    """
    make = KINDS.get(urlsplit(url).scheme)
    if make is None:
        known = ", ".join(f"{k}://" for k in KINDS)
        raise SettingsError(f"INSTAFLOW_QUEUE_URL: '{urlsplit(url).scheme}' is none of {known}")
    try:
        return make(url)
    except ImportError as e:
        raise SettingsError(f"INSTAFLOW_QUEUE_URL needs a package that is not installed: {e.name}") from e


def _queue(storage: Any, **options: Any) -> Huey:
    return Queue(NAME, results=False, serializer=JsonSerializer(), storage_class=storage, **options)


def _memory(_: str) -> Huey:
    from core.worker.queue_memory import BellMemory

    return _queue(BellMemory)


def _sqlite(url: str) -> Huey:
    from core.worker.queue_sqlite import BellSqlite

    path = urlsplit(url).path[1:]
    if not path:
        raise SettingsError("INSTAFLOW_QUEUE_URL: sqlite:/// needs the path of a file")
    return _queue(BellSqlite, filename=path)


def _redis(url: str) -> Huey:
    from huey.storage import RedisStorage

    return _queue(RedisStorage, url=url, blocking=True, read_timeout=1)


def _postgres(url: str) -> Huey:
    from core.worker.queue_postgres import LazyPostgres

    return _queue(LazyPostgres, dsn=url, blocking=True, read_timeout=1)


KINDS: dict[str, Callable[[str], Huey]] = {
    "memory": _memory,
    "sqlite": _sqlite,
    "redis": _redis,
    "rediss": _redis,
    "unix": _redis,
    "postgresql": _postgres,
}
