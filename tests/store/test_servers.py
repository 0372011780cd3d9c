"""The private servers leave nothing behind, however their owner ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from core.testing.servers import Server, ServerFailed, postgres, redis

ROOT = Path(__file__).parents[2]
OWNER = """
import sys, time
from core.testing.servers import redis
with redis() as server:
    print(server.pid, flush=True)
    time.sleep(600)
"""


def gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def folder(server: Server) -> Path:
    return Path(psutil.Process(server.pid).cmdline()[0]).parent


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_dies_with_its_owner(how: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", OWNER], cwd=ROOT, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        pid = int(owner.stdout.readline())
        assert not gone(pid)
        os.kill(owner.pid, how)
    for _ in range(1000):
        if gone(pid):
            return
        time.sleep(0.02)
    pytest.fail("the server outlives its owner")


def test_durable_options_reach_the_servers() -> None:
    import psycopg
    import redis as client

    with postgres() as server, redis() as cache:
        with psycopg.connect(server.url) as connection:
            shown = [connection.execute(f"SHOW {name}").fetchone() for name in ("fsync", "synchronous_commit")]
        with client.from_url(cache.url) as connection:
            assert connection.config_get("appendonly") == {"appendonly": "yes"}
    assert shown == [("on",), ("on",)]
    assert gone(server.pid) and gone(cache.pid)


def test_a_server_that_cannot_start_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / ("x" * 120)))
    (tmp_path / ("x" * 120)).mkdir()
    with pytest.raises(ServerFailed, match=r"did not start: .*socket"), redis():
        pass
