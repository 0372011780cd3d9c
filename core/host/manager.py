"""Finds plugins, isolates their faults, and turns their answers into one Registry."""

import importlib
import importlib.metadata
from collections.abc import Iterable

import pluggy

from core.host import hookspecs
from core.host.collect import Source, collect
from core.host.registry import Plugin, Registry

DEFAULT_PLUGINS = ("plugins.http", "plugins.nodes", "plugins.triggers", "plugins.instagram")
"""What comes in the box, by name: core never imports a plugin."""


def load(names: Iterable[str] = DEFAULT_PLUGINS, entry_points: bool = True, off: Iterable[str] = ()) -> Registry:
    """The registry of the named plugins and of every installed distribution with an ``instaflow`` entry point.

    A third party that cannot be imported, raises in a hook, returns what is no such thing, or takes a name that another
    has, is listed with its problem and left out whole. Two named plugins that register one name raise DuplicateName.
    """
    left_out = set(off)
    sources = [_source(Plugin(name), importlib.import_module(name), True) for name in names if name not in left_out]
    if entry_points:
        points = importlib.metadata.entry_points(group=hookspecs.PROJECT)
        sources += [_third_party(point) for point in sorted(set(points)) if point.name not in left_out]
    return collect(sources)


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
