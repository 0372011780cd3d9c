"""Publishing: a draft becomes an immutable version with its program; activating, switching off, deleting."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from core.lang import Compilation, check_triggers
from core.model.codec import canonical, program_from_json
from core.model.diagnostic import Diagnostic, Severity, has_errors
from core.model.errors import ServiceError
from core.model.program import Program
from core.services import audit, flow_draft, flow_media, scope, subflows
from core.services.actor import Actor
from core.services.house import House
from core.services.surroundings import around
from core.services.upsert import upsert
from core.store.ids import new_id
from core.store.tables.accounts import account
from core.store.tables.flows import flow, flow_version, program


def refused(diagnostics: Sequence[Any]) -> ServiceError:
    """The flow, or its triggers, forbid it. ``diagnostics`` are Diagnostic objects or their JSON."""
    told = [d.as_json() if isinstance(d, Diagnostic) else d for d in diagnostics]
    return ServiceError(409, "flow_has_errors", "The flow has errors", {"diagnostics": told})


def publish(house: House, who: Actor, flow_id: str, note: str = "") -> RowMapping:
    """Makes a version of the draft (none when nothing changed) and lets it be the live one. Raises 409 flow_has_errors."""
    now = house.clock.real()
    with house.store.write() as tx:
        row = scope.a_flow(tx, who, flow_id, lock=True)
        made = _version(house, tx, who, row, now, note, always=True, going_live=row["status"] == "active")
        _touched(tx, row, now)
        return made


def set_status(
    house: House,
    tx: Connection,
    who: Actor,
    flow_id: str,
    status: str,
    now: int,
    note: str = "",
    beside: Mapping[str, Program] | None = None,
) -> None:
    """In the caller's transaction: ``active`` publishes when the behaviour changed and checks the triggers. ``note`` = what to
    remember of the version; ``beside`` = programs, by slug and id, of flows that go live in the same transaction."""
    row = tx.execute(select(flow).where(flow.c.flow_id == flow_id)).mappings().one()
    if status == "active":
        _version(house, tx, who, row, now, note, always=False, going_live=True, beside=beside)
    tx.execute(update(flow).where(flow.c.flow_id == flow_id).values(status=status, updated_at=now))
    _touched(tx, row, now)
    if status != row["status"]:
        _record(tx, who, row, now, f"flow.{status}")


def switch(house: House, who: Actor, flow_id: str, status: str) -> None:
    """Switches the flow on or off. Inactive: nothing new starts, runs under way finish. Raises 409 flow_has_errors."""
    now = house.clock.real()
    with house.store.write() as tx:
        row = scope.a_flow(tx, who, flow_id, lock=True)
        set_status(house, tx, who, flow_id, status, now)
        tx.execute(update(flow).where(flow.c.flow_id == flow_id).values(revision=row["revision"] + 1))


def _version(
    house: House,
    tx: Connection,
    who: Actor,
    row: RowMapping,
    now: int,
    note: str,
    *,
    always: bool,
    going_live: bool,
    beside: Mapping[str, Program] | None = None,
) -> RowMapping:
    """The version to be live: the present one when the draft behaves (or, with ``always``, reads) the same, else a new one.

    ``going_live`` = contacts will meet it at once: its subflows must be active too.
    """
    triggers = flow_draft.triggers_of(tx, row["flow_id"])
    done = flow_draft.compiled(house, tx, row, triggers, beside)
    around = subflows.missing(tx, row, done, Severity.ERROR if going_live else Severity.WARNING, beside or ())
    around += flow_media.missing(tx, row, done)
    told = flow_draft.stored(done, [replace(d, severity=Severity.WARNING) for d in around])
    tx.execute(update(flow).where(flow.c.flow_id == row["flow_id"]).values(**told))
    if not done.ok or has_errors(around):
        raise refused([*done.diagnostics, *around])
    assert done.program is not None
    flow_media.plan(tx, row, done.program, now)
    live = live_version(tx, row)
    if live is not None and _same(live, row, done, always):
        return live
    made = _insert(tx, who, row, done, now, note)
    values = {"published_version_id": made["flow_version_id"], "updated_at": now}
    tx.execute(update(flow).where(flow.c.flow_id == row["flow_id"]).values(**values))
    _record(tx, who, row, now, "flow.publish", version=made["number"])
    return made


def _same(live: RowMapping, row: RowMapping, done: Compilation, whole: bool) -> bool:
    assert done.program is not None
    if live["program_hash"] != done.program.hash:
        return False
    return not whole or canonical(live["flow_definition"]) == canonical(row["flow_definition"])


def _insert(tx: Connection, who: Actor, row: RowMapping, done: Compilation, now: int, note: str) -> RowMapping:
    assert done.program is not None
    body = canonical(done.program.as_json()).decode()
    kept = upsert(tx, program).values(hash=done.program.hash, body=body, created_at=now)
    tx.execute(kept.on_conflict_do_nothing(index_elements=["hash"]))
    last = select(func.max(flow_version.c.number)).where(flow_version.c.flow_id == row["flow_id"])
    made = new_id()
    tx.execute(
        insert(flow_version).values(
            flow_version_id=made,
            user_id=row["user_id"],
            flow_id=row["flow_id"],
            number=(tx.execute(last).scalar() or 0) + 1,
            flow_definition=row["flow_definition"],
            program_hash=done.program.hash,
            source_map=dict(done.program.source_map) or None,
            author_id=who.user_id,
            note=note,
            created_at=now,
        )
    )
    return tx.execute(select(flow_version).where(flow_version.c.flow_version_id == made)).mappings().one()


def live_version(tx: Connection, row: RowMapping) -> RowMapping | None:
    """The published version of a flow's row."""
    if row["published_version_id"] is None:
        return None
    wanted = select(flow_version).where(flow_version.c.flow_version_id == row["published_version_id"])
    return tx.execute(wanted).mappings().first()


