"""A real ``instaflow run`` on SQLite beside a fake Instagram, with the lines that it logs."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from core.cli.demo_http import Client, until
from core.cli.demo_seed import API
from core.testing.instagram import FakeInstagram

SECRET = "app-secret-canary-8d1f"
TEXT = "my secret wish is marzipan"
REPLY = "So you dream of almonds"
PASSWORD = "seven grey herons"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


class House:
    """The tree, its account, and its log: one JSON object a line."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.port, self.closed = free_port(), free_port()
        self.path = folder / "log.txt"
        hook = f"http://127.0.0.1:{self.port}{API}/webhooks/instagram"
        self.fake = FakeInstagram(webhook_url=hook, secret=SECRET).start()
        env = {k: v for k, v in os.environ.items() if not k.startswith("INSTAFLOW_")}
        env |= {f"INSTAFLOW_{name.upper()}": value for name, value in self._settings(folder, settings).items()}
        with self.path.open("wb") as out:
            args = [sys.executable, "-m", "core.cli", "run"]
            self.process = subprocess.Popen(args, stdout=out, stderr=out, env=env, cwd=Path(__file__).parents[2])
        self.api = Client(f"http://127.0.0.1:{self.port}")

    def _settings(self, folder: Path, more: dict[str, str]) -> dict[str, str]:
        return {
            "data_dir": str(folder / "data"),
            "port": str(self.port),
            "log_format": "json",
            "log_level": "debug",
            "meta_app_id": self.fake.stage.app.id,
            "meta_app_secrets": SECRET,
            "meta_verify_token": "verify-canary",
            "graph_url": self.fake.graph_url,
            "graph_url_facebook": self.fake.graph_url_facebook,
            "allow_private_hosts": f"127.0.0.1:{self.closed}",
            **more,
        }

    def open(self) -> None:
        """Waits until it is ready, registers a person, connects an account."""
        assert until(lambda: self.api.get("/readyz"), 60), self.path.read_text()[-3000:]
        person = {"email": "ana@example.org", "password": PASSWORD, "firstName": "Ana", "lastName": "Ruiz"}
        made = self.api.post(f"{API}/auth/register", {**person, "refresh": "body"})
        self.user, self.api.token = made["userId"], made["token"]
        ig_id, self.token = self.fake.account("almond.shop")
        body = {"instagramUserId": ig_id, "instagramUsername": "almond.shop", "accessToken": self.token}
        self.account: str = self.api.post(f"{API}/instagram-accounts", body)["instagramAccountId"]

    def flow(self, word: str, *nodes: dict[str, Any]) -> str:
        """A live flow that the word starts; answers its id."""
        definition = {"startNodeId": nodes[0]["id"], "nodes": list(nodes)}
        body = {"name": f"On {word}", "flowDefinition": definition}
        flow_id: str = self.api.post(f"{API}/instagram-accounts/{self.account}/flows", body)["flowId"]
        self.api.post(f"{API}/flows/{flow_id}/triggers", {"type": "dm_keyword", "keyword": word})
        self.api.put(f"{API}/flows/{flow_id}", {"status": "active"})
        return flow_id

    def lines(self, event: str = "", **fields: Any) -> list[dict[str, Any]]:
        """What was logged so far, complete lines only."""
        whole = self.path.read_text().rpartition("\n")[0].splitlines()
        found = [json.loads(line) for line in whole if line.startswith("{")]
        return [x for x in found if event in ("", x["event"]) and all(x.get(k) == v for k, v in fields.items())]

    def wait(self, event: str, **fields: Any) -> list[dict[str, Any]]:
        """The lines with these words, as soon as there is one."""
        found: list[dict[str, Any]] = until(lambda: self.lines(event, **fields), 30) or []
        assert found, (event, fields, self.path.read_text()[-3000:])
        return found

    def close(self) -> None:
        """Ends the tree as Ctrl-C does."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(40)
        self.fake.stop()
