"""What stops the start, and what the doctor says: one sentence each, no stack trace."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

NOBODY_LISTENS = "postgresql://nobody:canary-password@127.0.0.1:1/x"
KEYS = {"INSTAFLOW_SECRET_KEY": "k" * 40, "INSTAFLOW_ENCRYPTION_KEYS": "MTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTE="}


def instaflow(*args: str, **settings: object) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith("INSTAFLOW_")}
    env |= {f"INSTAFLOW_{k.upper()}": str(v) for k, v in settings.items()}
    return subprocess.run(
        [sys.executable, "-m", "core.cli", *args], capture_output=True, text=True, env=env, timeout=60, check=False
    )


@contextmanager
def running(command: str, **settings: object) -> Iterator[int]:
    """The command with a port of its own until the block ends; answers the port."""
    port = free_port()
    env = {k: v for k, v in os.environ.items() if not k.startswith("INSTAFLOW_")}
    env |= {f"INSTAFLOW_{k.upper()}": str(v) for k, v in {**settings, "port": port}.items()}
    process = subprocess.Popen([sys.executable, "-m", "core.cli", command], env=env, stderr=subprocess.DEVNULL)
    try:
        yield port
    finally:
        process.terminate()
        assert process.wait(30) == 0


def ready(port: int, seconds: float = 30) -> dict[str, object]:
    """What /readyz answers when it is 200 at last."""
    end, said = time.monotonic() + seconds, "nothing"
    while time.monotonic() < end:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("GET", "/readyz")
            answer = connection.getresponse()
            body = answer.read().decode()
            if answer.status == 200:
                return dict(json.loads(body))
            said = body
        except OSError as e:
            said = repr(e)
        finally:
            connection.close()
        time.sleep(0.1)
    raise AssertionError(f"not ready: {said}")


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def test_a_tree_needs_a_queue_that_processes_share(tmp_path: Path) -> None:
    done = instaflow("run", data_dir=tmp_path, queue_url="memory://", port=free_port())
    assert done.returncode == 2 and "memory:// works within one process only" in done.stderr
    assert "Traceback" not in done.stderr and not (tmp_path / "instaflow.db").exists()


@pytest.mark.parametrize("command", ["web", "worker"])
def test_web_and_worker_alone_need_it_as_well(command: str, tmp_path: Path) -> None:
    done = instaflow(command, data_dir=tmp_path, queue_url="memory://", port=free_port())
    assert done.returncode == 2 and "memory:// works within one process only" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["run", "web", "worker"])
@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("redis://:canary-password@localhost:no", "whose port is a number"),
        ("redis://:canary-password/x@localhost", "whose port is a number"),
        ("sqlite:///", "the path of a file"),
        ("amqp://u:canary-password@localhost", "begins with one of memory://"),
    ],
)
def test_a_queue_that_cannot_be_used_stops_the_start(command: str, url: str, words: str, tmp_path: Path) -> None:
    done = instaflow(command, data_dir=tmp_path, queue_url=url, port=free_port())
    assert done.returncode == 2 and "INSTAFLOW_QUEUE_URL" in done.stderr and words in done.stderr
    assert "Traceback" not in done.stderr and "canary-password" not in done.stderr


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        s.listen()
        port = s.getsockname()[1]
        done = instaflow("run", data_dir=tmp_path, port=port)
    assert done.returncode == 2 and f"cannot listen at 127.0.0.1:{port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_data_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = instaflow("run", data_dir=tmp_path / "file" / "data")
    assert done.returncode == 2 and "INSTAFLOW_DATA_DIR" in done.stderr and "Traceback" not in done.stderr


def test_a_child_with_wrong_settings_ends_the_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    from core.cli.tree import Child, Tree

    monkeypatch.setenv("INSTAFLOW_PORT", "no number")
    tree = Tree([Child("worker", ["worker"])])
    tree.start()
    assert tree.watch() == 2


def test_a_web_process_alone_is_ready_without_a_worker(sqlite_url: str, tmp_path: Path) -> None:
    with running("web", data_dir=tmp_path / "data", database_url=sqlite_url, **_keys(sqlite_url)) as port:
        figures = ready(port)["figures"]
    assert isinstance(figures, dict) and figures["worker_age"] is None


def test_in_a_tree_it_is_ready_with_its_worker(sqlite_url: str, tmp_path: Path) -> None:
    with running("run", data_dir=tmp_path / "data", database_url=sqlite_url, **_keys(sqlite_url)) as port:
        figures = ready(port)["figures"]
    assert isinstance(figures, dict) and figures["worker_age"] is not None


@pytest.mark.parametrize("url", ["", NOBODY_LISTENS])
def test_the_doctor_says_what_it_can_when_the_database_is_of_no_use(url: str, tmp_path: Path) -> None:
    done = instaflow("doctor", "--json", data_dir=tmp_path, **({"database_url": url} if url else {}), **_keys(url))
    assert done.returncode == 1, done.stderr
    found = {f["about"]: f for f in json.loads(done.stdout)["findings"]}
    assert found["database"]["state"] == "problem" and found["database"]["cure"]
    assert found["Meta app"]["state"] == "problem" and found["queue"]["state"] == "ok"
    assert "canary-password" not in done.stdout + done.stderr


def _keys(url: str) -> dict[str, str]:
    return {k.removeprefix("INSTAFLOW_").lower(): v for k, v in KEYS.items()} if url else {}


def test_the_doctor_names_a_queue_that_does_not_answer(tmp_path: Path) -> None:
    done = instaflow("doctor", data_dir=tmp_path, queue_url="redis://:canary-password@127.0.0.1:1/0")
    assert done.returncode == 1 and "warning  queue: it is unreachable" in done.stdout
    assert "canary-password" not in done.stdout + done.stderr


def test_a_new_data_folder_is_its_owners_only(tmp_path: Path) -> None:
    folder = tmp_path / "made" / "data"
    instaflow("doctor", data_dir=folder)
    assert folder.stat().st_mode & 0o777 == 0o700