def live_program(tx: Connection, row: RowMapping) -> Program | None:
    """The program that the flow's live version runs."""
    version = live_version(tx, row)
    return None if version is None else stored_program(tx, version["program_hash"])


def stored_program(tx: Connection, hash: str) -> Program:
    """A program by its hash."""
    import orjson

    body = tx.execute(select(program.c.body).where(program.c.hash == hash)).scalar_one()
    return program_from_json(orjson.loads(body), hash)


def check_live(house: House, tx: Connection, row: RowMapping) -> None:
    """An active flow's triggers must fit its live version (decision 13). Raises 409 trigger_has_errors."""
    if row["status"] != "active":
        return
    triggers = flow_draft.triggers_of(tx, row["flow_id"])
    known = around(tx, row["instagram_account_id"], (row["slug"], row["flow_id"]))
    found = check_triggers(triggers, live_program(tx, row), house.registry, known)
    if has_errors(found):
        details = {"diagnostics": [d.as_json() for d in found]}
        raise ServiceError(409, "trigger_has_errors", "The triggers do not fit the live version", details)


def touched(tx: Connection, account_id: str, now: int) -> None:
    """What may start changed: processes read the account's triggers and live flows anew."""
    this = account.c.instagram_account_id == account_id
    values = {"triggers_version": account.c.triggers_version + 1, "updated_at": now}
    tx.execute(update(account).where(this).values(**values))


def _touched(tx: Connection, row: RowMapping, now: int) -> None:
    touched(tx, row["instagram_account_id"], now)


def _record(tx: Connection, who: Actor, row: RowMapping, now: int, action: str, **data: Any) -> None:
    audit.record(
        tx,
        now,
        action,
        f"flow:{row['flow_id']}",
        actor=who.user_id,
        tenant=row["user_id"],
        account=row["instagram_account_id"],
        data=data,
    )
