"""The process tree of ``instaflow run`` and ``demo``: starts children, restarts one that died, stops them in order."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.lifeline import PARENT, WORKER_BESIDE
from core.model.errors import SettingsError

log = logging.getLogger(__name__)

RESTART_WAIT = (0.0, 0.2, 1.0, 3.0, 10.0)
"""Seconds before the nth restart within a minute."""

HOPELESS = 2
"""Exit status of a process whose settings are wrong: starting it again changes nothing."""


@dataclass
class Child:
    """One process: ``args`` after ``python -m core.cli``; ``grace`` seconds to stop in."""

    name: str
    args: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    grace: float = 30.0
    process: subprocess.Popen[bytes] | None = None
    deaths: list[float] = field(default_factory=list)


class Tree:
    """Children in start order; they are stopped in the reverse order."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = list(children)
        self.stopping = threading.Event()

    def start(self) -> None:
        """Starts all children without waiting for them."""
        for child in self.children:
            self._spawn(child)

    def watch(self) -> int:
        """Restarts children that die until asked to stop (SIGINT, SIGTERM); answers the exit status: 0, or that of a child
        whose settings are wrong, which ends the tree."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self.stopping.set())
        while not self.stopping.wait(0.1):
            for child in self.children:
                if child.process is None or child.process.poll() is None:
                    continue
                if child.process.returncode == HOPELESS:
                    self.stop()
                    return HOPELESS
                self._restart(child)
        self.stop()
        return 0

    def stop(self) -> None:
        """SIGTERM to each, last started first, then SIGKILL after its grace."""
        self.stopping.set()
        for child in reversed(self.children):
            if child.process is None or child.process.poll() is not None:
                continue
            child.process.send_signal(signal.SIGTERM)
            try:
                child.process.wait(child.grace)
            except subprocess.TimeoutExpired:
                _speak()
                log.error("process did not stop in time and was killed", extra={"child": child.name})
                child.process.kill()
                child.process.wait()

    def _spawn(self, child: Child) -> None:
        env = {**os.environ, **child.env, PARENT: str(os.getpid())}
        if any(c.name == "worker" for c in self.children):
            env[WORKER_BESIDE] = "1"
        child.process = subprocess.Popen(
            [sys.executable, "-m", "core.cli", *child.args], env=env, start_new_session=True
        )

    def _restart(self, child: Child) -> None:
        code = child.process.returncode if child.process else None
        now = time.monotonic()
        child.deaths = [t for t in child.deaths if now - t < 60] + [now]
        wait = RESTART_WAIT[min(len(child.deaths), len(RESTART_WAIT)) - 1]
        _speak()
        log.error("process ended and is started again", extra={"child": child.name, "code": code, "after": wait})
        if not self.stopping.wait(wait):
            self._spawn(child)


def _speak() -> None:
    """The parent speaks seldom: its log is set up by its first line, as that takes memory."""
    if not logging.getLogger().handlers:
        from core.observe import configure
        from core.settings import load

        settings = load()
        configure(settings.log_level, settings.log_format, process="tree")


def refuse_memory(queue_url: str) -> None:
    """Raises SettingsError for a queue in memory: web and worker are two processes (decision 30)."""
    if queue_url.startswith("memory:"):
        raise SettingsError(
            "INSTAFLOW_QUEUE_URL: memory:// works within one process only, and web and worker are two; name a file or a server"
        )
