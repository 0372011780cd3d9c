"""The queue by URL: what goes in comes out, in JSON, also after its file was deleted; wake-ups are coalesced."""

import json
import os
import threading
import time
from pathlib import Path

import pytest

from core.model.errors import SettingsError
from core.worker.queue import open_queue
from core.worker.tasks import tasks
from core.worker.wakes import Coalesced, Wakes


def _urls(tmp_path: Path) -> list[str]:
    return ["memory://", f"sqlite:///{tmp_path}/queue.db"]


def test_a_task_comes_out_as_it_went_in(tmp_path: Path) -> None:
    for url in _urls(tmp_path):
        queue, ran = open_queue(url), []
        made = tasks(queue, drain=lambda ran=ran: ran.append("drain"))
        made.drain()
        task = queue.dequeue()
        queue.execute(task)
        assert ran == ["drain"]
        assert queue.dequeue() is None
        queue.storage.close()


def test_messages_are_json(tmp_path: Path) -> None:
    queue = open_queue(f"sqlite:///{tmp_path}/queue.db")
    tasks(queue).dispatch()
    [data] = queue.storage.enqueued_items()
    assert json.loads(bytes(data))[1] == "core.worker.tasks.dispatch"
    queue.storage.close()


def test_a_deleted_queue_file_is_noticed_by_both_sides(tmp_path: Path) -> None:
    path = tmp_path / "queue.db"
    web, worker = open_queue(f"sqlite:///{path}"), open_queue(f"sqlite:///{path}")
    ring, _ = tasks(web), tasks(worker)
    ring.drain()
    assert worker.dequeue() is not None
    for victim in (path, tmp_path / "queue.db.bell"):
        os.unlink(victim)
    ring.drain()
    assert worker.dequeue() is not None
    path.write_bytes(b"this is no database" * 300)
    with pytest.raises(Exception, match="not a database"):
        ring.drain()
    ring.drain()
    assert worker.dequeue() is not None
    web.storage.close()
    worker.storage.close()


def test_the_bell_wakes_one_that_waits(tmp_path: Path) -> None:
    for url in _urls(tmp_path):
        queue = open_queue(url)
        ring, found = tasks(queue), []
        queue.storage._patience = 30.0
        waiter = threading.Thread(target=lambda q=queue, f=found: f.append(q.dequeue()))
        waiter.start()
        ring.drain()
        waiter.join(20)
        assert found and found[0] is not None
        queue.storage.close()


@pytest.mark.parametrize("url", ["", "amqp://x", "sqlite:///", "file:///x"])
def test_an_unknown_url_is_refused_with_one_sentence(url: str) -> None:
    with pytest.raises(SettingsError, match="INSTAFLOW_QUEUE_URL"):
        open_queue(url)


def test_rings_are_coalesced_and_the_last_one_is_kept() -> None:
    rung = threading.Semaphore(0)
    count = [0]

    def ring() -> None:
        count[0] += 1
        rung.release()

    wake = Coalesced(ring, spacing=0.05)
    for _ in range(100):
        wake()
    assert rung.acquire(timeout=5) and rung.acquire(timeout=5)
    assert not rung.acquire(timeout=0.2)
    assert count == [2]


def test_a_queue_that_is_down_raises_nothing_at_the_caller() -> None:
    wakes = Wakes(open_queue("redis://127.0.0.1:1/0"))
    wakes.drain()
    wakes.chore()
    time.sleep(0)
