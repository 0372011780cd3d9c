"""Finds plugins, isolates their faults, and turns their answers into one Registry."""

import importlib
import importlib.metadata
from collections.abc import Iterable, Mapping
from typing import Any

import pluggy

from core.host import hookspecs
from core.host.registry import Language, Plugin, Registry
from core.model.errors import DuplicateName

DEFAULT_PLUGINS = ("plugins.http", "plugins.nodes", "plugins.triggers", "plugins.instagram")
"""What comes in the box, by name: core never imports a plugin."""


def load(names: Iterable[str] = DEFAULT_PLUGINS, entry_points: bool = True, off: Iterable[str] = ()) -> Registry:
    """The registry of the named plugins and of every installed distribution with an ``instaflow`` entry point.

    A third party that fails to import, or raises in a hook, is listed with its problem and left out; two plugins that
    register one name raise DuplicateName with both culprits.
    """
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    plugins: dict[str, Plugin] = {}
    for name in names:
        if name not in set(off):
            manager.register(importlib.import_module(name), name)
            plugins[name] = Plugin(name)
    if entry_points:
        plugins.update(_third_parties(manager, set(off)))
    return _collect(manager, plugins)


def _third_parties(manager: pluggy.PluginManager, off: set[str]) -> dict[str, Plugin]:
    found: dict[str, Plugin] = {}
    for point in importlib.metadata.entry_points(group=hookspecs.PROJECT):
        version = point.dist.version if point.dist else ""
        if point.name in off:
            continue
        try:
            manager.register(point.load(), point.name)
            found[point.name] = Plugin(point.name, version)
        except Exception as e:
            found[point.name] = Plugin(point.name, version, f"{type(e).__name__}: {e}")
    return found


def _collect(manager: pluggy.PluginManager, plugins: dict[str, Plugin]) -> Registry:
    def answers(hook: str) -> list[tuple[str, Any]]:
        out = []
        for impl in getattr(manager.hook, hook).get_hookimpls():
            try:
                out.append((impl.plugin_name, impl.function()))
            except Exception as e:
                old = plugins[impl.plugin_name]
                plugins[impl.plugin_name] = Plugin(old.name, old.version, f"{hook}: {type(e).__name__}: {e}")
        return out

    spec = "instaflow_"
    return Registry(
        node_types=_by("name", answers(spec + "node_types")),
        trigger_types=_by("name", answers(spec + "trigger_types")),
        handlers=_by("kind", answers(spec + "effect_handlers")),
        integrations=_by("name", answers(spec + "integrations")),
        webhooks=_by("name", answers(spec + "inbound_webhooks")),
        checks=[check for _, checks in answers(spec + "checks") for check in checks],
        language=_language(answers(spec + "language")),
        blueprints=[impl.function for impl in manager.hook.instaflow_blueprints.get_hookimpls()],
        settings=[s for _, settings in answers(spec + "settings") for s in settings],
        plugins=tuple(plugins.values()),
    )


def _by(attribute: str, answers: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    owner: dict[str, str] = {}
    for plugin, things in answers:
        for thing in things:
            name = getattr(thing, attribute)
            if name in found:
                raise DuplicateName(f"'{name}' is registered by {owner[name]} and by {plugin}")
            found[name], owner[name] = thing, plugin
    return found


def _language(answers: list[tuple[str, Mapping[str, Any]]]) -> Language:
    merged: dict[str, dict[str, Any]] = {"filters": {}, "conditions": {}, "inputs": {}}
    for plugin, answer in answers:
        for kind, entries in answer.items():
            for name, expansion in entries.items():
                if name in merged[kind]:
                    raise DuplicateName(f"the {kind[:-1]} '{name}' is registered twice, the second time by {plugin}")
                merged[kind][name] = expansion
    return Language(**merged)
