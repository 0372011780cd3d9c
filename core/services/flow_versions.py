"""A flow's published versions: listing, reading, taking one back as the draft; and deleting the flow."""

from typing import Any

from sqlalchemy import Connection, RowMapping, select, update

from core.model.errors import ServiceError
from core.model.program import Program
from core.services import audit, flow_draft, flow_publish, flows, scope
from core.services.actor import Actor
from core.services.commands import Asked, Posted, post_in
from core.services.house import House
from core.services.paging import Page, Part, part
from core.store.tables.flows import flow, flow_version
from core.store.tables.runtime import run

SHORT = [c for c in flow_version.c if c.name not in ("flow_definition", "source_map")]


def listed(house: House, who: Actor, flow_id: str, page: Page) -> Part:
    """The versions without their definitions, the newest first; ``live`` marks the published one."""
    with house.store.read() as tx:
        row = scope.a_flow(tx, who, flow_id)
        wanted = select(*SHORT).where(flow_version.c.flow_id == flow_id).order_by(flow_version.c.number.desc())
        found = part(tx, wanted, page)
    return Part([_shown(v, row) for v in found.rows], found.total, page)


def read(house: House, who: Actor, flow_id: str, number: int) -> dict[str, Any]:
    """One version with its definition. Raises ServiceError 404."""
    with house.store.read() as tx:
        row = scope.a_flow(tx, who, flow_id)
        this = (flow_version.c.flow_id == flow_id) & (flow_version.c.number == number)
        found = tx.execute(select(flow_version).where(this)).mappings().first()
    if found is None:
        raise ServiceError(404, "not_found", "The flow has no such version")
    return _shown(found, row)


def live_number(tx: Connection, row: RowMapping) -> int | None:
    """The number of a flow's live version."""
    this = flow_version.c.flow_version_id == row["published_version_id"]
    found: int | None = tx.execute(select(flow_version.c.number).where(this)).scalar()
    return found


def program_of(house: House, tx: Connection, row: RowMapping, number: int) -> Program:
    """The program of a version; 0 = the draft. Raises ServiceError 404, 409 flow_has_errors."""
    if number == 0:
        done = flow_draft.compiled(house, tx, row, flow_draft.triggers_of(tx, row["flow_id"]))
        if done.program is None:
            raise flow_publish.refused(done.diagnostics)
        return done.program
    this = (flow_version.c.flow_id == row["flow_id"]) & (flow_version.c.number == number)
    hash = tx.execute(select(flow_version.c.program_hash).where(this)).scalar()
    if hash is None:
        raise ServiceError(404, "not_found", "The flow has no such version")
    return flow_publish.stored_program(tx, hash)


def _shown(version: RowMapping, row: RowMapping) -> dict[str, Any]:
    return {**version, "live": version["flow_version_id"] == row["published_version_id"]}


def restore(house: House, who: Actor, flow_id: str, number: int) -> dict[str, Any]:
    """The version's definition becomes the draft; what is live does not change."""
    found = read(house, who, flow_id, number)
    return flows.change(house, who, flow_id, {"flow_definition": found["flow_definition"]})


def remove(house: House, who: Actor, flow_id: str) -> None:
    """Deletes a flow, softly: its versions stay for the runs' history, its live runs are cancelled."""
    with house.store.write() as tx:
        remove_in(house, tx, who, scope.a_flow(tx, who, flow_id, lock=True))
    house.wake_drain()


def remove_in(house: House, tx: Connection, who: Actor, row: RowMapping) -> None:
    """The same in the caller's transaction; the caller rings for the workers afterwards."""
    now = house.clock.real()
    gone = {"deleted_at": now, "status": "inactive", "updated_at": now}
    tx.execute(update(flow).where(flow.c.flow_id == row["flow_id"]).values(**gone))
    flow_publish.touched(tx, row["instagram_account_id"], now)
    live = select(run.c.user_id, run.c.account_id, run.c.contact_id, run.c.run_id)
    found = tx.execute(live.where(run.c.flow_id == row["flow_id"], run.c.ended_at.is_(None))).all()
    cancel = [(Asked(*r[:3]), {"do": "cancel", "runId": r[3], "reason": "deleted"}) for r in found]
    post_in(house, Posted(tx), cancel)
    tenant, account = row["user_id"], row["instagram_account_id"]
    audit.record(tx, now, "flow.delete", f"flow:{row['flow_id']}", actor=who.user_id, tenant=tenant, account=account)
