"""A plugin's blueprint that raises or takes a route that exists is left out alone, and GET /plugins says why."""

from pathlib import Path
from typing import Any

import pytest

from core.host.manager import load
from core.services.house import House
from core.settings import Settings
from core.store.keys import new_key
from core.store.store import Store
from core.testing.clock import FixedClock
from flask_api import create_app

PREFIX = "/api/v1"
RAISES = """
from instaflow import hookimpl
@hookimpl
def instaflow_blueprints(make_blueprint): raise RuntimeError("canary")
"""
ROUTE = """
from instaflow import hookimpl
@hookimpl
def instaflow_blueprints(make_blueprint):
    blp = make_blueprint("{name}", "Acme", prefix="{prefix}")
    @blp.operation("GET", "{path}", id="acmeHello", role="public", summary="Hello", raw=("application/json", {{}}))
    def hello(house, who, *values):
        return {{"hello": "acme"}}
    return [blp]
"""
CASES = {
    "raises": (RAISES, "its hook instaflow_blueprints failed: RuntimeError"),
    "shadows": (ROUTE.format(name="acme", path="/flows/{anyId}", prefix=PREFIX), "it takes the route /api/v1/flows/"),
    "health": (ROUTE.format(name="acme", path="/healthz", prefix=""), "it takes the route /healthz"),
    "name": (ROUTE.format(name="auth", path="/acme/x", prefix=PREFIX), "name 'auth' is taken"),
    "odd": (RAISES.replace('raise RuntimeError("canary")', "return [7]"), "the blueprint '?' failed: AttributeError"),
}


def client(store: Store, clock: FixedClock, folder: Path) -> Any:
    settings = Settings(
        folder, store.url, "memory://", secret_key="k" * 40, encryption_keys=(new_key(),), rate_limits=False
    )
    return create_app(House(settings, store, clock, load())).test_client()


def signed_in(web: Any) -> dict[str, str]:
    body = {"email": "o@e.example", "password": "seven grey herons", "firstName": "A", "lastName": "B"}
    return {"Authorization": f"Bearer {web.post('/api/v1/auth/register', json=body).get_json()['token']}"}


@pytest.mark.parametrize("case", CASES)
def test_a_faulty_blueprint_is_left_out_alone(
    case: str, install: Any, store: Store, clock: FixedClock, tmp_path: Path
) -> None:
    code, problem = CASES[case]
    install("faulty", code)
    install("zgood", ROUTE.format(name="good", path="/acme/hello", prefix=PREFIX))
    web = client(store, clock, tmp_path)
    assert web.get("/healthz").get_json() == {"status": "ok"}
    assert web.get("/api/v1/acme/hello").get_json() == {"hello": "acme"}
    listed = {p["name"]: p["problem"] for p in web.get("/api/v1/plugins", headers=signed_in(web)).get_json()}
    assert problem in listed["acme_faulty"] and "canary" not in listed["acme_faulty"] and listed["acme_zgood"] == ""
    assert web.get("/api/v1/node-types").status_code == 401
    assert "/api/v1/acme/hello" in web.get("/openapi.json").get_json()["paths"]
