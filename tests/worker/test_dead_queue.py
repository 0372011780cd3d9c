"""A queue server that is not there: people are answered all the same, and the log stays readable (law 1)."""

import logging
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from core.clock import SystemClock
from core.host.manager import load
from core.services.house import House
from core.settings import Settings
from core.store.sealing import new_key
from core.store.store import Store
from core.testing.instagram import FakeInstagram
from core.worker.probe import QueueProbe
from core.worker.run import Worker
from flask_api import create_app
from tests.worker.test_worker import Town, instagram, settings, town

__all__ = ["instagram", "settings", "town"]


def nobody_listens() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def test_a_dead_redis_only_delays(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    dead: Settings = replace(town.settings, queue_url=f"redis://127.0.0.1:{nobody_listens()}/0")
    worker = Worker(dead)
    worker.start()
    try:
        for person in ("ana", "ben", "cleo"):
            town.says(person, "price", wake=False)
        asked: FakeInstagram = town.instagram
        asked.wait_for_sent(6, None, 20)
    finally:
        worker.stop()
    told = [r for r in caplog.records if "queue" in r.getMessage().lower()]
    assert 1 <= len(told) <= 3, [r.getMessage() for r in told]
    assert not any(r.exc_info for r in told)


def test_a_queue_that_answers(tmp_path: Path, redis_url: str, pg_url: str) -> None:
    for url in ("memory://", f"sqlite:///{tmp_path}/q.db", redis_url, pg_url):
        probe = QueueProbe(url)
        assert probe() and probe()


def test_a_queue_that_is_down_or_says_nothing() -> None:
    assert not QueueProbe(f"redis://127.0.0.1:{nobody_listens()}/0")()
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        assert not QueueProbe(f"redis://127.0.0.1:{mute.getsockname()[1]}/0", seconds=0.1)()


def test_readiness_names_it_and_stays_ready(store: Store, tmp_path: Path) -> None:
    settings = Settings(tmp_path, store.url, "memory://", secret_key="k" * 40, encryption_keys=(new_key(),))
    probe = QueueProbe(f"redis://127.0.0.1:{nobody_listens()}/0")
    house = House(settings, store, SystemClock(), load(entry_points=False))
    for answers, told in ((probe, "unreachable"), (QueueProbe("memory://"), "ok")):
        answer = create_app(replace(house, queue_answers=answers)).test_client().get("/readyz")
        assert (answer.status_code, answer.get_json()["ready"], answer.get_json()["queue"]) == (200, True, told)
