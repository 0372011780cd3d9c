"""The web process as it really runs, by both of its doors: ``wsgi:front`` on RSGI, as ``instaflow web`` does, and ``wsgi:app`` on
WSGI, as any other server would; and the same operations inside Flask."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.host.manager import load
from core.model.limits import WEBHOOK_BYTES
from core.services.house import House
from core.settings import Settings
from core.store.store import Store
from core.testing.clock import FixedClock
from flask_api import create_app
from plugins.instagram.signature import sign
from tests.webhooks.conftest import BAKERY, BY_NAME, NEWEST, PAYLOADS, SECRET, SHOP, seed, shifted

ROOT = Path(__file__).parents[2]
PATH = "/api/v1/webhooks/instagram"
DOORS = {"rsgi": "wsgi:front", "wsgi": "wsgi:app"}
KEY = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="


class Web:
    """A running web process."""

    def __init__(self, url: str, folder: Path, interface: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        environ = {
            **{k: v for k, v in os.environ.items() if not k.startswith("INSTAFLOW_")},
            "INSTAFLOW_DATABASE_URL": url,
            "INSTAFLOW_DATA_DIR": str(folder),
            "INSTAFLOW_META_APP_SECRETS": f"other,{SECRET}",
            "INSTAFLOW_META_VERIFY_TOKEN": "verify-me",
            "INSTAFLOW_SECRET_KEY": "k" * 40,
            "INSTAFLOW_ENCRYPTION_KEYS": KEY,
            "INSTAFLOW_PORT": str(self.port),
        }
        command = [sys.executable, "-m", "granian", "--interface", interface, "--workers", "1"]
        where = ["--host", "127.0.0.1", "--port", str(self.port), "--no-ws", "--no-log", DOORS[interface]]
        self.process = subprocess.Popen([*command, *where], cwd=ROOT, env=environ)

    def request(self, method: str, path: str, body: Any = None, headers: Any = None) -> tuple[int, bytes, Any]:
        """One request on a connection of its own; waits for the port at first."""
        deadline = time.monotonic() + 30
        while True:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            try:
                connection.request(
                    method, path, body, headers or {}, encode_chunked=not isinstance(body, (bytes, type(None)))
                )
                answer = connection.getresponse()
                return answer.status, answer.read(), answer.headers
            except ConnectionRefusedError:
                assert self.process.poll() is None and time.monotonic() < deadline, "the web process did not come up"
                time.sleep(0.02)
            finally:
                connection.close()

    def deliver(self, payload: Any) -> int:
        """A payload, shifted to the real now, signed."""
        delta = time.time_ns() // 1_000_000 - NEWEST
        body = json.dumps(shifted(payload, delta - delta % 1000)).encode()
        return self.request("POST", PATH, body, {"X-Hub-Signature-256": sign(body, SECRET).decode()})[0]


@pytest.fixture(params=DOORS)
def web(request: pytest.FixtureRequest, db_url: str, tmp_path: Path) -> Iterator[Web]:
    """The web process on each kind of database, with the two accounts of the payloads."""
    seed(Store(db_url), BAKERY, SHOP)
    running = Web(db_url, tmp_path, request.param)
    yield running
    running.process.terminate()
    assert running.process.wait(30) == 0


def test_the_web_process(web: Web, db_url: str) -> None:
    """All payloads while the application still loads, then the corners that only a real server has."""
    assert [web.deliver(p["payload"]) for p in PAYLOADS] == [200] * 77
    with Store(db_url).db.read() as tx:
        assert tx.one("SELECT count(*), count(DISTINCT dedupe_key) FROM inbound_event") == (76, 76)

    body = json.dumps(BY_NAME["text_dm"]["payload"]).encode()
    signed = {"X-Hub-Signature-256": sign(body, SECRET).decode()}
    pieces = iter([body[:9], body[9:]])
    assert web.request("POST", PATH + "/", pieces, {**signed, "Transfer-Encoding": "chunked"})[0] == 200
    odd = web.request("POST", PATH, body, {"X-Hub-Signature-256": b"sha256=\xff\xfe", "X-Request-Id": "from-outside"})
    assert (odd[0], json.loads(odd[1])["code"], odd[2]["X-Request-Id"]) == (400, "invalid_signature", "from-outside")
    large = web.request("POST", PATH, b" " * (WEBHOOK_BYTES + 1), signed)
    assert (large[0], json.loads(large[1])["code"]) == (413, "body_too_large")

    asked = "?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token="
    agreed = web.request("GET", f"{PATH}{asked}verify-me")
    assert (agreed[0], agreed[1]) == (200, b"1158201444") and agreed[2]["Content-Type"].startswith("text/plain")
    assert web.request("GET", f"{PATH}{asked}wrong")[0] == 403
    assert web.request("GET", f"{PATH}?hub.mode=subscribe&hub.challenge=%3Cb%3E&hub.verify_token=verify-me")[0] == 403
    assert web.request("PUT", PATH)[0] == 405


@pytest.fixture
def flask_client(store: Store, clock: FixedClock, tmp_path: Path) -> Any:
    """The Flask application without the receiver in front."""
    seed(store, BAKERY)
    settings = Settings(
        tmp_path,
        store.url,
        "memory://",
        meta_app_secrets=(SECRET,),
        meta_verify_token="verify-me",
        secret_key="k" * 40,
        encryption_keys=(KEY,),
    )
    return create_app(House(settings, store, clock, load(entry_points=False))).test_client()


def test_the_same_function_inside_flask(flask_client: Any, store: Store) -> None:
    body = json.dumps(BY_NAME["text_dm"]["payload"]).encode()
    signed = {"X-Hub-Signature-256": sign(body, SECRET).decode()}
    answer = flask_client.post(PATH, data=body, headers=signed, content_type="application/json")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
    refused = flask_client.post(PATH, data=body + b" ", headers=signed, content_type="application/json")
    assert (refused.status_code, refused.json["code"]) == (400, "invalid_signature")
    with store.db.read() as tx:
        assert tx.one("SELECT count(*) FROM inbound_event") == (1,)


def test_the_operations_are_documented(flask_client: Any) -> None:
    document = flask_client.application.extensions["instaflow-api"].document()
    operations = document["paths"][PATH]
    assert operations["post"]["operationId"] == "receiveInstagramWebhook"
    assert operations["get"]["operationId"] == "verifyInstagramWebhook"
    assert {"200", "400", "413", "503"} <= operations["post"]["responses"].keys()
    assert operations["post"]["x-role"] == operations["get"]["x-role"] == "public"
