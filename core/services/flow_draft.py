"""A flow's draft: what the compiler says of it, its name in files, its stored form."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from core.lang import Compilation, compile_definition
from core.model.diagnostic import Diagnostic, Severity
from core.model.program import Program
from core.services.house import House
from core.services.surroundings import around
from core.store.tables.flows import flow
from core.store.tables.triggers import trigger

EMPTY: Mapping[str, Any] = {
    "startNodeId": "start",
    "nodes": [{"id": "start", "type": "start", "name": "Start", "connections": []}],
}
SLUG_CHARS = 90


def compiled(
    house: House,
    tx: Connection,
    row: Mapping[Any, Any],
    triggers: Sequence[Mapping[str, Any]],
    beside: Mapping[str, Program] | None = None,
) -> Compilation:
    """What the compiler makes of a draft (the flow's ``row``) together with the triggers that start it, in its account; ``beside`` =
    programs that go live together with it."""
    envelope = {"name": row["name"], "triggers": list(triggers), "flowDefinition": row["flow_definition"]}
    known = around(tx, row["instagram_account_id"], (row["slug"], row["flow_id"]), beside)
    return compile_definition(envelope, house.registry, known)


def envelope(tx: Connection, row: Mapping[Any, Any]) -> dict[str, Any]:
    """The draft as a file has it: its slug, name, description and triggers around the definition."""
    told = {"slug": row["slug"], "name": row["name"], "description": row["description"]}
    triggers = triggers_of(tx, row["flow_id"])
    return {**{k: v for k, v in told.items() if v}, "triggers": triggers, "flowDefinition": row["flow_definition"]}


def stored(done: Compilation, also: Sequence[Diagnostic] = ()) -> dict[str, Any]:
    """The columns of a draft that come from the compiler; ``also`` = findings about its surroundings."""
    return {
        "diagnostics": [d.as_json() for d in (*done.diagnostics, *also)],
        "draft_hash": done.program.hash if done.program is not None else None,
    }


def errors(diagnostics: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those that forbid activation."""
    return [d for d in diagnostics if d["severity"] == Severity.ERROR]


def triggers_of(tx: Connection, flow_id: str) -> list[dict[str, Any]]:
    """The flow's active triggers as the compiler reads them."""
    wanted = select(trigger).where(trigger.c.flow_id == flow_id, trigger.c.status == "active")
    rows = tx.execute(wanted.order_by(trigger.c.created_at)).mappings()
    return [as_written(row) for row in rows]


def as_written(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A trigger's row as an author would write it."""
    found = {"type": row["type"], "keyword": row["keyword"], **(row["options"] or {})}
    if row["post_permalink"]:
        found["postPermalink"] = row["post_permalink"]
    if row["media_id"]:
        found["mediaId"] = row["media_id"]
    return found


def slug_for(tx: Connection, account_id: str, name: str) -> str:
    """A free name in files, from the flow's name.

    Two flows of one name get ``welcome`` and ``welcome-2``.
    """
    base = slugged(name)
    wanted = select(flow.c.slug).where(flow.c.instagram_account_id == account_id, flow.c.deleted_at.is_(None))
    taken = set(tx.execute(wanted).scalars())
    free = (s for s in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if s not in taken)
    return next(free)


def slugged(name: str) -> str:
    """A name as lower-case words with hyphens.

    >>> slugged("Café: Willkommen!"), slugged("🎉")
    ('cafe-willkommen', 'flow')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:SLUG_CHARS].strip("-") or "flow"
