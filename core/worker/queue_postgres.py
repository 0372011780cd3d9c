"""Huey's PostgreSQL storage that makes its tables when it is first used, so that a start needs no database."""

from typing import Any

from huey.storage import PostgresStorage


class LazyPostgres(PostgresStorage):  # type: ignore[misc]
    """The tables are made by the first connection."""

    def __init__(self, name: str = "huey", **options: Any) -> None:
        self._made = False
        super().__init__(name, create_tables=False, **options)

    def enqueue(self, data: bytes, priority: float | None = None) -> None:
        """Adds and notifies."""
        self._make()
        super().enqueue(data, priority)

    def dequeue(self) -> Any:
        """The next task; waits up to ``read_timeout`` seconds for one."""
        self._make()
        return super().dequeue()

    def queue_size(self) -> Any:
        """How many tasks wait."""
        self._make()
        return super().queue_size()

    def _make(self) -> None:
        if not self._made:
            self.initialize_schema()
            self._made = True
