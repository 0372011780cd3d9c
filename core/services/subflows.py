"""Flows that a program runs as subflows: they must be there, and active, in the same account (IF309)."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, select

from core.lang import Compilation
from core.model.diagnostic import Diagnostic, Severity
from core.model.near import near
from core.model.program import Program
from core.store.tables.flows import flow

CODE = "IF309"


def missing(
    tx: Connection,
    row: Mapping[Any, Any],
    done: Compilation,
    severity: Severity,
    also: Iterable[str] = (),
    gone: Iterable[str] = (),
) -> list[Diagnostic]:
    """A finding for each step whose subflow (a slug or id) is not an active flow of the account.

    ``row`` = the flow's row; it may run itself. In a draft that is a warning, on activation an error.
    ``also`` = names that will be active too, ``gone`` = names that will not be.
    """
    if done.program is None or not done.program.uses.get("flows"):
        return []
    active, known = _named(tx, row)
    active = {*active, *also, row["flow_id"], row["slug"]} - {*gone}
    known |= {*also}
    wanted = [name for name in done.program.uses["flows"] if name not in active]
    return [
        _finding(name, node, name in known, active, severity) for name in wanted for node in _nodes(done.program, name)
    ]


def _named(tx: Connection, row: Mapping[Any, Any]) -> tuple[set[str], set[str]]:
    """Slugs and ids of the account's flows: the active ones, and all."""
    here = (flow.c.instagram_account_id == row["instagram_account_id"]) & flow.c.deleted_at.is_(None)
    active: set[str] = set()
    known: set[str] = set()
    for found in tx.execute(
        select(flow.c.slug, flow.c.flow_id, flow.c.status, flow.c.published_version_id).where(here)
    ):
        names = {found.slug, found.flow_id}
        known |= names
        if found.status == "active" and found.published_version_id is not None:
            active |= names
    return active, known


def _nodes(program: Program, name: str) -> Iterable[str | None]:
    """The steps that run it; none is known when the name is made at run time."""
    waits = (s.node for s in program.states.values() if s.wait is not None and s.wait.get("flow") == name)
    return list(dict.fromkeys(waits)) or [None]


def _finding(name: str, node: str | None, known: bool, active: set[str], severity: Severity) -> Diagnostic:
    if known:
        return Diagnostic(CODE, severity, f"the flow '{name}' is not active", node, hint="activate it first")
    better = near(name, (n for n in active if len(n) != 36))
    hint = f"did you mean '{better}'?" if better else "create and activate it, or name another flow"
    return Diagnostic(CODE, severity, f"this account has no flow '{name}'", node, hint=hint)
