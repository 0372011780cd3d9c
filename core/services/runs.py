"""Runs: who is under way in a flow, what happened, and retrying, moving or cancelling (decision 19)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, func, select

from core.model.errors import ServiceError
from core.services import commands, flow_draft, movable, scope
from core.services.actor import Actor
from core.services.commands import Asked
from core.services.house import House
from core.services.paging import Page, Part, part
from core.store.tables.flows import flow_version
from core.store.tables.runtime import run, step_trace

MOST = 10_000
"""Runs that a report looks into."""
LIVE = run.c.ended_at.is_(None)


def listed(house: House, who: Actor, flow_id: str, page: Page, status: str | None, code: str | None) -> Part:
    """A flow's runs, the newest first, by status and error code."""
    joined = run.outerjoin(flow_version, flow_version.c.flow_version_id == run.c.flow_version_id)
    wanted = select(run, flow_version.c.number.label("version")).select_from(joined).where(run.c.flow_id == flow_id)
    if status:
        wanted = wanted.where(run.c.status == status)
    if code:
        wanted = wanted.where(run.c.error_code == code)
    with house.store.read() as tx:
        scope.a_flow(tx, who, flow_id)
        found = part(tx, wanted.order_by(run.c.started_at.desc(), run.c.run_id.desc()), page)
    return Part([shown(row) for row in found.rows], found.total, page)


def shown(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A run's row with the error that its state holds."""
    body = row["body"] if isinstance(row["body"], dict) else {}
    return {**row, "error": body.get("error"), "trigger": body.get("trigger") or {}}


def ask(house: House, who: Actor, run_id: str, do: str, version: int | None = None) -> RowMapping:
    """Asks for retry, cancel or move (to the version of that number, else to the live one). Carried out by a worker.

    Raises ServiceError 409 run_not_live, 404 for a version that does not exist.
    """
    with house.store.read() as tx:
        row = scope.a_run(tx, who, run_id)
        if row["ended_at"] is not None:
            raise ServiceError(409, "run_not_live", "The run has ended", {"status": row["status"]})
        command: dict[str, Any] = {"do": do, "runId": run_id, "by": who.user_id}
        if version is not None:
            of = (flow_version.c.flow_id == row["flow_id"]) & (flow_version.c.number == version)
            found = tx.execute(select(flow_version.c.flow_version_id).where(of)).scalar()
            if found is None:
                raise ServiceError(404, "not_found", "The flow has no such version")
            command["version"] = found
    commands.ask(house, Asked(row["user_id"], row["account_id"], row["contact_id"]), command)
    return row


def trace(house: House, who: Actor, run_id: str) -> dict[str, Any]:
    """What the run went through: each step's event, disposition and path of [state, edge]."""
    with house.store.read() as tx:
        row = scope.a_run(tx, who, run_id)
        wanted = select(step_trace).where(step_trace.c.run_id == run_id).order_by(step_trace.c.seq, step_trace.c.id)
        steps = [dict(s) for s in tx.execute(wanted).mappings()]
    return {"run": shown(row), "steps": steps}


def report(house: House, who: Actor, flow_id: str) -> dict[str, Any]:
    """What publishing would meet: the people under way by version and step, how many of them could move to the draft and why
    the others could not, the draft's diagnostics, whether it behaves otherwise."""
    with house.store.read() as tx:
        row = scope.a_flow(tx, who, flow_id)
        joined = run.outerjoin(flow_version, flow_version.c.flow_version_id == run.c.flow_version_id)
        columns = (flow_version.c.number.label("version"), run.c.node_id, run.c.status)
        counted = (
            select(*columns, func.count().label("people")).select_from(joined).where(run.c.flow_id == flow_id, LIVE)
        )
        under_way = [dict(r) for r in tx.execute(counted.group_by(*columns)).mappings()]
        live = select(flow_version.c.number, flow_version.c.program_hash)
        version = flow_version.c.flow_version_id == row["published_version_id"]
        published = tx.execute(live.where(version)).first() if row["published_version_id"] else None
        movable_ = _movable(house, tx, row)
    return {
        "flow_id": flow_id,
        "published_version": published.number if published else None,
        "changed": published is None or published.program_hash != row["draft_hash"],
        "people": sum(r["people"] for r in under_way),
        "under_way": under_way,
        "movable": movable_,
        "diagnostics": row["diagnostics"],
    }


def _movable(house: House, tx: Connection, row: RowMapping) -> dict[str, Any] | None:
    """Who could move to the draft; None when it does not compile."""
    triggers = flow_draft.triggers_of(tx, row["flow_id"])
    done = flow_draft.compiled(house, tx, row, triggers)
    if not done.ok or done.program is None:
        return None
    others = (run.c.flow_id == row["flow_id"]) & LIVE & (run.c.program_hash != done.program.hash)
    found = tx.execute(select(run).where(others).order_by(run.c.run_id).limit(MOST)).mappings()
    can, cannot = movable.split(tx, [dict(r) for r in found], done.program)
    return {"can": len(can), "cannot": cannot}
