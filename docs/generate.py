"""Writes the generated reference pages: ``python docs/generate.py`` (part of ``make golden``); a test keeps them current."""

import importlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from core.cli import LAZY
from core.host.manager import load
from core.host.registry import Registry
from core.lang import compile_definition
from core.lang.schema import flow_schema
from core.settings_read import PREFIX, TABLE
from core.testing import gallery
from flask_api import codes, metrics

HERE = Path(__file__).parent / "reference"
SCHEMA = Path(__file__).parents[1] / "editors" / "vscode" / "flow.schema.json"
EXAMPLES = Path(__file__).parents[1] / "flows_examples"

TRIGGERS: dict[str, dict[str, Any]] = {
    "dm_keyword": {"keyword": "price, cost", "exclude": ["free"], "cooldownSeconds": 3600},
    "comment_keyword": {"keyword": "giveaway", "scope": "all"},
    "live_comment": {"keyword": "link"},
    "story_mention": {"cooldownSeconds": 604800},
    "story_reply": {"keyword": "yes"},
    "welcome_message": {"oncePerContact": True},
    "default_reply": {"cooldownSeconds": 86400},
    "ice_breaker": {"payload": "OPENING_HOURS"},
    "menu": {"payload": "SHOP"},
    "ref": {"ref": "flyer"},
    "ad": {"adId": "120200000000000000"},
    "reaction": {"emoji": "❤"},
}
"""An example for each trigger type; a test lets the type itself check it."""


def registry() -> Registry:
    """What comes in the box, whatever else is installed here."""
    return load(entry_points=False)


def settings_page() -> str:
    """docs/reference/settings.md: one table, from the table that the program reads."""
    lines = [
        "# Settings",
        "",
        "All are environment variables; a `.env` file in the working folder is read too, the environment wins. All problems are",
        "told at once when a process starts. Values of the rows marked *secret* are never printed.",
        "",
        "| name | meaning | default |",
        "| --- | --- | --- |",
    ]
    for entry in TABLE:
        default = entry.shown or str(entry.default)
        secret = " *secret*" if entry.secret else ""
        lines.append(f"| `{PREFIX}{entry.name.upper()}` | {entry.meaning}{secret} | {default} |")
    lines += [
        "",
        f"Plugins may have settings of their own, `{PREFIX}<PLUGIN>_<NAME>`: `instaflow plugin list` and `instaflow doctor` name those of",
        "what is installed, and say which value is missing or not valid; such a plugin is left out, everything else starts.",
    ]
    return "\n".join(lines) + "\n"


def commands_page() -> str:
    """docs/reference/commands.md: every command's own help."""
    parts = ["# Commands", "", "Exit status: 0 well, 1 failed, 2 wrong usage or settings.", ""]
    for name, (module, _) in LAZY.items():
        command: click.Command = importlib.import_module(module).command
        parts += _help(f"instaflow {name}", command)
    return "\n".join(parts)


def _help(name: str, command: click.Command) -> list[str]:
    context = click.Context(command, info_name=name, terminal_width=100, max_content_width=100)
    parts = [f"## {name}", "", "```text", command.get_help(context), "```", ""]
    if isinstance(command, click.Group):
        for sub in command.list_commands(context):
            found = command.get_command(context, sub)
            assert found is not None
            parts += _help(f"{name} {sub}", found)
    return parts


def errors_page() -> str:
    """docs/reference/errors.md: every code of the API's one error shape."""
    return (
        "# Errors of the API\n\n"
        "Every refusal has one shape. `code` never changes its meaning, `message` is for people, `details` depends on the code.\n\n"
        '```json\n{"code": "not_found", "message": "There is no such resource", "details": {}}\n```\n\n'
        "The header `X-Request-Id` of every answer names its lines in the log.\n\n" + codes.table() + "\n"
    )


def metrics_page() -> str:
    """docs/reference/metrics.md: the installation's figures, and those of one process."""
    lines = [
        "# Metrics",
        "",
        "`GET /metrics`, in Prometheus' text form. The first table is read from the database: every process says the same.",
        "The second is counted by the process that answers.",
        "",
        "| metric | meaning |",
        "| --- | --- |",
    ]
    lines += [f"| `instaflow_{name}` | {help_} |" for name, (help_, _, _) in metrics.GAUGES.items()]
    lines += [
        "| `instaflow_send_errors{code}` | Sends in the kept outbox by error class |",
        "",
        "| metric | meaning |",
        "| --- | --- |",
        "| `instaflow_webhooks{what}` | What this process's receiver saw |",
        "| `instaflow_http_requests_total{method,operation,status}` | Requests answered |",
        "| `instaflow_http_request_seconds{operation}` | Time to the answer (histogram) |",
        "",
        "Python's and the process's own figures (`python_…`, `process_…`) come with them.",
    ]
    return "\n".join(lines) + "\n"


