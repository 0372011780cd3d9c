"""A database that is stopped or cannot be written: every operation answers 503 in the one shape, and nothing is lost."""

import json
import os
import re
import signal
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from core.cli.openapi import document
from core.store.migrate import upgrade
from core.testing.instagram import FakeInstagram
from core.testing.servers import NOBODY, postgres
from tests.api.conftest import API, PASSWORD, Shop, Town, hello


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in json.loads(document())["paths"].items():
        yield from ((m, path, o) for m, o in item.items() if m in ("get", "post", "put", "patch", "delete"))


def body_of(operation: dict[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    return {} if content is None else {"json": content["example"]}


def gone(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return True
    return False


def test_postgresql_stops_and_every_operation_says_so(instagram: FakeInstagram, tmp_path: Path) -> None:
    with postgres(fsync=False, synchronous_commit=False) as server:
        upgrade(server.url)
        town = Town(server.url, tmp_path, instagram)
        shop = Shop(town)
        assert shop.get("/users/me").status_code == 200
        os.kill(server.pid, signal.SIGINT)
        while not gone(server.url):
            pass
        asked = 0
        for method, path, operation in operations():
            if operation["x-role"] == "public":
                continue
            address = re.sub(
                r"\{(\w+)\}", lambda m: "1" if m[1] == "number" or len(m[1]) == 1 else str(uuid.uuid4()), path
            )
            answer = shop.call(method.upper(), address.removeprefix(API), **body_of(operation))
            assert (answer.status_code, answer.get_json()["code"]) == (503, "store_unavailable"), (method, path)
            assert set(answer.get_json()) == {"code", "message", "details"} and answer.headers["Retry-After"]
            asked += 1
        assert asked > 60
        for path, given in (("/auth/login", {"email": shop.email, "password": PASSWORD}), ("/auth/refresh", {})):
            answer = shop.client.post(f"{API}{path}", json=given, headers={"X-InstaFlow": "1"})
            assert answer.status_code in (503, 401) and answer.get_json()["code"] != "internal_error", path
        ready = shop.client.get("/readyz")
        assert ready.status_code == 503 and ready.get_json()["ready"] is False
        assert "cannot serve" in ready.get_json()["checks"]["database"]
        assert shop.client.get("/healthz").status_code == 200
        assert shop.client.get("/metrics").status_code in (200, 503)
        town.dispatcher.stop(1)
        town.store.dispose()


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nobody may write the folder's files, not even we: root's rights are laid down meanwhile."""
    files = [folder, *folder.rglob("*")]
    modes = [(f, f.stat().st_mode) for f in files]
    user = os.geteuid()
    for file in files:
        file.chmod(0o555 if file.is_dir() else 0o444)
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)
        for file, mode in modes:
            file.chmod(mode)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every user may read."""
    with tempfile.TemporaryDirectory() as made:
        os.chmod(made, 0o755)
        yield Path(made)


def writes(shop: Shop, flow: str) -> list[tuple[str, str, Any]]:
    """Requests that would change something."""
    return [
        ("POST", f"/instagram-accounts/{shop.account}/flows", {"name": "Lost?", "flowDefinition": hello()}),
        ("PUT", f"/flows/{flow}", {"name": "Changed"}),
        ("POST", f"/flows/{flow}/publish", {}),
        ("POST", f"/flows/{flow}/triggers", {"type": "dm_keyword", "keyword": "hi"}),
        ("PATCH", "/users/me", {"firstName": "Eva"}),
        ("POST", "/auth/login", {"email": shop.email, "password": PASSWORD}),
        ("DELETE", f"/flows/{flow}", None),
    ]


def test_a_database_that_cannot_be_written_loses_nothing(instagram: FakeInstagram, folder: Path) -> None:
    url = f"sqlite:///{folder / 'instaflow.db'}"
    upgrade(url)
    town = Town(url, folder, instagram)
    shop = Shop(town)
    flow = shop.flow()
    before = shop.get(f"/flows/{flow['flowId']}").get_json()
    town.store.dispose()
    with read_only(folder):
        for method, path, given in writes(shop, flow["flowId"]):
            answer = shop.call(method, path, given)
            assert (answer.status_code, answer.get_json()["code"]) == (503, "store_unavailable"), (method, path)
        ready = shop.client.get("/readyz")
        assert ready.status_code == 503 and "cannot serve" in ready.get_json()["checks"]["database"]
    town.store.dispose()
    assert shop.get(f"/flows/{flow['flowId']}").get_json() == before
    for method, path, given in writes(shop, flow["flowId"]):
        assert shop.call(method, path, given).status_code < 300, path
    assert shop.client.get("/readyz").status_code == 200
    town.dispatcher.stop(1)
    town.store.dispose()


def test_a_full_disk_refuses_and_keeps_what_is_there(instagram: FakeInstagram, folder: Path) -> None:
    url = f"sqlite:///{folder / 'instaflow.db'}"
    upgrade(url)
    town = Town(url, folder, instagram)
    shop = Shop(town)
    path = f"/instagram-accounts/{shop.account}/flows"
    big = {"name": "Big", "description": "x" * 5000, "flowDefinition": hello("y" * 900)}
    with town.store.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    codes = [shop.post(path, big).status_code for _ in range(40)]
    assert set(codes) <= {201, 503} and codes[-1] == 503, codes
    kept = shop.get(path).get_json()
    assert len(kept) == codes.count(201), "what was answered 201 is there, what was refused is not"
    town.dispatcher.stop(1)
    town.store.dispose()
