"""A queue server that is not there: people are answered all the same, and the log stays readable (law 1)."""

import logging
import socket
from dataclasses import replace

import pytest

from core.settings import Settings
from core.testing.instagram import FakeInstagram
from core.worker.run import Worker
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
