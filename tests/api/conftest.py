"""An installation with its API, on SQLite and on PostgreSQL, beside a fake Instagram; people with accounts in it."""

import itertools
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.clock import SystemClock
from core.host.manager import load
from core.runtime.chore_kinds import KINDS
from core.runtime.chores import ChoreRunner
from core.runtime.dispatch import Dispatcher
from core.runtime.drain import Drainer
from core.services.chores import kinds
from core.services.house import House
from core.settings import Settings
from core.store.sealing import Sealer, new_key
from core.store.store import Store
from core.testing.instagram import FakeInstagram
from flask_api import create_app
from tests.conftest import fresh_url

API = "/api/v1"
PASSWORD = "seven grey herons"
NUMBERS = itertools.count(1)


class Town:
    """One installation: house, app, worker's parts (called, not running), a fake Instagram."""

    def __init__(self, url: str, folder: Path, instagram: FakeInstagram) -> None:
        self.instagram, self.offset = instagram, 0
        self.settings = Settings(
            folder,
            url,
            "memory://",
            secret_key="test-secret-test-secret-test-secret",
            encryption_keys=(new_key(),),
            meta_app_id=instagram.stage.app.id,
            meta_app_secrets=(instagram.stage.app.secret,),
            graph_url=instagram.graph_url,
            graph_url_facebook=instagram.graph_url_facebook,
            allow_private_hosts=(f"127.0.0.1:{instagram.port}",),
            mail_url=f"file:{folder / 'mail'}",
            rate_limits=False,
        )
        self.store = Store(url)
        self.clock = SystemClock(lambda: self.offset)
        self.house = House(
            self.settings,
            self.store,
            self.clock,
            load(entry_points=False),
            lambda: self.drain(),
            lambda: self.dispatch(),
        )
        self.sealer = Sealer(self.settings.encryption_keys)
        self.app: Flask = create_app(self.house)
        self.working = True
        self._drainer = Drainer(self.store.db, self.clock, self.house.registry, lambda: None)
        self.dispatcher = Dispatcher(self.store.db, self.clock, self.house.registry, self.settings, self.sealer)

    def drain(self) -> None:
        """What the doorbell of a worker does."""
        while self.working and self._drainer.drain():
            pass

    def dispatch(self) -> None:
        """Sends what is due."""
        if self.working:
            self.dispatcher.once()

    def chores(self) -> int:
        """Carries out what is due."""
        transport = self.house.registry.transport_factory("graph")(self.settings)
        known = {**KINDS, **kinds(self.house)}
        runner = ChoreRunner(self.store.db, self.clock, self.house.registry, transport, self.sealer.open, known)
        return runner.run_due()


class Person:
    """Somebody signed in, with a client of their own."""

    def __init__(self, town: Town, role: str = "user") -> None:
        self.town, self.email = town, f"p{next(NUMBERS)}-{uuid.uuid4().hex[:6]}@example.org"
        self.client: FlaskClient = town.app.test_client()
        body = {"email": self.email, "password": PASSWORD, "firstName": "Ana", "lastName": "Ruiz"}
        made = self.client.post(f"{API}/auth/register", json=body)
        assert made.status_code == 201, made.get_json()
        self.id: str = made.get_json()["userId"]
        self.token: str = made.get_json()["token"]
        if role != "user":
            with town.store.write() as tx:
                tx.exec_driver_sql(f"UPDATE \"user\" SET role = '{role}' WHERE email = '{self.email}'")

    def call(self, method: str, path: str, json: Any = None, **more: Any) -> TestResponse:
        """One request with the token."""
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        given = {} if json is None else {"json": json}
        return self.client.open(API + path, method=method, headers=headers, **given, **more)

    def get(self, path: str, **more: Any) -> TestResponse:
        """GET."""
        return self.call("GET", path, **more)

    def post(self, path: str, json: Any = None, **more: Any) -> TestResponse:
        """POST."""
        return self.call("POST", path, json, **more)

    def put(self, path: str, json: Any = None, **more: Any) -> TestResponse:
        """PUT."""
        return self.call("PUT", path, json, **more)

    def patch(self, path: str, json: Any = None, **more: Any) -> TestResponse:
        """PATCH."""
        return self.call("PATCH", path, json, **more)

    def delete(self, path: str, json: Any = None, **more: Any) -> TestResponse:
        """DELETE."""
        return self.call("DELETE", path, json, **more)


