"""The registry: everything that plugins returned, checked, as one immutable value."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from core.host.faults import Faults
from core.host.own_settings import prefix
from core.model.integration import InboundWebhook, Integration
from core.model.nodetype import NodeType, TriggerType
from core.model.ports import EffectHandler
from core.model.properties import Explored


@dataclass(frozen=True, slots=True)
class Plugin:
    """One plugin as the plugins page shows it; ``problem`` is empty when it works."""

    name: str
    version: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Language:
    """Expansions of plugins' filters, conditions and input types (decision 21)."""

    filters: Mapping[str, str] = field(default_factory=dict)
    conditions: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def by_the_engine(*given: Any) -> Explored:
    """``core.engine.explore``, imported when a flow has properties."""
    from core.engine.explore import explore

    return explore(*given)


@dataclass(frozen=True, slots=True)
class Registry:
    """What is installed. Made by ``core.host.manager.load``; tests build their own.

    ``notes`` = sentences for the operator (what is switched off, names that nobody knows); ``faults`` = what went wrong in
    plugins since; ``owners`` = (field, name) -> plugin.
    """

    node_types: Mapping[str, NodeType] = field(default_factory=dict)
    trigger_types: Mapping[str, TriggerType] = field(default_factory=dict)
    handlers: Mapping[str, EffectHandler] = field(default_factory=dict)
    integrations: Mapping[str, Integration] = field(default_factory=dict)
    webhooks: Mapping[str, InboundWebhook] = field(default_factory=dict)
    checks: Sequence[Callable[..., Any]] = ()
    explore: Callable[..., Explored] = by_the_engine
    language: Language = field(default_factory=Language)
    blueprints: Sequence[Callable[..., Any]] = ()
    settings: Sequence[Any] = ()
    plugins: Sequence[Plugin] = ()
    notes: Sequence[str] = ()
    faults: Faults = field(default_factory=Faults)
    owners: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def standing(self) -> list[Plugin]:
        """The plugins as they are now: one that failed at work has that as its problem."""
        failed = self.faults.by_plugin
        return [p if p.problem else replace(p, problem=failed.get(p.name, "")) for p in self.plugins]

    def setting_names(self, plugin: str) -> list[str]:
        """The environment's names of a plugin's own settings."""
        own = {str(id(s)): s.name for s in self.settings}
        return [
            prefix(plugin) + own[key] for (kind, key), by in self.owners.items() if kind == "settings" and by == plugin
        ]

    def transport_factory(self, name: str) -> Callable[[Any], Any]:
        """The factory of the way out called ``name``; KeyError when no plugin offers it."""
        for integration in self.integrations.values():
            if name in integration.transports:
                return integration.transports[name]
        raise KeyError(f"no plugin offers the transport '{name}'")
