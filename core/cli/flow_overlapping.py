"""Triggers of several flows that want the same words: of files beside each other, and of an account's active flows."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click

from core.cli.server import asked

if TYPE_CHECKING:
    from core.host.registry import Registry
    from core.lang import Compilation
    from core.model.nodetype import TriggerRow
    from core.runtime.match.overlaps import Pair

PAGE = 100


def rows_of(done: "Iterable[tuple[Path, str, Compilation]]") -> "list[TriggerRow]":
    """The triggers of flow files; a file that comes earlier counts as older."""
    rows: list[TriggerRow] = []
    for file, _, one in done:
        name = name_of(file, one)
        for trigger in one.doc.triggers if one.doc else ():
            if isinstance(trigger.get("type"), str):
                rows.append(_row(f"{name}#{len(rows)}", name, trigger, len(rows)))
    return rows


def name_of(file: Path, one: "Compilation") -> str:
    """The flow's short name: its own, or the file's."""
    return (one.doc.slug if one.doc else None) or file.stem


def _row(id_: str, flow: str, trigger: Mapping[str, Any], age: int) -> "TriggerRow":
    from core.model.nodetype import TriggerRow

    words = trigger.get("keyword") or ""
    options = {**(trigger.get("options") or {}), **{k: v for k, v in trigger.items() if k not in _OUTER}}
    post = trigger.get("mediaId") or trigger.get("postPermalink")
    if post:
        options |= {"mediaId": post, "scope": options.get("scope") or "post"}
    keyword = ", ".join(map(str, words)) if isinstance(words, list) else str(words)
    return TriggerRow(id_, flow, trigger["type"], keyword, options, age)


_OUTER = frozenset({"type", "keyword", "postPermalink", "status", "options", "mediaId"})


def rows_on(server: str, account: str, but: set[str]) -> "Iterator[TriggerRow]":
    """The triggers of an account's active flows; ``but`` = slugs of flows that lie here as files, which would take their place."""
    for flow in _paged(server, f"/instagram-accounts/{quote(account)}/flows"):
        if flow["status"] != "active" or flow["slug"] in but:
            continue
        for n, trigger in enumerate(_paged(server, f"/flows/{flow['flowId']}/triggers")):
            if trigger["status"] == "active":
                yield _row(trigger["triggerId"], flow["slug"], trigger, n - 1_000_000)


def _paged(server: str, path: str) -> Iterator[dict[str, Any]]:
    page = 1
    while True:
        found = asked(server, f"{path}?limit={PAGE}&page={page}")
        items = found if isinstance(found, list) else next(iter(found.values()))
        yield from items
        if len(items) < PAGE:
            return
        page += 1


def overlaps(rows: "Iterable[TriggerRow]", registry: "Registry") -> "list[Pair]":
    """The pairs; triggers of types that are not installed are left out."""
    from core.runtime.match.overlaps import pairs

    return pairs([r for r in rows if r.type in registry.trigger_types], registry.trigger_types, "0", 0)


def as_json(pair: "Pair") -> dict[str, Any]:
    """{winner, loser: {flow, type, keyword}, example, shadowed}."""
    sides = ({"flow": r.flow_id, "type": r.type, "keyword": r.keyword} for r in (pair.winner, pair.loser))
    winner, loser = sides
    return {"winner": winner, "loser": loser, "example": pair.example, "shadowed": pair.shadowed}


def show(pairs: "Iterable[Pair]") -> None:
    """A line each."""
    for pair in pairs:
        level = click.style("warning" if pair.shadowed else "info", fg="yellow" if pair.shadowed else "cyan", bold=True)
        more = f"; '{pair.loser.flow_id}' is never started by its words" if pair.shadowed else ""
        click.echo(
            f"{level}: “{pair.example}” starts '{pair.winner.flow_id}' ({pair.winner.type}),"
            f" not '{pair.loser.flow_id}' ({pair.loser.type}), which wants it too{more}"
        )