class Shop(Person):
    """A person with a connected account and the means to get flows and contacts into it."""

    def __init__(self, town: Town) -> None:
        super().__init__(town)
        self.username = f"shop.{uuid.uuid4().hex[:8]}"
        self.ig_id, self.ig_token = town.instagram.account(self.username)
        body = {"instagramUserId": self.ig_id, "instagramUsername": self.username, "accessToken": self.ig_token}
        made = self.post("/instagram-accounts", body)
        assert made.status_code == 201, made.get_json()
        self.account: str = made.get_json()["instagramAccountId"]

    def flow(self, definition: Any = None, active: bool = False, **more: Any) -> dict[str, Any]:
        """A new flow, activated if wished."""
        body = {"name": "Welcome", "flowDefinition": definition or hello(), **more}
        made = self.post(f"/instagram-accounts/{self.account}/flows", body)
        assert made.status_code == 201, made.get_json()
        if not active:
            return made.get_json()
        done = self.put(f"/flows/{made.get_json()['flowId']}", {"status": "active"})
        assert done.status_code == 200, done.get_json()
        return done.get_json()

    def hears(self, text: str, person: str = "836120000000201", **more: Any) -> None:
        """The account receives a message."""
        from core.runtime.intake import Intake

        event = {"kind": "message", "ig_id": self.ig_id, "contact": person, "at": self.town.clock.now(), "text": text}
        mid = f"m_{uuid.uuid4().hex}"
        intake = Intake(self.town.store.db, self.town.clock, lambda: None)
        intake.submit([{**event, "key": f"mid:{mid}", "mid": mid, **more}], str(uuid.uuid4()))
        self.town.drain()

    def contact(self, person: str = "836120000000201", text: str = "hi") -> dict[str, Any]:
        """A contact who has just written."""
        self.hears(text, person)
        found = self.get(f"/instagram-accounts/{self.account}/contacts").get_json()["contacts"]
        return next(c for c in found if c["instagramUserId"] == person)


def hello(text: str = "Hello!") -> dict[str, Any]:
    """The smallest flow that says something."""
    return {
        "startNodeId": "a",
        "nodes": [
            {"id": "a", "type": "start", "connections": [{"targetNodeId": "b", "condition": None}]},
            {"id": "b", "type": "message", "content": {"text": text}, "connections": []},
        ],
    }


def asking() -> dict[str, Any]:
    """A flow that asks and waits for the answer."""
    ask = {
        "id": "b",
        "type": "get_input",
        "prompt": "Your e-mail?",
        "inputType": "email",
        "saveToAttribute": "email",
        "connections": [{"targetNodeId": "c", "condition": {"type": "input_valid", "value": True}}],
    }
    thanks = {"id": "c", "type": "message", "content": {"text": "Thanks!"}, "connections": []}
    start = {"id": "a", "type": "start", "connections": [{"targetNodeId": "b", "condition": None}]}
    return {"startNodeId": "a", "nodes": [start, ask, thanks]}


@pytest.fixture(scope="session")
def instagram() -> Iterator[FakeInstagram]:
    """One fake Instagram; each shop has an account of its own there."""
    with FakeInstagram(seed=7) as fake:
        yield fake


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def town(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, instagram: FakeInstagram
) -> Iterator[Town]:
    """The installation, once on each store. Tests are apart by their tenants."""
    folder = tmp_path_factory.mktemp("town")
    with fresh_url(request, folder) as url:
        made = Town(url, folder, instagram)
        yield made
        made.dispatcher.stop(1)
        made.store.dispose()


@pytest.fixture
def client(town: Town) -> FlaskClient:
    """A client without a token."""
    return town.app.test_client()


@pytest.fixture
def person(town: Town) -> Person:
    """Somebody who has just registered."""
    return Person(town)


@pytest.fixture
def other(town: Town) -> Person:
    """Somebody else."""
    return Person(town)


@pytest.fixture
def shop(town: Town) -> Shop:
    """A person with a connected Instagram account."""
    return Shop(town)


@pytest.fixture
def shops(town: Town) -> Callable[[], Shop]:
    """More of them."""
    return lambda: Shop(town)
