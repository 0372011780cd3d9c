"""The systems under test: InstaFlow on both stores, and the hand-written bots, each as a process tree on loopback."""

import base64
import os
import secrets
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import psutil

from core.settings import load
from core.testing.seed import ASKING_FLOW, KEYWORD_FLOW, prepare
from core.testing.servers import postgres, redis

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
SECRET = "bench-secret"
ACCOUNT = "17841400000000001"
PATH = "/api/v1/webhooks/instagram"


class System:
    """One system: ``prepare`` once, ``start``, then measure; ``stop`` ends what it started, by pid."""

    def __init__(self, folder: Path, port: int, sink: int) -> None:
        self.folder, self.port, self.sink = folder, port, f"http://127.0.0.1:{sink}"
        self.processes: list[subprocess.Popen[bytes]] = []
        self.services: list[int] = []
        self.stack = ExitStack()
        self.conditions = ""

    def prepare(self) -> None:
        """Set-up that is not part of the cold start."""

    def start(self) -> None:
        """Starts the processes without waiting."""
        raise NotImplementedError

    def spawn(self, *command: str, **env: str) -> None:
        """One process with its output in the folder."""
        log = (self.folder / f"{len(self.processes)}.log").open("wb")
        self.processes.append(
            subprocess.Popen(
                command, env={**os.environ, **env}, cwd=HERE.parent, stdout=log, stderr=log, start_new_session=True
            )
        )

    def tree(self, services: bool) -> list[psutil.Process]:
        """The processes of the system, with those of its databases when asked for."""
        found = []
        for pid in [p.pid for p in self.processes] + (self.services if services else []):
            if psutil.pid_exists(pid):
                root = psutil.Process(pid)
                found += [root, *root.children(recursive=True)]
        return found

    def cpu(self) -> float:
        """CPU seconds so far, services included, reaped children too."""
        total = 0.0
        for process in self.tree(True):
            try:
                t = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += t.user + t.system + t.children_user + t.children_system
        return total

    def memory(self, services: bool = False) -> float:
        """PSS of the tree in MiB."""
        return sum(p.memory_full_info().pss for p in self.tree(services)) / 2**20

    def audit(self, sent: int, replies: int, echoes: int) -> list[str]:
        """What the rows say against what the generator saw: an empty list is well."""
        return []

    def stop(self) -> None:
        """SIGTERM, then SIGKILL, then the services."""
        for process in reversed(self.processes):
            members = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
            for member in members:
                if member.is_running():
                    member.kill()
            process.wait()
        self.stack.close()

    def start_postgres(self) -> str:
        """A private PostgreSQL with fsync and synchronous_commit on; answers its URL."""
        server = self.stack.enter_context(postgres())
        self.services.append(server.pid)
        return server.url

    def start_redis(self) -> str:
        """A private Redis with its data on disk every second; answers its URL."""
        server = self.stack.enter_context(redis())
        self.services.append(server.pid)
        return server.url


class BotSqlite(System):
    """Flask + Huey on SQLite; stores nothing."""

    def start(self) -> None:
        self.conditions = "stores nothing; Huey on SQLite"
        env = {
            "GRAPH": self.sink,
            "SECRET": SECRET,
            "QUEUE": f"sqlite:{self.folder}/queue.db",
            "PYTHONPATH": str(HERE / "peers"),
        }
        self._run(env)

    def _run(self, env: dict[str, str]) -> None:
        self.spawn(str(BIN / "huey_consumer"), "bot.huey", "-w", "4", "-k", "thread", "-q", **env)
        gunicorn = ["-w", "2", "-k", "gthread", "--threads", "8", "--keep-alive", "30", "--log-level", "warning"]
        self.spawn(str(BIN / "gunicorn"), *gunicorn, "-b", f"127.0.0.1:{self.port}", "bot:app", **env)


class BotRedisPg(BotSqlite):
    """Flask + Huey on Redis, contact and messages in PostgreSQL."""

    def prepare(self) -> None:
        self.pg, self.redis = self.start_postgres(), self.start_redis()

    def start(self) -> None:
        self.conditions = "contact and messages in PostgreSQL, synchronous_commit=on; Huey on Redis"
        env = {
            "GRAPH": self.sink,
            "SECRET": SECRET,
            "QUEUE": f"redis:{self.redis}",
            "PERSIST": f"pg:{self.pg}",
            "PYTHONPATH": str(HERE / "peers"),
        }
        self._run(env)


class InstaFlowSqlite(System):
    """``instaflow run`` on the embedded default."""

    flow = KEYWORD_FLOW
    database, queue = "", ""

    def prepare(self) -> None:
        self.env = {
            "INSTAFLOW_DATA_DIR": str(self.folder),
            "INSTAFLOW_PORT": str(self.port),
            "INSTAFLOW_META_APP_SECRETS": SECRET,
            "INSTAFLOW_META_VERIFY_TOKEN": "bench",
            "INSTAFLOW_GRAPH_URL": self.sink,
            "INSTAFLOW_ALLOW_PRIVATE_HOSTS": self.sink.removeprefix("http://"),
            "INSTAFLOW_SEND_RATE": "0",
            "INSTAFLOW_LOG_LEVEL": "warning",
            "INSTAFLOW_SECRET_KEY": secrets.token_hex(32),
            "INSTAFLOW_ENCRYPTION_KEYS": base64.b64encode(secrets.token_bytes(32)).decode(),
            **({"INSTAFLOW_DATABASE_URL": self.database, "INSTAFLOW_QUEUE_URL": self.queue} if self.database else {}),
        }
        self.settings = load(self.env)
        prepare(self.settings, {ACCOUNT: "bench-token"}, self.flow, time.time_ns() // 1_000_000)

    def start(self) -> None:
        self.conditions = self.conditions or "SQLite, synchronous=FULL; Huey on SQLite"
        self.spawn(sys.executable, "-m", "core.cli", "run", **self.env)

    def audit(self, sent: int, replies: int, echoes: int) -> list[str]:
        from audit import audit

        return audit(self.settings, sent, replies, echoes)


class InstaFlowScale(InstaFlowSqlite):
    """``instaflow run`` with two URLs."""

    def prepare(self) -> None:
        self.database, self.queue = self.start_postgres(), self.start_redis()
        self.conditions = "PostgreSQL, fsync=on, synchronous_commit=on; Huey on Redis"
        super().prepare()


class InstaFlowSqliteResumed(InstaFlowSqlite):
    """The same, with runs that wait and resume."""

    flow = ASKING_FLOW


class InstaFlowScaleResumed(InstaFlowScale):
    """The same, with runs that wait and resume."""

    flow = ASKING_FLOW


SYSTEMS: dict[str, type[System]] = {
    "bot-sqlite": BotSqlite,
    "instaflow-sqlite": InstaFlowSqlite,
    "instaflow-sqlite-resumed": InstaFlowSqliteResumed,
    "bot-redis-pg": BotRedisPg,
    "instaflow-pg-redis": InstaFlowScale,
    "instaflow-pg-redis-resumed": InstaFlowScaleResumed,
}
