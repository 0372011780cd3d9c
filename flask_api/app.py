"""Puts the Flask application together: error shape, sign-in, limits, blueprints of features and plugins."""

import importlib
from pathlib import Path
from typing import Any

import orjson
from flask import Flask
from flask.json.provider import JSONProvider
from werkzeug.middleware.proxy_fix import ProxyFix

from core.model.limits import WEBHOOK_BYTES
from core.services.house import House
from flask_api import edge, errors, limits, security
from flask_api.api import Api
from flask_api.plugin_routes import add_plugins

FEATURES = (
    "auth",
    "people",
    "accounts",
    "flows",
    "compiler",
    "triggers",
    "contacts",
    "conversations",
    "media",
    "catalog",
    "billing",
    "webhooks",
    "system",
)
"""Folders with a ``resources`` module: ``blueprint(house)`` answers the feature's blueprint."""


class OrJson(JSONProvider):
    """JSON by orjson: fast, refuses NaN."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """Text of a value."""
        return orjson.dumps(obj, default=str).decode()

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """A value from text."""
        return orjson.loads(s)


def create(house: House) -> Flask:
    """See ``flask_api.create_app``."""
    app = Flask("flask_api", static_folder="static", static_url_path="/static")
    app.config.update(
        API_TITLE="InstaFlow",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.1",
        MAX_CONTENT_LENGTH=WEBHOOK_BYTES,
        PROPAGATE_EXCEPTIONS=False,
        PROVIDE_AUTOMATIC_OPTIONS=False,
        TRAP_HTTP_EXCEPTIONS=False,
    )
    app.json = OrJson(app)
    app.url_map.strict_slashes = True
    app.extensions["instaflow"] = house
    errors.register(app)
    security.register(app, house)
    edge.register(app)
    limits.register(app, house)
    api = Api(app)
    app.extensions["instaflow-api"] = api
    for feature in FEATURES:
        if (Path(__file__).parent / feature / "resources.py").exists():
            api.register_blueprint(importlib.import_module(f"flask_api.{feature}.resources").blueprint(house))
    add_plugins(app, api, house)
    if house.settings.trusted_proxies:
        hops = house.settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app
