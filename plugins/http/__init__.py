"""In the box: http, the two ways out to the network and the plain HTTP call of a flow."""

from collections.abc import Sequence
from typing import Any

from instaflow import Action, EffectHandler, HttpTransport, Integration, hookimpl


def _graph(settings: Any) -> HttpTransport:
    from plugins.http.graph import graph

    return graph(settings)


def _guarded(settings: Any) -> HttpTransport:
    from plugins.http.guarded import guarded

    return guarded(settings)


@hookimpl
def instaflow_integrations() -> Sequence[Integration]:
    """The integration "http" with its action ``request`` and the transports "graph" and "guarded"."""
    from plugins.http.request import SCHEMA

    action = Action("request", "HTTP request", SCHEMA)
    return [Integration("http", "HTTP", (action,), {"graph": _graph, "guarded": _guarded})]


@hookimpl
def instaflow_effect_handlers() -> Sequence[EffectHandler]:
    """``http.request``."""
    from plugins.http.request import HANDLERS

    return HANDLERS
