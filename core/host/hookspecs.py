"""All nine hooks a plugin may implement. Each *returns* things; the host registers them and names the culprit of a clash."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pluggy

from core.model.nodetype import NodeType, TriggerType
from core.model.ports import EffectHandler

PROJECT = "instaflow"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def instaflow_node_types() -> Sequence[NodeType]:  # type: ignore[empty-body]
    """Node types this plugin adds to the flow language."""


@hookspec
def instaflow_language() -> Mapping[str, Any]:  # type: ignore[empty-body]
    """Filters, conditions and input types as expansions over built-in ones (decision 21).

    {"filters": {name: "expression over value"}, "conditions": {type: "expression over its keys"}, "inputs": {type: {…}}}
    """


@hookspec
def instaflow_trigger_types() -> Sequence[TriggerType]:  # type: ignore[empty-body]
    """Ways a flow can begin."""


@hookspec
def instaflow_effect_handlers() -> Sequence[EffectHandler]:  # type: ignore[empty-body]
    """Who carries out which kind of call."""


@hookspec
def instaflow_integrations() -> Sequence[Any]:  # type: ignore[empty-body]
    """Integrations with actions that ``external_api_call`` can name."""


@hookspec
def instaflow_inbound_webhooks() -> Sequence[Any]:  # type: ignore[empty-body]
    """Webhooks from elsewhere that the web process mounts."""


@hookspec
def instaflow_checks() -> Sequence[Callable[..., Any]]:  # type: ignore[empty-body]
    """Checks of a flow document that yield diagnostics of the plugin's own."""


@hookspec
def instaflow_blueprints(make_blueprint: Callable[..., Any]) -> Sequence[Any]:  # type: ignore[empty-body]
    """flask-smorest blueprints, made with ``make_blueprint`` so that errors and OpenAPI are the house's."""


@hookspec
def instaflow_settings() -> Sequence[Any]:  # type: ignore[empty-body]
    """Settings of the plugin's own, read from the environment at start."""
