"""A house for the outbound runtime: accounts and contacts in the database, a Graph API of the tests' own, a dispatcher."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from core.host.manager import load
from core.host.registry import Registry
from core.runtime import contacts
from core.runtime.dispatch import Dispatcher
from core.runtime.outbox import OutboxRow, enqueue
from core.store.ids import new_id
from core.store.sealing import Sealer, new_key
from core.store.store import Store
from core.testing.clock import FixedClock
from tests.runtime_out.graph import Graph

HOUR = 3_600_000


class OutHouse:
    """Rows in, calls out. ``graph`` is what Instagram sees and how it answers."""

    def __init__(self, store: Store, clock: FixedClock, registry: Registry, graph: Graph) -> None:
        self.db, self.clock, self.registry, self.graph = store.db, clock, registry, graph
        self.sealer = Sealer([new_key()])
        self.user, self.n, self.drains = new_id(), 0, 0
        self.made: list[Dispatcher] = []
        now = clock.now()
        with self.db.write() as tx:
            columns = ("user_id", "email", "password_hash", "created_at", "updated_at")
            tx.insert("user", columns, [(self.user, "o@e.example", "x", now, now)])
        self.account = self.new_account("17841400000000101")
        self.contact = self.new_contact("836120000000201")

    def new_account(self, ig_id: str, token: str = "IGAAtoken", settings: str = "{}", login: str = "instagram") -> str:
        account, now = new_id(), self.clock.now()
        columns = ("instagram_account_id", "user_id", "instagram_user_id", "login", "access_token", "settings")
        with self.db.write() as tx:
            tx.insert(
                "instagram_account",
                (*columns, "created_at", "updated_at"),
                [(account, self.user, ig_id, login, self.sealer.seal(token, account), settings, now, now)],
            )
        return account

    def new_contact(self, external: str | None, account: str | None = None) -> str:
        now = self.clock.now()
        key = (account or self.account, external or f"comment:{new_id()}")
        with self.db.write() as tx:
            contact = contacts.make(tx, {key: self.user}, now)[key]
            tx.run("UPDATE contact SET last_inbound_at = ? WHERE contact_id = ?", (now, contact))
        return contact

    def row(self, text: str = "Hi", contact: str | None = None, account: str | None = None, **more: Any) -> OutboxRow:
        """A text send to a contact, with its log row when it is enqueued by ``put``."""
        self.n += 1
        of = contact or self.contact
        body = more.pop("body", None) or {"to": {"id": self.external(of)}, "message": {"text": text}}
        fields: dict[str, Any] = {
            "user_id": self.user,
            "account_id": account or self.account,
            "contact_id": of,
            "conversation_id": self.conversation(of),
            "message_log_id": new_id(),
            "idem": new_id(),
            "kind": "send",
            "body": body,
            "created_at": self.clock.now(),
            "not_after": self.clock.now() + 24 * HOUR,
        }
        return OutboxRow(**{**fields, **more})

    def put(self, *rows: OutboxRow) -> None:
        columns = (
            "message_log_id",
            "user_id",
            "instagram_account_id",
            "contact_id",
            "conversation_id",
            "direction",
            "type",
            "content",
            "timestamp",
            "is_automated",
            "status",
        )
        with self.db.write() as tx:
            assert enqueue(tx, list(rows)) == len(rows)
            logs = [
                (
                    r.message_log_id,
                    r.user_id,
                    r.account_id,
                    r.contact_id,
                    r.conversation_id,
                    "outbound",
                    "text",
                    "{}",
                    r.created_at,
                    r.automated,
                    "queued",
                )
                for r in rows
                if r.message_log_id
            ]
            tx.insert("message_log", columns, logs)

    def external(self, contact: str) -> str:
        return str(self.one("SELECT external_id FROM contact_identity WHERE contact_id = ?", contact)[0])

    def conversation(self, contact: str) -> str:
        return str(self.one("SELECT conversation_id FROM conversation WHERE contact_id = ?", contact)[0])

    def one(self, sql: str, *params: Any) -> tuple[Any, ...]:
        rows = self.all(sql, *params)
        assert len(rows) == 1, rows
        return rows[0]

    def all(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        with self.db.read() as tx:
            return tx.all(sql, params)

    def run(self, sql: str, *params: Any) -> None:
        with self.db.write() as tx:
            tx.run(sql, params)

    def states(self) -> list[str]:
        return [row[0] for row in self.all("SELECT state FROM outbox ORDER BY id")]

    def log(self) -> list[tuple[Any, ...]]:
        return self.all(
            "SELECT m.status, m.reason FROM message_log m JOIN outbox o ON o.message_log_id = m.message_log_id ORDER BY o.id"
        )

    def dispatcher(self, **settings: Any) -> Dispatcher:
        made = Dispatcher(
            self.db, self.clock, self.registry, self.settings(**settings), self.sealer, wake_drain=self._drained
        )
        self.made.append(made)
        return made

    def settings(self, **more: Any) -> SimpleNamespace:
        defaults = {
            "graph_url": self.graph.url,
            "graph_url_facebook": self.graph.url + "/fb",
            "graph_version": "v26.0",
            "allow_private_hosts": (),
            "send_rate": 0,
            "lease_seconds": 30.0,
            "settle_grace_seconds": 60.0,
        }
        return SimpleNamespace(**{**defaults, **more})

    def _drained(self) -> None:
        self.drains += 1

    def close(self) -> None:
        for made in self.made:
            made.stop(1.0)


@pytest.fixture(scope="session")
def registry() -> Registry:
    """What comes in the box."""
    return load(entry_points=False)


@pytest.fixture
def graph() -> Iterator[Graph]:
    """A Graph API of the tests' own."""
    server = Graph()
    yield server
    server.stop()


@pytest.fixture
def house(store: Store, clock: FixedClock, registry: Registry, graph: Graph) -> Iterator[OutHouse]:
    """The house on each kind of database."""
    made = OutHouse(store, clock, registry, graph)
    yield made
    made.close()


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool]], None]:
    """Waits for something that another thread does; fails after a generous time."""
    import threading

    def wait(happened: Callable[[], bool]) -> None:
        for _ in range(4000):
            if happened():
                return
            threading.Event().wait(0.01)
        pytest.fail("it did not happen")

    return wait
