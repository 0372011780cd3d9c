"""Web and worker as processes that are killed and started again, for ``instaflow bench chaos``."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from core.settings import Settings

ROLES = ("worker", "web")


class Crew:
    """One web and one worker process, each in a process group of its own; ``kills`` counts by role."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = int(s.getsockname()[1])
        self.env: dict[str, str] = {}
        self.kills: Counter[str] = Counter()
        self.flushed_ns = 0
        self._folder = folder
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Starts both and waits until the web process listens."""
        for role in ROLES:
            self._spawn(role)
        end = time.monotonic() + 30
        while time.monotonic() < end:
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError(f"the web process did not start: {self._log('web').read_text()[-2000:]}")

    def kill(self, role: str) -> None:
        """SIGKILL to the whole group of ``web``, ``worker`` or both (``all``), then a new start."""
        self.kills[role] += 1
        roles = ROLES if role == "all" else (role,)
        for each in roles:
            os.killpg(self._processes[each].pid, signal.SIGKILL)
            self._processes[each].wait()
        for each in roles:
            self._spawn(each)

    def flush_queue(self, settings: Settings) -> None:
        """Deletes everything that the queue holds: FLUSHALL, or the file."""
        self.flushed_ns = time.time_ns()
        if settings.queue_url.startswith("sqlite"):
            for end in ("", "-wal", "-shm"):
                Path(settings.queue_url.removeprefix("sqlite:///") + end).unlink(missing_ok=True)
            return
        import redis

        redis.Redis.from_url(settings.queue_url).flushall()

    def stop(self) -> None:
        """Ends both, politely and then not."""
        for role in reversed(ROLES):
            process = self._processes.get(role)
            if process is None or process.poll() is not None:
                continue
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def _log(self, role: str) -> Path:
        return self._folder / f"{role}.log"

    def _spawn(self, role: str) -> None:
        with self._log(role).open("ab") as log:
            self._processes[role] = subprocess.Popen(
                [sys.executable, "-m", "core.cli", role],
                env={**os.environ, **self.env},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