def triggers_page() -> str:
    """docs/reference/triggers.md: every trigger type, in the order in which they are asked."""
    types = sorted(registry().trigger_types.values(), key=lambda t: (t.rank, t.name))
    everywhere = _common([t.json_schema() for t in types])
    lines = [
        "# Trigger types",
        "",
        "A trigger says how a flow begins. When several fit one event, the one with the lowest rank wins; among equals the order of",
        "[write-flows](../how-to/write-flows.md#which-trigger-wins) decides. In YAML they stand under `when:`; the API takes the",
        "same fields flat or under `options`.",
        "",
        "Every type has these fields too:",
        "",
        *_fields(everywhere),
    ]
    for t in types:
        own = {k: v for k, v in t.json_schema()["properties"].items() if k not in everywhere}
        lines += ["", f"## {t.name}", "", f"**{t.title}**, rank {t.rank}. {t.summary}", "", *_fields(own)]
        lines += ["", *_json({"type": t.name, **TRIGGERS[t.name]})]
    return "\n".join(lines) + "\n"


def node_types_page() -> str:
    """docs/reference/node-types.md: every type of step with its fields, exits and an example."""
    lines = [
        "# Step types",
        "",
        "The types as JSON writes them. [write-flows](../how-to/write-flows.md) has the YAML verb of each. Every step has `id`,",
        "`type`, `connections`, and may have `name`, `notes` and `position`. A *template* may hold `{{…}}`.",
    ]
    for t in sorted(registry().node_types.values(), key=lambda t: t.name):
        fields = t.json_schema().get("properties", {})
        about = [line.strip() for line in (type(t).__doc__ or t.summary).partition("Example::")[0].strip().split("\n")]
        lines += ["", f"## {t.name}", "", f"**{t.title}** ({t.group}).", *about, "", *_fields(_beside(fields))]
        lines += ["", f"Exits of this example: {_exits(t)}.", "", *_json(t.example)]
    return "\n".join(lines) + "\n"


def _beside(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Without the inside of ``content`` when the same fields may stand beside it."""
    inside = fields.get("content", {}).get("properties", {})
    if not inside or not inside.keys() <= fields.keys():
        return dict(fields)
    names = ", ".join(f"`{name}`" for name in inside)
    return {**fields, "content": {"type": "object", "title": f"May hold {names} instead of the step itself"}}


def _exits(kind: Any) -> str:
    step = dict(kind.example)
    others = [{"id": c["targetNodeId"], "type": "end"} for c in step.get("connections", ()) if c.get("targetNodeId")]
    nodes = [step, *{n["id"]: n for n in others}.values()]
    doc = compile_definition({"startNodeId": step["id"], "nodes": nodes}, registry()).doc
    exits = kind.exits(doc.nodes[0]) if doc else ()
    return ", ".join(f"`{name}`" for name in exits) or "none"


def _common(schemas: list[Mapping[str, Any]]) -> dict[str, Any]:
    first, *others = [s["properties"] for s in schemas]
    return {k: v for k, v in first.items() if all(o.get(k) == v for o in others)}


def _fields(fields: Mapping[str, Any]) -> list[str]:
    if not fields:
        return ["No fields of its own."]
    rows = (f"| `{name}` | {_kind(schema)} | {_about(schema)} |" for name, schema in _flat("", fields))
    return ["| field | value | meaning |", "| --- | --- | --- |", *rows]


def _flat(before: str, fields: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, schema in fields.items():
        yield before + name, schema
        if "properties" in schema:
            yield from _flat(f"{before}{name}.", schema["properties"])
        elif "properties" in schema.get("items", {}):
            yield from _flat(f"{before}{name}[].", schema["items"]["properties"])


def _kind(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if schema.get("format") in ("template", "expression"):
        return str(schema["format"])
    if schema.get("type") == "array":
        inner = schema.get("items", {}).get("type", "value")
        return f"list of {inner}s"
    if "minimum" in schema and "maximum" in schema:
        return f"{schema['minimum']} to {schema['maximum']}"
    return str(schema.get("type", "any"))


def _about(schema: Mapping[str, Any]) -> str:
    parts = [": ".join(p for p in (schema.get("title", ""), schema.get("description", "")) if p)]
    if "default" in schema:
        parts.append(f"default `{json.dumps(schema['default'])}`")
    return ("; ".join(p for p in parts if p)).replace("|", "\\|")


def _json(value: Any) -> list[str]:
    return ["```json", json.dumps(value, indent=2, ensure_ascii=False), "```"]


def examples_page() -> str:
    """docs/reference/examples.md: the flows in flows_examples."""
    return gallery.page(EXAMPLES, registry())


PAGES = {
    "settings.md": settings_page,
    "commands.md": commands_page,
    "errors.md": errors_page,
    "metrics.md": metrics_page,
    "triggers.md": triggers_page,
    "node-types.md": node_types_page,
    "examples.md": examples_page,
}


def schema_file() -> str:
    """editors/vscode/flow.schema.json: the JSON Schema of flow files, with what comes in the box."""
    schema = flow_schema(registry())
    parts = ",\n".join(f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in schema.pop("$defs").items())
    rest = json.dumps(schema, ensure_ascii=False)
    return f'{rest[:-1]},\n"$defs": {{\n{parts}}}}}\n'


def main() -> None:
    """Writes the pages, the pictures and the editors' schema that changed."""
    made = {HERE / name: make() for name, make in PAGES.items()} | {
        EXAMPLES / n: text for n, text in gallery.pictures(EXAMPLES, registry()).items()
    }
    made[SCHEMA] = schema_file()
    for path, text in made.items():
        if not path.exists() or path.read_text() != text:
            path.write_text(text)


if __name__ == "__main__":
    main()
