"""A real web process on each store, and people with a folder of flows and an account there."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from core.cli import cli
from tests.api.conftest import instagram, town
from tests.conftest import fresh_url

__all__ = ["instagram", "town"]
"""The installation inside of this process, for what is asked a thousand times."""
ROOT = Path(__file__).parents[2]
KEY = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="
PASSWORD = "seven grey herons"
CLEAN = {k: v for k, v in os.environ.items() if not k.startswith("INSTAFLOW_")}


class Web:
    """A running web process."""

    def __init__(self, url: str, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.address, self.url = f"http://127.0.0.1:{self.port}", url
        environ = {
            **CLEAN,
            "INSTAFLOW_DATABASE_URL": url,
            "INSTAFLOW_DATA_DIR": str(folder),
            "INSTAFLOW_QUEUE_URL": f"sqlite:///{folder / 'queue.db'}",
            "INSTAFLOW_SECRET_KEY": "k" * 40,
            "INSTAFLOW_ENCRYPTION_KEYS": KEY,
            "INSTAFLOW_PORT": str(self.port),
            "INSTAFLOW_RATE_LIMITS": "off",
            "INSTAFLOW_LOG_LEVEL": "warning",
            "INSTAFLOW_MAIL_URL": f"file:{folder / 'mail'}",
        }
        self.process = subprocess.Popen([sys.executable, "-m", "core.cli", "web"], cwd=ROOT, env=environ)

    def call(self, method: str, path: str, body: Any = None, token: str = "") -> Any:
        """A request that must go well."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
        try:
            connection.request(method, f"/api/v1{path}", None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            raw = answer.read()
        finally:
            connection.close()
        assert answer.status < 300, (answer.status, raw)
        return json.loads(raw) if raw else None

    def ready(self) -> None:
        """Waits for the port."""
        deadline = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                assert self.process.poll() is None and time.monotonic() < deadline, "the web process did not start"
                time.sleep(0.05)

    def stop(self) -> None:
        """Ends it."""
        self.process.terminate()
        self.process.wait(30)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def web(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """One process on each store; tests are apart by their accounts."""
    folder = tmp_path_factory.mktemp("web")
    with fresh_url(request, folder) as url:
        running = Web(url, folder)
        try:
            running.ready()
            yield running
        finally:
            running.stop()


class Folder:
    """Somebody's folder of flows, with an account of their own on the server."""

    def __init__(self, web: Web, root: Path) -> None:
        self.web, self.root = web, root
        self.email, self.username = f"p{uuid.uuid4().hex[:10]}@example.org", f"shop.{uuid.uuid4().hex[:8]}"
        body = {"email": self.email, "password": PASSWORD, "firstName": "Ana", "lastName": "Ruiz"}
        self.token: str = web.call("POST", "/auth/register", body)["token"]
        body = {
            "instagramUserId": f"17{uuid.uuid4().int % 10**15}",
            "instagramUsername": self.username,
            "accessToken": "t",
        }
        self.account: str = self.call("POST", "/instagram-accounts", body)["instagramAccountId"]
        (root / "flows").mkdir(parents=True)
        self.write("instaflow.yaml", f"server: {web.address}\naccount: {self.username}\n")

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """A request of the person that must go well."""
        return self.web.call(method, path, body, self.token)

    def write(self, name: str, text: str) -> Path:
        """A file."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def read(self, name: str) -> str:
        """A file's text."""
        return (self.root / name).read_text("utf-8")

    @property
    def environ(self) -> dict[str, str]:
        """Signs the person in."""
        return {"INSTAFLOW_TOKEN": self.token}

    def run(self, *args: str, env: dict[str, str] | None = None) -> Result:
        """`instaflow …` in this process, in the folder."""
        return self._run([args[0], "-w", str(self.root), *args[1:]], self.environ if env is None else env)

    def kept(self, plan: str) -> Result:
        """`instaflow apply PLAN`."""
        return self._run(["apply", plan, "--yes"], self.environ)

    def _run(self, args: list[str], env: dict[str, str]) -> Result:
        nobody = dict.fromkeys(k for k in os.environ if k.startswith("INSTAFLOW_"))
        return CliRunner().invoke(cli, args, env={**nobody, **env})

    def start(self, *args: str) -> subprocess.Popen[str]:
        """`instaflow …` as a process of its own."""
        command = [sys.executable, "-m", "core.cli", *args]
        environ = {**CLEAN, **self.environ, "PYTHONPATH": str(ROOT)}
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=ROOT, env=environ, stdout=pipe, stderr=subprocess.STDOUT, text=True)

    def plan(self, *args: str) -> dict[str, Any]:
        """The plan as JSON."""
        found: dict[str, Any] = json.loads(self.run("plan", "--json", *args).stdout)
        return found

    def kinds(self) -> dict[str, str]:
        """What the plan says of each flow."""
        return {f["slug"]: f["kind"] for f in self.plan()["flows"]}

    def flow(self, slug: str) -> dict[str, Any]:
        """The flow on the server."""
        listed = self.call("GET", f"/instagram-accounts/{self.account}/flows?limit=100")
        id_ = next(f["flowId"] for f in listed if f["slug"] == slug)
        found: dict[str, Any] = self.call("GET", f"/flows/{id_}")
        return found

    def draw(self, slug: str, change: Any) -> None:
        """The canvas: the stored definition, changed by ``change``, saved."""
        flow = self.flow(slug)
        change(flow["flowDefinition"])
        self.call("PUT", f"/flows/{flow['flowId']}", {"flowDefinition": flow["flowDefinition"]})


@pytest.fixture
def folder(web: Web, tmp_path: Path) -> Folder:
    """A folder without flows."""
    return Folder(web, tmp_path / "shop")
