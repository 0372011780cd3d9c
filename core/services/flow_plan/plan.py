"""The use case: what an apply of a folder would do, and what stands in its way."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, func, select

from core.model.diagnostic import has_errors
from core.services import scope
from core.services.actor import Actor
from core.services.flow_plan.behaviour import compare_all, compile_all
from core.services.flow_plan.files import Asked
from core.services.flow_plan.look import WRITTEN, Item, Planned, Player, looked
from core.services.house import House
from core.store.tables.flows import flow, flow_version, program
from core.store.tables.runtime import run


def plan(house: House, who: Actor, account_id: str, asked: Asked, player: Player) -> Planned:
    """Looks, compiles, compares, counts the people under way and plays the tests. Nothing is written. Raises ServiceError 404."""
    with house.store.read() as tx:
        scope.an_account(tx, who, account_id)
        planned = looked(house, tx, account_id, asked)
        compile_all(house, tx, planned)
        compare_all(house, tx, planned)
        _count(tx, planned)
        used = _used_by(tx, planned)
    planned.tests = player.tests(planned.compiled)
    for item in planned.items:
        program = item.done.program if item.done else None
        if item.kind in WRITTEN and item.differences and item.old is not None and program is not None:
            item.transcript = player.transcript(item.old, program, item.differences[0])
    planned.blocked = [*_blocked(planned, used), *_failed(planned)]
    return planned


def _count(tx: Connection, planned: Planned) -> None:
    """The people who are in a flow that would change, by version and step."""
    touched = {
        i.stood.row["flow_id"]: i for i in planned.items if i.stood is not None and (i.writes or i.verdict.conflicts)
    }
    version = flow_version.c.number.label("version")
    columns = (run.c.flow_id, version, run.c.node_id, run.c.status)
    joined = run.outerjoin(flow_version, flow_version.c.flow_version_id == run.c.flow_version_id)
    wanted = select(*columns, func.count().label("people")).select_from(joined)
    wanted = wanted.where(run.c.flow_id.in_(touched), run.c.ended_at.is_(None)).group_by(*columns)
    for row in tx.execute(wanted.order_by(*columns)).mappings() if touched else ():
        touched[row["flow_id"]].people.append({k: row[k] for k in ("version", "node_id", "status", "people")})


def _used_by(tx: Connection, planned: Planned) -> dict[str, list[str]]:
    """Flows that go, and the active ones that run them still."""
    going = {name: i.slug for i in planned.items if i.kind == "removed" for name in i.names}
    if not going:
        return {}
    here = (flow.c.instagram_account_id == planned.account_id) & flow.c.deleted_at.is_(None)
    live = select(flow.c.slug, program.c.body).join(
        flow_version, flow_version.c.flow_version_id == flow.c.published_version_id
    )
    live = live.join(program, program.c.hash == flow_version.c.program_hash).where(here, flow.c.status == "active")
    found: dict[str, list[str]] = {}
    files = {i.slug: i for i in planned.items if i.file is not None}
    for row in tx.execute(live):
        if row.slug not in files and row.slug not in going.values():
            _note(found, going, row.slug, _runs(row.body))
    for item in files.values():
        if item.status == "active" and item.done and item.done.program:
            _note(found, going, item.slug, item.done.program.uses.get("flows", ()))
    return found


def _runs(body: str) -> Iterable[str]:
    import orjson

    return tuple(orjson.loads(body).get("uses", {}).get("flows", ()))


def _note(found: dict[str, list[str]], going: dict[str, str], user: str, runs: Iterable[str]) -> None:
    for name in runs:
        if name in going:
            found.setdefault(going[name], []).append(user)


def _blocked(planned: Planned, used: dict[str, list[str]]) -> Iterator[dict[str, Any]]:
    for item in planned.items:
        if item.kind == "conflict":
            message = f"{item.slug}: {item.verdict.reason} ({', '.join(item.verdict.conflicts)})"
            yield {"code": "conflict", "slug": item.slug, "message": message}
        elif item.kind in WRITTEN and _wrong(item):
            count = sum(d.severity == "error" for d in item.diagnostics)
            message = f"{item.slug}: {count} error{'s' * (count != 1)}, so it cannot be applied"
            yield {"code": "flow_has_errors", "slug": item.slug, "message": message}
    for slug, users in used.items():
        message = f"{slug}: it would be removed, but {', '.join(sorted(set(users)))} still runs it"
        yield {"code": "still_run", "slug": slug, "message": message}


def _wrong(item: Item) -> bool:
    return item.done is None or item.done.program is None or has_errors(item.diagnostics)


def _failed(planned: Planned) -> Iterator[dict[str, Any]]:
    for report in planned.tests:
        if not report["passed"]:
            failed = [t["name"] for t in report["tests"] if not t["passed"]]
            told = ", ".join(failed) or "; ".join(p["message"] for p in report["problems"])
            yield {"code": "tests_failed", "slug": None, "message": f"{report['name']}: {told}"}
