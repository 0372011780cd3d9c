"""Plugins' blueprints: one that raises or takes a route that exists is left out and named; everything else serves."""

import re
from collections.abc import Iterable
from typing import Any

from flask import Flask

from core.host.guards import CAUGHT
from core.model.errors import PluginError
from core.services.house import House
from flask_api.api import Api, Blueprint

VARIABLE = re.compile("<[^>]*>")
PLAIN = {"HEAD", "OPTIONS"}


def add_plugins(app: Flask, api: Api, house: House) -> None:
    """Registers what the plugins' hooks make. A fault becomes the plugin's problem (GET /plugins, the log)."""
    for hook in house.registry.blueprints:
        plugin = str(getattr(hook, "plugin", "") or getattr(hook, "__module__", "a plugin"))
        try:
            blueprints = list(hook(Blueprint))
        except CAUGHT as e:
            house.registry.faults.told(plugin, "its hook instaflow_blueprints", e)
            continue
        for blueprint in blueprints:
            name = getattr(blueprint, "name", "?")
            try:
                _rehearse(app, blueprint)
                api.register_blueprint(blueprint)
            except CAUGHT as e:
                says = str(e) if isinstance(e, PluginError) else ""
                house.registry.faults.told(plugin, f"the blueprint '{name}'", e, says)


def _rehearse(app: Flask, blueprint: Any) -> None:
    """Registers on an application that is thrown away, since a registration cannot be undone. Raises PluginError when a route
    or the name exists already, and whatever the blueprint raises."""
    if blueprint.name in app.blueprints:
        raise PluginError(f"the blueprint's name '{blueprint.name}' is taken")
    stage = Flask("rehearsal", static_folder=None)
    stage.config.update({name: app.config[name] for name in ("API_TITLE", "API_VERSION", "OPENAPI_VERSION")})
    stage.url_map.strict_slashes = app.url_map.strict_slashes
    Api(stage).register_blueprint(blueprint)
    taken = _routes(app)
    for rule in stage.url_map.iter_rules():
        clash = _routes_of([rule]) & taken
        if rule.endpoint.startswith(f"{blueprint.name}.") and clash:
            raise PluginError(f"it takes the route {rule.rule}, which exists")


def _routes(app: Flask) -> set[tuple[str, str]]:
    return _routes_of(app.url_map.iter_rules())


def _routes_of(rules: Iterable[Any]) -> set[tuple[str, str]]:
    """(path with its variables blanked and without a last slash, method)."""
    return {
        (VARIABLE.sub("<>", rule.rule).rstrip("/"), method)
        for rule in rules
        for method in (rule.methods or set()) - PLAIN
    }
