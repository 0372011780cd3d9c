"""A small house for the inbound runtime: one account, flows from YAML-like JSON, a contact who writes, a drainer."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson
import psycopg
import pytest

from core.host.manager import load
from core.host.registry import Registry
from core.lang import compile_definition
from core.runtime.drain import Drainer
from core.runtime.intake import Intake
from core.store.ids import new_id
from core.store.store import Store
from core.testing.clock import FixedClock

IG = "17841400000000101"


@pytest.fixture(scope="session")
def registry() -> Registry:
    """What comes in the box."""
    return load(entry_points=False)


class Stage:
    """One account with flows and triggers; people write to it, ``run`` drains."""

    def __init__(self, store: Store, clock: FixedClock, registry: Registry) -> None:
        self.db, self.clock, self.registry = store.db, clock, registry
        self.woken = {"drain": 0, "dispatch": 0, "chores": 0}
        self.user, self.account, self.n = new_id(), new_id(), 0
        self.intake = Intake(self.db, clock, lambda: self._woke("drain"))
        self.drainer = self.new_drainer()
        self.settings({})

    def new_drainer(self, **more: Any) -> Drainer:
        return Drainer(
            self.db,
            self.clock,
            self.registry,
            lambda: self._woke("dispatch"),
            wake_chores=lambda: self._woke("chores"),
            app_id="777",
            **more,
        )

    def _woke(self, name: str) -> None:
        self.woken[name] += 1

    def settings(self, settings: Mapping[str, Any]) -> None:
        now, text = self.clock.now(), orjson.dumps({"sameTriggerSeconds": 0, "burstSeconds": 0, **settings}).decode()
        with self.db.write() as tx:
            tx.insert(
                "user",
                ("user_id", "email", "password_hash", "created_at", "updated_at"),
                [(self.user, "o@e.example", "x", now, now)],
                "ON CONFLICT DO NOTHING",
            )
            tx.insert(
                "instagram_account",
                ("instagram_account_id", "user_id", "instagram_user_id", "settings", "created_at", "updated_at"),
                [(self.account, self.user, IG, text, now, now)],
                "ON CONFLICT (instagram_account_id) DO UPDATE SET settings = excluded.settings",
            )

    def flow(self, slug: str, definition: Mapping[str, Any], *triggers: Mapping[str, Any]) -> str:
        """Publishes a flow with its triggers; answers its id."""
        compiled = compile_definition(definition, self.registry)
        assert compiled.program is not None, compiled.diagnostics
        program, now = compiled.program, self.clock.now()
        flow_id, version_id = new_id(), new_id()
        body = orjson.dumps(program.as_json()).decode()
        with self.db.write() as tx:
            tx.insert(
                "program", ("hash", "body", "created_at"), [(program.hash, body, now)], "ON CONFLICT (hash) DO NOTHING"
            )
            columns = ("flow_id", "user_id", "instagram_account_id", "slug", "name", "flow_definition", "status")
            row = (flow_id, self.user, self.account, slug, slug, "{}", "active")
            tx.insert(
                "flow", (*columns, "published_version_id", "created_at", "updated_at"), [(*row, version_id, now, now)]
            )
            columns = (
                "flow_version_id",
                "user_id",
                "flow_id",
                "number",
                "flow_definition",
                "program_hash",
                "created_at",
            )
            tx.insert("flow_version", columns, [(version_id, self.user, flow_id, 1, "{}", program.hash, now)])
        for trigger in triggers:
            self.trigger(flow_id, **trigger)
        self.touch()
        return flow_id

    def trigger(self, flow_id: str, type: str, keyword: str = "", **options: Any) -> str:
        id_, now = new_id(), self.clock.now()
        columns = ("trigger_id", "user_id", "flow_id", "instagram_account_id", "type", "keyword", "options")
        row = (id_, self.user, flow_id, self.account, type, keyword, orjson.dumps(options).decode())
        with self.db.write() as tx:
            tx.insert("trigger", (*columns, "created_at", "updated_at"), [(*row, now, now)])
        self.touch()
        return id_

    def touch(self) -> None:
        with self.db.write() as tx:
            tx.run("UPDATE instagram_account SET triggers_version = triggers_version + 1")

    def event(self, kind: str = "message", contact: str | None = "p1", **more: Any) -> dict[str, Any]:
        self.n += 1
        mid = f"m{self.n}"
        return {
            "kind": kind,
            "ig_id": IG,
            "contact": contact,
            "at": self.clock.now(),
            "key": f"mid:{mid}",
            "mid": mid,
            **more,
        }

    def give(self, *events: dict[str, Any]) -> int:
        return self.intake.submit(events, f"trace{self.n}")

    def says(self, text: str, contact: str = "p1", **more: Any) -> list[Any]:
        """The contact writes, everything is drained; answers the new messages of ours."""
        self.give(self.event("message", contact, text=text, **more))
        return self.run()

    def taps(self, payload: str, contact: str = "p1", tap: str = "quick_reply", **more: Any) -> list[Any]:
        kind = "postback" if tap == "postback" else "message"
        self.give(self.event(kind, contact, payload=payload, tap=tap, **more))
        return self.run()

    def run(self) -> list[Any]:
        """Drains until nothing is ready; answers the bodies of the sends that this brought."""
        before = self.one("SELECT COALESCE(max(id), 0) FROM outbox")
        while self.drainer.drain():
            pass
        return [orjson.loads(b) for (b,) in self.all("SELECT body FROM outbox WHERE id > ? ORDER BY id", before)]

    def all(self, sql: str, *params: Any) -> list[Any]:
        with self.db.read() as tx:
            return tx.all(sql, params)

    def one(self, sql: str, *params: Any) -> Any:
        rows = self.all(sql, *params)
        return rows[0][0] if rows else None

    def post(self, do: str, contact: str = "p1", **data: Any) -> list[Any]:
        from core.runtime.post import post

        self.n += 1
        contact_id = self.contact(contact)
        with self.db.write() as tx:
            post(
                tx,
                user_id=self.user,
                account_id=self.account,
                contact_id=contact_id,
                kind="command",
                key=f"cmd:{self.n}",
                payload={"do": do, **data},
                now=self.clock.now(),
            )
        return self.run()

    def contact(self, external: str = "p1") -> str:
        return str(self.one("SELECT contact_id FROM contact_identity WHERE external_id = ?", external))

    def dispositions(self) -> list[str]:
        return [d for (d,) in self.all("SELECT disposition FROM inbound_event ORDER BY id")]


def waits(dsn: str) -> bool:
    """True while somebody waits for a lock in that PostgreSQL database."""
    sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with psycopg.connect(dsn) as c:
        found = c.execute(sql).fetchone()
    return found is not None and found[0] > 0


def texts(bodies: list[Any]) -> list[str]:
    """The texts of the sends."""
    return [b["message"].get("text", "") for b in bodies if "message" in b]


@pytest.fixture
def stage(store: Store, clock: FixedClock, registry: Registry) -> Any:
    """A stage on each kind of database."""
    made = Stage(store, clock, registry)
    yield made
    made.intake.close()


@pytest.fixture
def make_stage(clock: FixedClock, registry: Registry) -> Callable[[Store], Stage]:
    """For tests that need a stage on a store of their own."""
    return lambda store: Stage(store, clock, registry)
