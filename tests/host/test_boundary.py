"""A third party that fails at work, not at start: its own things stop, everything else goes on, and it is named."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from core.host.manager import load
from core.host.registry import Registry
from core.model.ports import AccountView, Call, HttpResponse, Outcome
from core.runtime.dispatch import Dispatcher
from core.runtime.match import Matcher
from core.store.store import Store
from core.testing.clock import FixedClock
from flask_api.webhooks.receiver import BAD_PAYLOAD, BAD_SIGNATURE, Receiver
from tests.runtime_in import flows
from tests.runtime_in.conftest import Stage, texts

FAULTY = """
from instaflow import Outcome, hookimpl

class Moon:
    name, title, summary = "acme_moon", "Moon", "When the moon is full"
    rank, kinds, keyed = 1, frozenset({"message"}), ""
    def problems(self, trigger): raise KeyError("canary")
    def json_schema(self): raise KeyError("canary")
    def refuse(self, trigger, event, first_contact): raise KeyError("canary")

class Raises:
    kind = "acme.raises"
    def perform(self, call, http): raise RuntimeError("canary")

class Leaves:
    kind = "acme.leaves"
    def perform(self, call, http): raise SystemExit(3)

class Odd:
    kind = "acme.odd"
    def perform(self, call, http): return {"status": "sent"}

class One:
    kind, transport = "acme.one", "graph"
    def request(self, call): raise RuntimeError("canary")
    def outcome(self, call, answer): raise RuntimeError("canary")
    def perform(self, call, http): return Outcome("sent")

class Bad:
    name = "acme"
    def verify(self, body, signature, secrets):
        if not body: raise RuntimeError("canary")
        return True
    def parse(self, body): raise RuntimeError("canary")

@hookimpl
def instaflow_trigger_types(): return [Moon()]
@hookimpl
def instaflow_effect_handlers(): return [Raises(), Leaves(), Odd(), One()]
@hookimpl
def instaflow_inbound_webhooks(): return [Bad()]
"""
ACCOUNT = AccountView("a", "ig", None, "instagram", "t")
CALL = Call(1, "acme.raises", "i", ACCOUNT, {}, {})


@pytest.fixture
def faulty(install: Any) -> Registry:
    install("faulty", FAULTY)
    return load()


def problem(registry: Registry) -> str:
    return next(p.problem for p in registry.standing() if p.name == "acme_faulty")


def test_a_trigger_that_raises_does_not_bury_the_event(
    faulty: Registry, store: Store, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    stage = Stage(store, clock, faulty)
    hello = flows.chain({"type": "message", "content": {"text": "Hello"}})
    stage.flow("hello", hello, {"type": "acme_moon"}, {"type": "dm_keyword", "keyword": "hi"})
    assert texts(stage.says("hi")) == ["Hello"] and texts(stage.says("hi", "p2")) == ["Hello"]
    assert stage.one("SELECT count(*) FROM dead_letter") == 0
    assert "the trigger type 'acme_moon' failed: KeyError" in problem(faulty) and "canary" not in problem(faulty)
    assert [r.__dict__["plugin"] for r in caplog.records if r.message == "a plugin failed"] == ["acme_faulty"]
    stage.intake.close()


def test_the_reason_names_the_plugin(faulty: Registry) -> None:
    from core.model.nodetype import TriggerRow

    matcher = Matcher([TriggerRow("t", "f", "acme_moon", "", {}, 1)], faulty.trigger_types)
    [(_, reason)] = matcher.why({"kind": "message", "ig_id": "1", "at": 1, "key": "k", "text": "x"}, True)  # type: ignore[typeddict-item]
    assert reason is not None and reason.startswith("the plugin acme_faulty: the trigger type 'acme_moon' failed")
    [wrong] = faulty.trigger_types["acme_moon"].problems({"type": "acme_moon"})
    assert wrong.code == "IF114" and faulty.trigger_types["acme_moon"].json_schema()["properties"] == {}


@pytest.mark.parametrize("kind", ["acme.raises", "acme.leaves", "acme.odd"])
def test_a_handler_that_fails_answers_an_outcome(faulty: Registry, kind: str) -> None:
    outcome = faulty.handlers[kind].perform(CALL, None)  # type: ignore[arg-type]
    assert (outcome.status, outcome.code) == ("failed", "plugin_failed")
    assert outcome.message.startswith(f"the plugin acme_faulty: the handler of '{kind}' failed")
    assert problem(faulty)


def test_a_handler_of_one_request(faulty: Registry) -> None:
    one: Any = faulty.handlers["acme.one"]
    assert one.request(CALL).code == "plugin_failed"
    assert one.outcome(CALL, HttpResponse(200)).status == "unknown" and one.perform(CALL, None) == Outcome("sent")


def test_the_dispatcher_goes_on(faulty: Registry, store: Store, clock: FixedClock) -> None:
    from tests.runtime_out.conftest import Graph, OutHouse

    graph = Graph()
    house = OutHouse(store, clock, faulty, graph)
    house.put(*(house.row(kind=kind) for kind in ("acme.leaves", "acme.odd", "acme.one", "send")))
    made: Dispatcher = house.dispatcher()
    made.once()
    assert sorted(house.states()) == ["failed", "failed", "failed", "sent"]
    assert {r[0] for r in house.all("SELECT error_code FROM outbox WHERE state = 'failed'")} == {"plugin_failed"}
    house.close()
    graph.stop()


def test_a_webhook_that_raises_is_refused(faulty: Registry, clock: FixedClock) -> None:
    receiver = Receiver(None, faulty.webhooks["acme"], ["s"], clock)  # type: ignore[arg-type]
    assert receiver.take(b"", b"", "t") == BAD_SIGNATURE and receiver.take(b"{}", b"", "t") == BAD_PAYLOAD
    assert "the webhook 'acme' failed: RuntimeError" in problem(faulty)


@pytest.mark.parametrize(
    ("name", "more"), [("rank", "rank = 'first'"), ("kinds", "kinds = 'message'"), ("keyed", "keyed = 7")]
)
def test_a_trigger_type_that_could_not_be_sorted_is_left_out(install: Any, name: str, more: str) -> None:
    install("faulty", FAULTY.replace("    def problems", f"    {more}\n    def problems", 1))
    registry = load()
    assert "needs a whole rank, kinds as a set and keyed as text" in problem(registry)
    assert "acme_moon" not in registry.trigger_types and "acme.odd" not in registry.handlers


def test_what_comes_in_the_box_is_not_wrapped() -> None:
    registry = load(entry_points=False)
    assert type(registry.handlers["send"]).__module__.startswith("plugins.")
    assert orjson.dumps([p.problem for p in registry.standing()]) == b'["","","",""]'


def test_what_failed_in_a_worker_shows_on_the_plugins_page(
    faulty: Registry, store: Store, clock: FixedClock, tmp_path: Path
) -> None:
    from core.services.house import House
    from core.services.plugins import standing
    from core.settings import Settings
    from core.worker.run import Beat

    faulty.faults.told("acme_faulty", "the handler of 'acme.odd'", TypeError())
    beat = Beat(store.db, clock, lambda: {"faults": dict(faulty.faults.by_plugin)})
    beat._write()
    settings = Settings(tmp_path, store.url, "memory://", secret_key="k" * 40)
    here = {p.name: p.problem for p in standing(House(settings, store, clock, load()))}
    assert here["acme_faulty"] == "the handler of 'acme.odd' failed: TypeError" and here["plugins.nodes"] == ""
