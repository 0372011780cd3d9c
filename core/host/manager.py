"""Finds plugins, isolates their faults, and turns their answers into one Registry."""

import importlib
import importlib.metadata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pluggy

from core.host import hookspecs, own_settings
from core.host.collect import Source, collect
from core.host.registry import Plugin, Registry
from core.model.near import near

DEFAULT_PLUGINS = ("plugins.http", "plugins.nodes", "plugins.triggers", "plugins.instagram")
"""What comes in the box, by name: core never imports a plugin."""


BOX = "plugins."
OFF = "INSTAFLOW_PLUGINS_OFF"


def load(
    names: Iterable[str] = DEFAULT_PLUGINS,
    entry_points: bool = True,
    off: Iterable[str] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Registry:
    """The registry of the named plugins and of every installed distribution with an ``instaflow`` entry point.

    A third party that cannot be imported, raises in a hook, returns what is no such thing, takes a name that another has,
    or whose settings are wrong, is listed with its problem and left out whole. Two named plugins that register one name
    raise DuplicateName. ``off`` = names of plugins to leave out, those in the box also without ``plugins.``; None = what the
    setting PLUGINS_OFF says. ``environ`` None = the process's environment and ``.env``.
    """
    from core.settings_read import TABLE, environment

    environ = environment() if environ is None else environ
    own = frozenset(own_settings.PREFIX + entry.name.upper() for entry in TABLE)
    names = tuple(names)
    points = sorted(set(importlib.metadata.entry_points(group=hookspecs.PROJECT))) if entry_points else []
    left_out = _off(environ.get(OFF, "").split(",") if off is None else off)
    sources = [_source(Plugin(name), importlib.import_module(name), True) for name in names if name not in left_out]
    sources += [_third_party(point) for point in points if point.name not in left_out]

    def configure(plugin: str, settings: list[Any]) -> list[str]:
        own_settings.fill(plugin, settings, environ, own)
        return [] if plugin in names else own_settings.strays(plugin, settings, environ, own)

    registry = collect(sources, configure)
    known = {*names, *DEFAULT_PLUGINS, *(point.name for point in points)}
    return replace(registry, notes=(*_left_out(left_out, known, entry_points), *registry.notes))


def _off(given: Iterable[str]) -> frozenset[str]:
    """The plugins' own names.

    >>> sorted(_off([" nodes", "acme", ""]))
    ['acme', 'plugins.nodes']
    """
    box = {name.removeprefix(BOX): name for name in DEFAULT_PLUGINS}
    return frozenset(box.get(name.strip(), name.strip()) for name in given if name.strip())


def _left_out(off: Iterable[str], known: set[str], complete: bool) -> Iterable[str]:
    for name in sorted(off):
        if name in known:
            yield f"the plugin {name} is switched off by {OFF}"
        elif complete:
            better = near(name, known)
            yield f"{OFF} names '{name}', which is not installed" + (f"; did you mean '{better}'?" if better else "")


def _third_party(point: importlib.metadata.EntryPoint) -> Source:
    plugin = Plugin(point.name, point.dist.version if point.dist else "")
    try:
        return _source(plugin, point.load(), False)
    except (Exception, SystemExit) as e:
        return Source(Plugin(plugin.name, plugin.version, f"{type(e).__name__}: {e}"), {}, False)


def _source(plugin: Plugin, module: object, trusted: bool) -> Source:
    """The module's hook functions; pluggy refuses a hook that does not exist or takes other arguments."""
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    manager.register(module, plugin.name)
    manager.check_pending()
    prefix = f"{hookspecs.PROJECT}_"
    hooks = {
        caller.name.removeprefix(prefix): caller.get_hookimpls()[0].function
        for caller in manager.get_hookcallers(module) or ()
    }
    return Source(plugin, hooks, trusted)
