"""The demo's own house: data folder, ports, the processes and their environment."""

import fcntl
import json
import secrets
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import click

from core.cli.demo_http import Client, until
from core.cli.tree import Child, Tree
from core.settings_read import environment

MARK = "demo.json"
READY_SECONDS = 60.0


@dataclass
class Demo:
    """Where everything is. ``secret`` signs the fake's webhooks; ``lock`` is held while the demo runs."""

    data: Path
    port: int
    fake_port: int
    secret: str
    lock: IO[str]

    @property
    def url(self) -> str:
        """InstaFlow's address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def fake_url(self) -> str:
        """The fake Instagram's address."""
        return f"http://127.0.0.1:{self.fake_port}"

    @property
    def database_url(self) -> str:
        """The demo's own database, whatever the environment says."""
        return f"sqlite:///{self.data}/instaflow.db"

    def env(self) -> dict[str, str]:
        """What the processes are told; these settings win over the user's environment and .env file, the log level apart."""
        return {
            "INSTAFLOW_DATA_DIR": str(self.data),
            "INSTAFLOW_DATABASE_URL": self.database_url,
            "INSTAFLOW_QUEUE_URL": f"sqlite:///{self.data}/queue.db",
            "INSTAFLOW_HOST": "127.0.0.1",
            "INSTAFLOW_PORT": str(self.port),
            "INSTAFLOW_PUBLIC_URL": self.url,
            "INSTAFLOW_META_APP_ID": "880000000000001",
            "INSTAFLOW_META_APP_SECRETS": self.secret,
            "INSTAFLOW_META_VERIFY_TOKEN": self.secret[::-1],
            "INSTAFLOW_META_LOGIN": "instagram",
            "INSTAFLOW_GRAPH_URL": f"{self.fake_url}/ig",
            "INSTAFLOW_GRAPH_URL_FACEBOOK": f"{self.fake_url}/fb",
            "INSTAFLOW_CLOCK_URL": f"{self.fake_url}/clock",
            "INSTAFLOW_REGISTRATION": "open",
            "INSTAFLOW_MAIL_URL": f"file:{self.data}/mail",
            "INSTAFLOW_LOG_LEVEL": environment().get("INSTAFLOW_LOG_LEVEL") or "warning",
            "FAKE_INSTAGRAM_SECRET": self.secret,
            "FAKE_INSTAGRAM_VERIFY_TOKEN": self.secret[::-1],
        }

    def tree(self) -> Tree:
        """Fake, worker, web: started in this order, stopped in the reverse one."""
        hook = f"{self.url}/api/v1/webhooks/instagram"
        fake = ["fake-instagram", "--quiet", "--port", str(self.fake_port), "--webhook", hook, "--pace", "0.1"]
        fake += ["--state", str(self.data / "fake-instagram.json")]
        env = self.env()
        return Tree([Child("fake", fake, env), Child("worker", ["worker"], env), Child("web", ["web"], env)])


def open_demo(data: Path, fresh: bool, port: int, fake_port: int) -> Demo:
    """The folder, ready and locked, and free ports near the wished ones. Raises ClickException with one sentence."""
    data = data.resolve()
    if data.exists() and any(data.iterdir()) and not (data / MARK).exists():
        raise click.ClickException(f"{data} is not a demo's folder; name another one with --data")
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = (data / ".lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise click.ClickException(f"a demo with the data in {data} runs already") from None
    if fresh:
        _empty(data)
    mark = data / MARK
    kept = json.loads(mark.read_text()) if mark.exists() else {"secret": secrets.token_hex(16)}
    mark.touch(mode=0o600)
    mark.write_text(json.dumps(kept))
    web = free_port(port)
    return Demo(data, web, free_port(fake_port, web), kept["secret"], lock)


def _empty(data: Path) -> None:
    for path in data.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != ".lock":
            path.unlink()


def free_port(wished: int, taken: int = 0) -> int:
    """The wished port on 127.0.0.1, or any free one when somebody listens there."""
    for port in (wished, 0):
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                s.bind(("127.0.0.1", port))
            except OSError:
                continue
            if (found := int(s.getsockname()[1])) != taken:
                return found
    return free_port(0, taken)


def wait_until_ready(tree: Tree, demo: Demo) -> None:
    """Until the web process says it is ready. Raises ClickException when a process ends or it takes too long."""
    api = Client(demo.url, timeout=READY_SECONDS)

    def ready() -> bool:
        for child in tree.children:
            if child.process is not None and child.process.poll() is not None:
                raise click.ClickException(f"the process '{child.name}' ended with status {child.process.returncode}")
        api.get("/readyz")
        return True

    if not until(ready, READY_SECONDS):
        raise click.ClickException(f"InstaFlow was not ready after {READY_SECONDS:.0f} s: see {demo.url}/readyz")
