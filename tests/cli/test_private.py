"""What lies in the data folder is the owner's alone."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_start import free_port, instaflow


def open_to_others(folder: Path) -> list[str]:
    return [str(p.relative_to(folder)) for p in [folder, *folder.rglob("*")] if stat.S_IMODE(p.lstat().st_mode) & 0o077]


@pytest.fixture(autouse=True)
def usual_umask():
    """What a login shell has."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def test_a_new_folder(tmp_path: Path) -> None:
    assert instaflow("db", "upgrade", data_dir=tmp_path / "d").returncode == 0
    assert (tmp_path / "d" / "instaflow.db").exists() and open_to_others(tmp_path / "d") == []


def test_what_an_older_version_left_open_is_closed(tmp_path: Path) -> None:
    data = tmp_path / "d"
    assert instaflow("db", "upgrade", data_dir=data).returncode == 0
    (data / "media").mkdir()
    (data / "note.txt").write_text("somebody's own")
    for name, mode in (("instaflow.db", 0o644), ("media", 0o755), ("note.txt", 0o644)):
        (data / name).chmod(mode)
    assert instaflow("db", "check", data_dir=data).returncode == 0
    assert open_to_others(data) == ["note.txt"]


def test_a_running_tree(tmp_path: Path) -> None:
    """``run`` with web and worker: database, WAL, queue, in-hand notes."""
    import signal
    import time
    import urllib.request

    port = free_port()
    env = {k: v for k, v in os.environ.items() if not k.startswith("INSTAFLOW_")}
    env |= {"INSTAFLOW_DATA_DIR": str(tmp_path / "d"), "INSTAFLOW_PORT": str(port)}
    tree = subprocess.Popen([sys.executable, "-m", "core.cli", "run"], env=env, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz").close()
                break
            except OSError:
                time.sleep(0.1)
        names = {p.name for p in (tmp_path / "d").iterdir()}
        assert {"instaflow.db", "instaflow.db-wal", "queue.db"} <= names and open_to_others(tmp_path / "d") == []
    finally:
        tree.send_signal(signal.SIGTERM)
        assert tree.wait(30) == 0
