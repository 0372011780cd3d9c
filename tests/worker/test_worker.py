"""The worker as a whole: from the inbox to a message at (fake) Instagram, without a queue too, and its graceful end."""

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.clock import SystemClock
from core.host.manager import load
from core.runtime.chores import schedule
from core.settings import Settings
from core.store.sealing import Sealer, new_key
from core.store.store import Store
from core.testing.instagram import FakeInstagram
from core.worker.queue import open_queue
from core.worker.run import Worker
from core.worker.wakes import Wakes
from tests.runtime_in import flows
from tests.runtime_in.conftest import Stage

LATER = flows.chain(
    {"type": "message", "content": {"text": "Hello {{contact.firstName|default('you')}}"}},
    {"type": "wait", "durationSeconds": 1},
    {"type": "message", "content": {"text": "Later"}},
)


@pytest.fixture
def instagram() -> Iterator[FakeInstagram]:
    with FakeInstagram() as fake:
        yield fake


@pytest.fixture
def settings(db_url: str, tmp_path: Path, instagram: FakeInstagram) -> Settings:
    return Settings(
        data_dir=tmp_path,
        database_url=db_url,
        queue_url=f"sqlite:///{tmp_path}/queue.db",
        graph_url=instagram.graph_url,
        graph_url_facebook=instagram.graph_url_facebook,
        encryption_keys=(new_key(),),
    )


@pytest.fixture
def town(settings: Settings, instagram: FakeInstagram) -> Iterator["Town"]:
    made = Town(settings, instagram)
    yield made
    made.stage.intake.close()


class Town:
    """One account at the fake Instagram and in the house, with a flow; people write to it."""

    def __init__(self, settings: Settings, instagram: FakeInstagram) -> None:
        self.instagram, self.settings = instagram, settings
        self.ig_id, token = instagram.account("bella.bakery")
        self.stage = Stage(Store(settings.database_url), SystemClock(), load(entry_points=False))  # type: ignore[arg-type]
        sealed = Sealer(settings.encryption_keys).seal(token, self.stage.account)
        with self.stage.db.write() as tx:
            tx.run("UPDATE instagram_account SET instagram_user_id = ?, access_token = ?", (self.ig_id, sealed))
        self.stage.flow("later", LATER, flows.KEYWORD)

    def says(self, person: str, text: str, wake: bool = True) -> None:
        mid = self.instagram.says(person, text)
        event = self.stage.event("message", self.instagram.igsid(person), text=text)
        self.stage.give(event | {"ig_id": self.ig_id, "mid": mid, "key": f"mid:{mid}"})
        if wake:
            Wakes(open_queue(self.settings.queue_url)).drain()


def said(instagram: FakeInstagram, person: str, count: int) -> list[str]:
    return [s.body["text"] for s in instagram.wait_for_sent(count, person, 20)]


def test_a_message_is_answered_and_the_timer_fires(town: Town) -> None:
    town.instagram.person("ana", name="Ana Lopez")
    worker = Worker(town.settings)
    worker.start()
    try:
        town.says("ana", "price")
        assert said(town.instagram, "ana", 2) == ["Hello Ana", "Later"]
    finally:
        worker.stop()
    assert town.stage.one("SELECT count(*) FROM heartbeat") == 0
    assert town.stage.one("SELECT first_name FROM contact") == "Ana"


def test_many_newcomers_at_once_are_greeted_by_name(town: Town) -> None:
    """Profiles are fetched side by side: one after another the seventh would be too late at 300 ms each."""
    names = [f"Name{n:02} Lopez" for n in range(20)]
    for name in names:
        town.instagram.person(name[:6].lower(), name=name)
    town.instagram.faults.latency_ms = 300
    worker = Worker(town.settings)
    for name in names:
        town.says(name[:6].lower(), "price", wake=False)
    worker.start()
    try:
        greetings = [said(town.instagram, name[:6].lower(), 1)[0] for name in names]
    finally:
        worker.stop()
    assert greetings == [f"Hello {name[:6]}" for name in names]


