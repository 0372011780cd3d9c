"""The items' programs: what the compiler says of the files, and what people will notice."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from core.lang import Compilation, compile_definition
from core.lang.behaviour import differences
from core.model.diagnostic import Diagnostic, Severity
from core.model.program import Program
from core.services import flow_media, flow_publish, subflows
from core.services.flow_plan import parts
from core.services.flow_plan.compare import Verdict
from core.services.flow_plan.look import Item, Planned
from core.services.house import House
from core.services.surroundings import around


def compile_all(house: House, tx: Connection, planned: Planned) -> None:
    """Compiles the files, each with the flows that will be live beside it, and adds what their surroundings lack."""
    for item in planned.items:
        if item.file is not None:
            item.done = compile_definition(item.file.envelope, house.registry)
    beside = planned.beside
    gone = {n for i in planned.items if i.kind == "removed" or i.status != "active" for n in i.names} - {*beside}
    for item in planned.items:
        if item.done is not None and item.file is not None:
            if item.done.program is not None and item.done.program.uses.get("flows"):
                known = around(tx, planned.account_id, item.names, beside)
                item.done = compile_definition(item.file.envelope, house.registry, known)
            found = [*item.done.diagnostics, *_around(tx, planned, item, item.done, beside, gone)]
            named = item.file.written
            item.diagnostics = [replace(d, node=named.get(d.node, d.node)) if d.node else d for d in found]


def _around(
    tx: Connection, planned: Planned, item: Item, done: Compilation, beside: Mapping[str, Any], gone: Iterable[str]
) -> list[Diagnostic]:
    id_ = item.stood.row["flow_id"] if item.stood else ""
    row = {"instagram_account_id": planned.account_id, "slug": item.slug, "flow_id": id_}
    severity = Severity.ERROR if item.status == "active" else Severity.WARNING
    return [*subflows.missing(tx, row, done, severity, beside, gone), *flow_media.missing(tx, row, done)]


def compare_all(house: House, tx: Connection, planned: Planned) -> None:
    """What people will notice of each change, and what was changed for them on the server."""
    for item in planned.items:
        if item.stood is not None and item.file is not None:
            _compared(house, tx, item)


def _compared(house: House, tx: Connection, item: Item) -> None:
    assert item.stood is not None
    new = item.done.program if item.done else None
    active = item.stood.row["status"] == "active"
    unsettled = {*item.verdict.drift, *item.verdict.conflicts}
    if active and item.status == "active" and new is not None and parts.DOCUMENT not in unsettled:
        live = flow_publish.live_program(tx, item.stood.row)
        if parts.DOCUMENT not in item.verdict.changes and live is not None and live.hash != new.hash:
            item.verdict = Verdict((*item.verdict.changes, parts.PUBLISHED), item.verdict.drift)
            item.kind = "changed"
        item.old = live
    if parts.DOCUMENT in {*item.verdict.changes, *unsettled}:
        draft = _program(house, item.stood.envelope)
        item.old = item.old or draft
        if parts.DOCUMENT in unsettled and draft is not None:
            base = item.stood.base["document"] if item.stood.base else None
            before = _program(house, base) if base else None
            item.theirs = differences(before, draft) if before else []
    if item.old is not None and new is not None and not _drifted_only(item):
        item.differences = differences(item.old, new)
    if item.kind == "changed" and _same_behaviour(item):
        item.kind = "rewritten"


def _drifted_only(item: Item) -> bool:
    return parts.DOCUMENT in item.verdict.drift


def _same_behaviour(item: Item) -> bool:
    if {"triggers", "status"} & {*item.verdict.changes} or item.differences:
        return False
    document = {parts.DOCUMENT, parts.PUBLISHED} & {*item.verdict.changes}
    return not document or (item.old is not None and item.done is not None and item.done.program is not None)


def _program(house: House, envelope: Mapping[str, Any]) -> Program | None:
    return compile_definition(envelope, house.registry).program
