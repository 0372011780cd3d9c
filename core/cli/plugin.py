"""``instaflow plugin list``: what is installed, whether it works, and what it offers."""

from typing import Any

import click

from core.host.registry import Plugin, Registry

OFFERS = {
    "node_types": "step types",
    "trigger_types": "trigger types",
    "handlers": "calls",
    "integrations": "integrations",
    "webhooks": "webhooks",
    "filters": "filters",
    "conditions": "conditions",
    "inputs": "input types",
}


@click.group(epilog="Example: instaflow plugin list")
def command() -> None:
    """Plugins: what is installed. INSTAFLOW_PLUGINS_OFF leaves some out."""


@command.command("list", epilog="Example: instaflow plugin list --json")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def list_(as_json: bool) -> None:
    """Every plugin with its version, its problem, and what it offers."""
    from core.host.manager import load

    registry = load()
    plugins = [_told(registry, plugin) for plugin in registry.plugins]
    if as_json:
        import orjson

        click.echo(orjson.dumps({"plugins": plugins, "notes": list(registry.notes)}).decode())
        return
    for plugin in plugins:
        mark = click.style("problem", fg="red") if plugin["problem"] else click.style("ok", fg="green")
        click.echo(" ".join(filter(None, (plugin["name"], plugin["version"], mark, plugin["problem"]))))
        for what, names in plugin["offers"].items():
            click.echo(f"  {what}: {', '.join(names)}")
    for note in registry.notes:
        click.echo(f"note: {note}", err=True)


def _told(registry: Registry, plugin: Plugin) -> dict[str, Any]:
    offers: dict[str, list[str]] = {}
    for (field, name), owner in sorted(registry.owners.items()):
        if owner == plugin.name and field in OFFERS:
            offers.setdefault(OFFERS[field], []).append(name)
    own = registry.setting_names(plugin.name)
    if own:
        offers["settings"] = own
    return {"name": plugin.name, "version": plugin.version, "problem": plugin.problem, "offers": offers}
