"""Runs that stopped, by cause (flow, error code, step): how many there are, and retry, move or cancel for all of one cause."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from core.model.errors import ServiceError
from core.services import audit, commands, movable, scope
from core.services.actor import Actor
from core.services.commands import Asked
from core.services.house import House
from core.store.tables.flows import flow_version
from core.store.tables.runtime import run

STOPPED = ("paused", "errored")
BATCH = 200
"""Commands in one transaction: a mailbox's lock is not held for long."""
MOST = 10_000
"""Runs of one request; ask again for the rest."""


def causes(house: House, who: Actor, flow_id: str) -> list[dict[str, Any]]:
    """What stopped a flow's live runs: error_code, node_id, status, runs, the first and the newest time, the latest message."""
    columns = (run.c.error_code, run.c.node_id, run.c.status)
    times = (func.min(run.c.updated_at).label("since"), func.max(run.c.updated_at).label("latest"))
    wanted = select(*columns, func.count().label("runs"), *times).where(_stopped(flow_id)).group_by(*columns)
    with house.store.read() as tx:
        scope.a_flow(tx, who, flow_id)
        found = [dict(r) for r in tx.execute(wanted.order_by(func.count().desc(), *columns)).mappings()]
        for cause in found:
            of = select(run.c.body).where(_stopped(flow_id), _same(cause)).order_by(run.c.updated_at.desc()).limit(1)
            body = tx.execute(of).scalar()
            cause["message"] = str((body.get("error") or {}).get("message") or "") if isinstance(body, dict) else ""
    return found


def _stopped(flow_id: str) -> ColumnElement[bool]:
    live = and_(run.c.flow_id == flow_id, run.c.ended_at.is_(None), run.c.status.in_(STOPPED))
    return and_(live, run.c.error_code.is_not(None))


def _same(cause: Mapping[str, Any]) -> ColumnElement[bool]:
    """The runs of a cause; without a step: of the error code, wherever."""
    code = run.c.error_code == cause["error_code"]
    return and_(code, run.c.node_id == cause["node_id"]) if cause.get("node_id") else code


def ask(house: House, who: Actor, flow_id: str, do: str, cause: Mapping[str, Any]) -> dict[str, Any]:
    """Asks for retry, cancel or move of all live runs of a cause ({error_code, node_id?, version?}).

    Answers {asked, left: [{node_id, reason, people}]}; only runs that can move are asked to. A worker carries it out.
    Raises ServiceError 404 when there is no such version, 409 flow_not_published.
    """
    wanted = select(run).where(_stopped(flow_id), _same(cause)).order_by(run.c.run_id).limit(MOST)
    with house.store.read() as tx:
        row = scope.a_flow(tx, who, flow_id)
        runs = [dict(r) for r in tx.execute(wanted).mappings()]
        command: dict[str, Any] = {"do": do, "by": who.user_id}
        left: movable.Rows = []
        if do == "move":
            version = _version(tx, row, cause.get("version"))
            command["version"] = version["flow_version_id"]
            runs, left = movable.split(tx, runs, movable.stored(tx, version["program_hash"]))
    _post(
        house,
        [(Asked(r["user_id"], r["account_id"], r["contact_id"]), {**command, "runId": r["run_id"]}) for r in runs],
    )
    with house.store.write() as tx:
        data = {"errorCode": cause["error_code"], "nodeId": cause.get("node_id"), "runs": len(runs)}
        of = {"actor": who.user_id, "tenant": row["user_id"], "account": row["instagram_account_id"]}
        audit.record(tx, house.clock.real(), f"runs.{do}", f"flow:{flow_id}", **of, data=data)
    return {"asked": len(runs), "left": left}


def _version(tx: Any, row: Mapping[Any, Any], number: int | None) -> Mapping[Any, Any]:
    if number is None and row["published_version_id"] is None:
        raise ServiceError(409, "flow_not_published", "The flow has no published version")
    of = flow_version.c.flow_id == row["flow_id"]
    this = flow_version.c.number == number if number else flow_version.c.flow_version_id == row["published_version_id"]
    found: Mapping[Any, Any] | None = tx.execute(select(flow_version).where(of, this)).mappings().first()
    if found is None:
        raise ServiceError(404, "not_found", "The flow has no such version")
    return found


def _post(house: House, asked: list[tuple[Asked, dict[str, Any]]]) -> None:
    for at in range(0, len(asked), BATCH):
        with house.store.db.write() as hot:
            commands.post_in(house, hot, asked[at : at + BATCH])
    if asked:
        house.wake_drain()
