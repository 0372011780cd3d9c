"""Conversations that were had: one as a recording, played on any version of its flow, many held against two versions."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from core.engine.replay import Parting, Turn, faithful, parted, replayed
from core.engine.shelf import Shelf
from core.model.errors import ServiceError
from core.model.program import Program
from core.model.recording import Recording, Taken
from core.services import flow_publish, flow_versions, scope
from core.services.actor import Actor
from core.services.house import House
from core.services.surroundings import LiveFlows
from core.store.tables.flows import flow
from core.store.tables.runtime import run, step_trace

COMPARED = 100
"""Conversations that two versions are held against: the newest."""


def of_run(house: House, who: Actor, run_id: str) -> Recording:
    """What came to a run. Raises ServiceError 409 run_not_recorded when it is not kept any more."""
    with house.store.read() as tx:
        return _of(tx, scope.a_run(tx, who, run_id))


def with_program(house: House, who: Actor, run_id: str) -> tuple[Recording, Program, Shelf]:
    """The recording with the version that it was had on, and the flows around it."""
    with house.store.read() as tx:
        row = scope.a_run(tx, who, run_id)
        recording = _of(tx, row)
        program = flow_publish.stored_program(tx, recording.program)
        return recording, program, _shelf(tx, row["account_id"], [program])


def replay(house: House, who: Actor, run_id: str, version: int | None) -> dict[str, Any]:
    """{run_id, version, same, difference, left_at, transcript}: the conversation on a version of its flow (0 = the draft, None = the live
    one) beside the version that it was had on. Nothing is sent. ``left_at`` = the event behind which even its own version goes another
    way now than it did then. Raises ServiceError 404, 409 run_not_recorded, flow_has_errors."""
    with house.store.read() as tx:
        row = scope.a_run(tx, who, run_id)
        recording = _of(tx, row)
        owner = scope.a_flow(tx, who, row["flow_id"])
        number = _number(tx, owner, version)
        new = flow_versions.program_of(house, tx, owner, number)
        old = flow_publish.stored_program(tx, recording.program)
        shelf = _shelf(tx, row["account_id"], [old, new])
    then, now = (list(replayed(shelf, p.hash, recording)) for p in (old, new))
    found = parted(then, now)
    return {
        "run_id": run_id,
        "version": number,
        "same": found is None,
        "difference": found.as_json() if found else None,
        "left_at": faithful(then, recording),
        "transcript": [_told(t) for t in now],
    }


def _told(turn: Turn) -> dict[str, Any]:
    return {"at": turn.at, "came": turn.came, "lines": list(turn.lines)}


def _number(tx: Connection, owner: RowMapping, version: int | None) -> int:
    if version is not None:
        return version
    live = flow_versions.live_number(tx, owner)
    if live is None:
        raise ServiceError(404, "not_found", "The flow has no live version; name one, or 0 for the draft")
    return live


def compared(tx: Connection, flow_id: str, old: Program, new: Program) -> dict[str, Any]:
    """{looked_at, differ, first: {run_id, difference} | null}: the newest conversations of a flow on two of its versions."""
    account = tx.execute(select(flow.c.instagram_account_id).where(flow.c.flow_id == flow_id)).scalar_one()
    shelf = _shelf(tx, account, [old, new])
    looked = differ = 0
    first: dict[str, Any] | None = None
    for run_id, recording in _newest(tx, flow_id):
        looked += 1
        found = parting(shelf, old, new, recording)
        differ += found is not None
        if found is not None and first is None:
            first = {"run_id": run_id, "difference": found.as_json()}
    return {"looked_at": looked, "differ": differ, "first": first}


def parting(shelf: Shelf, old: Program, new: Program, recording: Recording) -> Parting | None:
    """Where two programs on a shelf part in one conversation."""
    return parted(*(list(replayed(shelf, p.hash, recording)) for p in (old, new)))


def _newest(tx: Connection, flow_id: str) -> Iterator[tuple[str, Recording]]:
    rows = tx.execute(
        select(run)
        .where(run.c.flow_id == flow_id)
        .order_by(run.c.started_at.desc(), run.c.run_id.desc())
        .limit(COMPARED)
    )
    runs = {str(r["run_id"]): r for r in rows.mappings()}
    steps: dict[str, list[Mapping[Any, Any]]] = {}
    wanted = select(step_trace).where(step_trace.c.run_id.in_(runs)).order_by(step_trace.c.seq, step_trace.c.id)
    for step in tx.execute(wanted).mappings():
        steps.setdefault(str(step["run_id"]), []).append(step)
    for run_id, row in runs.items():
        recording = _recording(row, steps.get(run_id, []))
        if recording is not None:
            yield run_id, recording


def _of(tx: Connection, row: Mapping[Any, Any]) -> Recording:
    wanted = select(step_trace).where(step_trace.c.run_id == row["run_id"])
    steps = tx.execute(wanted.order_by(step_trace.c.seq, step_trace.c.id)).mappings().all()
    found = _recording(row, steps)
    if found is None:
        said = "What came to this run is not kept any more: it is older than 14 days, or a message of it was taken back"
        raise ServiceError(409, "run_not_recorded", said)
    return found


def _recording(row: Mapping[Any, Any], steps: Sequence[Mapping[Any, Any]]) -> Recording | None:
    """None when an event is missing."""
    if not steps or any(not s["event"] for s in steps) or steps[0]["event"].get("kind") != "started":
        return None
    first = dict(steps[0]["event"])
    known = first.pop("known", {})
    events = [first, *(s["event"] for s in steps[1:])]
    taken = tuple(Taken(s["at"], e, tuple((p[0], p[1]) for p in s["path"])) for s, e in zip(steps, events, strict=True))
    return Recording(
        str(first["program"]),
        (str(row["run_id"]), str((row["body"] or {}).get("contact") or row["contact_id"])),
        taken,
        known.get("contact", {}),
        tuple(known.get("tags", ())),
        known.get("account", {}),
        (),
        known.get("wroteAgo"),
        str(row["flow_id"]),
    )


def _shelf(tx: Connection, account_id: str, programs: Sequence[Program]) -> Shelf:
    """The programs, with the live flows that they come to."""
    live = LiveFlows(tx, account_id)
    active: dict[str, Program] = {}
    names = [n for p in programs for n in p.uses.get("flows", ())]
    while names:
        name = names.pop()
        other = live.get(name) if name not in active else None
        if other is not None:
            active[name] = other
            names += other.uses.get("flows", ())
    every = {p.hash: p for p in (*programs, *active.values())}
    return Shelf(every.values(), {name: p.hash for name, p in active.items()})