def test_a_slow_chore_is_not_in_the_way_of_profiles(town: Town) -> None:
    town.instagram.person("ana", name="Ana Lopez")
    worker = Worker(town.settings)
    held, released = threading.Event(), threading.Event()

    def slow(*_: Any) -> None:
        held.set()
        released.wait(30)

    worker.chores.kinds = {**worker.chores.kinds, "echo": slow}
    with town.stage.db.write() as tx:
        schedule(tx, "echo", "slow", 0, 0)
    worker.start()
    try:
        assert held.wait(10)
        town.says("ana", "price")
        assert said(town.instagram, "ana", 1) == ["Hello Ana"]
    finally:
        released.set()
        worker.stop()


def test_without_any_wake_up_the_sweep_finds_the_work(town: Town) -> None:
    worker = Worker(town.settings)
    worker.start()
    try:
        town.says("ana", "price", wake=False)
        assert said(town.instagram, "ana", 1) == ["Hello Ana"] or said(town.instagram, "ana", 1) == ["Hello you"]
        for victim in town.settings.data_dir.glob("queue.db*"):
            os.unlink(victim)
        town.says("ben", "price")
        assert len(said(town.instagram, "ben", 2)) == 2
    finally:
        worker.stop()


def test_sigterm_ends_a_worker_without_losing_anything(town: Town) -> None:
    code = "import pickle, sys; from core.worker.run import run_worker; run_worker(pickle.load(sys.stdin.buffer)); print('ended')"
    people = [f"p{i}" for i in range(10)]
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(pickle.dumps(town.settings))
        process.stdin.close()
        for person in people:
            town.says(person, "price")
        town.instagram.wait_for_sent(1, None, 30)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert process.stdout.read() == b"ended\n"
    assert town.stage.all("SELECT state, count(*) FROM outbox WHERE state = 'sending' GROUP BY state") == []
    worker = Worker(replace(town.settings))
    worker.start()
    try:
        for person in people:
            assert said(town.instagram, person, 2)[1] == "Later"
    finally:
        worker.stop()
    assert len(town.instagram.sent()) == 20


def test_two_workers_share_the_work(town: Town) -> None:
    workers = [Worker(town.settings) for _ in range(2)]
    for worker in workers:
        worker.start()
    try:
        for n in range(20):
            town.says(f"p{n}", "price")
        town.instagram.wait_for_sent(40, None, 40)
    finally:
        for worker in workers:
            threading.Thread(target=worker.sweep.stop).start()
            worker.stop()
    sent: dict[str, list[Any]] = {}
    for message in town.instagram.sent():
        sent.setdefault(message.username, []).append(message.body["text"])
    assert all(len(texts) == 2 and texts[1] == "Later" for texts in sent.values())


def test_a_worker_plans_retention_once_and_old_rows_go(town: Town) -> None:
    town.says("ana", "price", wake=False)
    for _ in range(2):
        worker = Worker(town.settings)
        worker.start()
        try:
            assert len(said(town.instagram, "ana", 1)) >= 1
        finally:
            worker.stop()
    assert town.stage.one("SELECT count(*) FROM chore WHERE kind = 'retention'") == 1
    long_ago = town.stage.clock.real() - 100 * 24 * 3600 * 1000
    with town.stage.db.write() as tx:
        tx.run("UPDATE chore SET due_at = 0 WHERE kind = 'retention'")
        tx.run("UPDATE step_trace SET at = ?", (long_ago,))
    assert town.stage.one("SELECT count(*) FROM step_trace") > 0
    worker.chores.run_due()
    assert town.stage.one("SELECT count(*) FROM step_trace") == 0
    assert town.stage.one("SELECT due_at FROM chore WHERE kind = 'retention'") > town.stage.clock.real() + 5 * 3_600_000
