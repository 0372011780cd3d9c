"""Merges what plugins return into one Registry: a third party whose answers are unusable is left out whole, and named."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from core.host.faults import Faults
from core.host.guards import Blueprints, guarded
from core.host.registry import Language, Plugin, Registry
from core.model.errors import DuplicateName, PluginError

NAMED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "node_types": ("name", ("problems", "json_schema", "exits", "lower")),
    "trigger_types": ("name", ("kinds", "rank", "keyed", "problems", "json_schema", "refuse")),
    "handlers": ("kind", ("perform",)),
    "integrations": ("name", ("actions", "transports")),
    "webhooks": ("name", ("verify", "parse")),
}
"""Things with a name of their own: the registry's field -> (the attribute that names them, what else they must have)."""

LISTED = ("checks", "settings")
HOOKS = {
    **{name: name for name in ("node_types", "trigger_types", "integrations", "checks", "settings", "language")},
    "effect_handlers": "handlers",
    "inbound_webhooks": "webhooks",
}
"""Hook (without ``instaflow_``) -> the registry's field. ``blueprints`` are made later, by the web process."""


class Source(NamedTuple):
    """One plugin and its hook functions by name (without ``instaflow_``). ``trusted``: comes in the box, so its faults stop
    the start."""

    plugin: Plugin
    hooks: Mapping[str, Callable[..., Any]]
    trusted: bool


def collect(sources: Iterable[Source], configure: Callable[[str, list[Any]], list[str]] = lambda *_: []) -> Registry:
    """The registry of all sources, in their order: who comes first keeps a name. Third parties' things come guarded.

    ``configure`` (plugin, its settings) fills the settings and answers what the operator should know; raising leaves the
    plugin out. Raises DuplicateName with both culprits when two trusted plugins register one name, and whatever a trusted hook raises.
    """
    fields: dict[str, Any] = {**{name: {} for name in NAMED}, **{name: [] for name in LISTED}, "blueprints": []}
    language: dict[str, dict[str, Any]] = {"filters": {}, "conditions": {}, "inputs": {}}
    owners: dict[tuple[str, str], str] = {}
    plugins: list[Plugin] = []
    notes: list[str] = []
    faults = Faults()
    for source in sources:
        plugin = source.plugin
        if not plugin.problem:
            try:
                found = _answers(source, owners)
                notes += configure(plugin.name, [thing for (field, _), thing in found.items() if field == "settings"])
                if not source.trusted:
                    found = {key: guarded(key[0], thing, plugin.name, faults) for key, thing in found.items()}
                _add(found, fields, language, owners, plugin.name)
                if "blueprints" in source.hooks:
                    fields["blueprints"].append(Blueprints(plugin.name, source.hooks["blueprints"]))
            except (Exception, SystemExit) as e:
                if source.trusted:
                    raise
                plugin = replace(plugin, problem=str(e) if isinstance(e, PluginError) else f"{type(e).__name__}: {e}")
        plugins.append(plugin)
    made = tuple(plugins)
    return Registry(
        **fields, language=Language(**language), plugins=made, notes=tuple(notes), faults=faults, owners=owners
    )


def _answers(source: Source, owners: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], Any]:
    """Everything one plugin returns, by (field, name), checked before any of it is taken."""
    found: dict[tuple[str, str], Any] = {}
    for hook, function in source.hooks.items():
        if hook not in HOOKS:
            continue
        for key, thing in _things(HOOKS[hook], function()):
            if key in owners or key in found:
                by = owners.get(key, source.plugin.name)
                raise DuplicateName(f"'{key[1]}' is registered by {by} and by {source.plugin.name}")
            found[key] = thing
    return found


def _things(field: str, answer: Any) -> Iterable[tuple[tuple[str, str], Any]]:
    if field == "language":
        for kind, entries in answer.items():
            if kind not in ("filters", "conditions", "inputs"):
                raise TypeError(f"instaflow_language knows no '{kind}'")
            yield from (((kind, name), expansion) for name, expansion in entries.items())
    elif field in LISTED:
        yield from (((field, f"{id(thing)}"), thing) for thing in answer)
    else:
        attribute, needed = NAMED[field]
        for thing in answer:
            name = getattr(thing, attribute)
            missing = [n for n in needed if not hasattr(thing, n)]
            if not isinstance(name, str) or not name or missing:
                raise TypeError(f"{name!r} of {field} lacks {', '.join(missing) or 'a name'}")
            yield (field, name), thing


def _add(
    found: Mapping[tuple[str, str], Any],
    fields: Mapping[str, Any],
    language: Mapping[str, dict[str, Any]],
    owners: dict[tuple[str, str], str],
    plugin: str,
) -> None:
    for (field, name), thing in found.items():
        if field in language:
            language[field][name] = thing
        elif field in LISTED:
            fields[field].append(thing)
        else:
            fields[field][name] = thing
        owners[field, name] = plugin
