"""Health, readiness, metrics, the OpenAPI document and its page, the landing page: outside of /api/v1."""

import os
from typing import Any

from flask import Response, current_app, request, send_from_directory

from core.lifeline import WORKER_BESIDE
from core.services import system
from core.services.house import House
from flask_api import metrics
from flask_api.api import Blueprint

JSON_ALIVE = ("application/json", {"status": "ok"})
READY = {
    "ready": True,
    "checks": {"schema": "ok", "keys": "ok", "database": "ok", "worker": "ok"},
    "queue": "ok",
    "figures": {"inbox_count": 0, "inbox_age": 0, "accounts": 1, "active_flows": 3},
}
METRICS = ("text/plain", "instaflow_outbox_sends 0.0")
DOCUMENT = ("application/json", {"openapi": "3.1.1", "info": {"title": "InstaFlow", "version": "v1"}, "paths": {}})


def blueprint(house: House) -> Blueprint:
    """The operations of the system."""
    blp = Blueprint("system", "Health, metrics, documentation", prefix="")
    _health(blp)
    _documents(blp)
    _pages(blp)
    return blp


def _health(blp: Blueprint) -> None:
    @blp.operation("GET", "/healthz", id="getHealth", role="public", summary="The process lives", raw=JSON_ALIVE)
    def health(house: House, who: None) -> Any:
        """Asks nothing of the database."""
        return {"status": "ok"}

    @blp.operation(
        "GET",
        "/readyz",
        id="getReadiness",
        role="public",
        summary="The installation can serve",
        errors=(503,),
        raw=("application/json", READY),
    )
    def ready(house: House, who: None) -> Any:
        """Schema at its head, keys load, a commit works, and in a run tree a worker lives. Beside it ages and counts,
        and a queue that is unreachable: the work then waits for the sweep, a quarter of a second."""
        found = system.readiness(house, WORKER_BESIDE in os.environ)
        return found, 200 if found["ready"] else 503

    @blp.operation("GET", "/metrics", id="getMetrics", role="public", summary="Figures for Prometheus", raw=METRICS)
    def metrics_(house: House, who: None) -> Response:
        """Inbox and outbox ages, ambiguous sends, dead letters, the worker's age, send errors by class, requests."""
        return Response(metrics.text(house), content_type=metrics.CONTENT_TYPE)


def _documents(blp: Blueprint) -> None:
    @blp.operation("GET", "/openapi.json", id="getOpenApi", role="public", summary="This document", raw=DOCUMENT)
    def openapi(house: House, who: None) -> Response:
        """OpenAPI 3.1."""
        document = current_app.extensions["instaflow-api"].document()
        return Response(current_app.json.dumps(document), mimetype="application/json")


def _pages(blp: Blueprint) -> None:
    """Pages are not operations of the API: they stand in no document."""

    def page(name: str) -> Any:
        def view() -> Response:
            return send_from_directory(str(current_app.static_folder), name, mimetype="text/html")

        return view

    def demo() -> Any:
        house: House = current_app.extensions["instaflow"]
        base = house.settings.graph_url
        fake = base if house.settings.clock_url else ""
        return {"fakeInstagram": fake.removesuffix("/ig"), "request": request.host}

    blp.record_once(lambda state: state.app.add_url_rule("/", "landing", page("landing.html")))
    blp.record_once(lambda state: state.app.add_url_rule("/docs", "docs", page("docs/index.html")))
    blp.record_once(lambda state: state.app.add_url_rule("/links.json", "links", demo))
