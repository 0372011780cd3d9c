"""Checking, compiling and playing a flow without storing anything."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from core.engine.script import ScriptError
from core.engine.shelf import Shelf
from core.engine.simulate import simulate
from core.lang import Compilation, Workspace, compile_definition, compile_text
from core.lang.datamap import data_map
from core.lang.printing import PRINTERS, Unsayable
from core.lang.reading import read
from core.lang.reading.unreadable import Unreadable
from core.lang.workspace import ALONE
from core.model.errors import ServiceError
from core.model.limits import SOURCE_BYTES_JSON
from core.model.program import Program
from core.services import flow_draft, flow_publish, scope
from core.services.actor import Actor
from core.services.house import House
from core.services.surroundings import around
from core.store.tables.flows import flow, flow_version

SCRIPT = ("now", "contact", "account", "segments", "mocks", "seed", "events")


def compiled(house: House, who: Actor, source: Mapping[str, Any], account_id: str | None = None) -> Compilation:
    """``source``: {text, format?} in any notation, or {flow_definition, name?, triggers?}, or {flow_id} for a stored draft.

    ``account_id`` = whose live flows the subflows are; a stored draft's own account when it is not said.
    """
    if "text" in source and len(source["text"].encode()) > SOURCE_BYTES_JSON:
        raise ServiceError(413, "body_too_large", "The source is larger than 4 MiB")
    if account_id is None and not source.get("flow_id"):
        return _compiled(house, source, ALONE)
    with house.store.read() as tx:
        own: tuple[str, ...] = ()
        if source.get("flow_id"):
            row = scope.a_flow(tx, who, str(source["flow_id"]))
            account_id, own = account_id or row["instagram_account_id"], (row["slug"], row["flow_id"])
            triggers = flow_draft.triggers_of(tx, row["flow_id"])
            source = {"name": row["name"], "triggers": triggers, "flow_definition": row["flow_definition"]}
        assert account_id is not None
        scope.an_account(tx, who, account_id)
        return _compiled(house, source, around(tx, account_id, own))


def _compiled(house: House, source: Mapping[str, Any], workspace: Workspace) -> Compilation:
    if "text" in source:
        return compile_text(source["text"], house.registry, source.get("format"), around=workspace)
    envelope: dict[str, Any] = {"flowDefinition": source["flow_definition"]}
    envelope |= {k: source[k] for k in ("name", "triggers") if k in source}
    return compile_definition(envelope, house.registry, workspace)


def analysed(done: Compilation) -> dict[str, Any]:
    """What the compiler knows of a program beyond its findings: {bounds, window, data_map}; null without a program."""
    return {
        "bounds": done.bounds.as_json() if done.bounds else None,
        "window": done.window.as_json() if done.window else None,
        "data_map": [d.as_json() for d in data_map(done.program)] if done.program else None,
    }


def converted(house: House, who: Actor, source: Mapping[str, Any], to: str) -> str:
    """The flow in another notation, ``json``, ``yaml`` or ``flow``. Raises ServiceError 400 flow_unreadable for a text that is
    none, 409 flow_unsayable."""
    return printed(_document(house, who, source), to)


def printed(document: Mapping[str, Any], to: str) -> str:
    """A document as text. Raises ServiceError 409 flow_unsayable for what the text language cannot say."""
    try:
        return PRINTERS[to](document)
    except Unsayable as e:
        raise ServiceError(409, "flow_unsayable", e.message, {"place": list(e.place)}) from e


def read_text(text: str, format: str | None) -> dict[str, Any]:
    """The document in a text of any notation. Raises ServiceError 400 flow_unreadable."""
    return read_source(text, format)[0]


def read_source(text: str, format: str | None) -> tuple[dict[str, Any], frozenset[str]]:
    """The document, and the ids of its steps that nobody wrote. Raises ServiceError 400 flow_unreadable."""
    try:
        source = read(text, format, "flow")
    except Unreadable as e:
        found = {"message": e.message, "hint": e.hint, "span": e.span.as_json() if e.span else None}
        raise ServiceError(400, "flow_unreadable", e.message, {"diagnostics": [found]}) from e
    if not isinstance(source.data, dict):
        raise ServiceError(400, "flow_unreadable", "A flow must be an object")
    return source.data, source.automatic


def _document(house: House, who: Actor, source: Mapping[str, Any]) -> dict[str, Any]:
    if source.get("flow_id"):
        with house.store.read() as tx:
            row = scope.a_flow(tx, who, str(source["flow_id"]))
            return flow_draft.envelope(tx, row)
    if "text" in source:
        return read_text(source["text"], source.get("format"))
    return {k: v for k, v in (("name", source.get("name")), ("triggers", source.get("triggers"))) if v} | {
        "flowDefinition": source["flow_definition"]
    }


def play(house: House, who: Actor, source: Mapping[str, Any], account_id: str | None) -> dict[str, Any]:
    """Plays a conversation in memory (``core.engine.simulate`` has the shapes). Subflows are the account's active flows.

    Raises ServiceError 409 flow_has_errors when there is nothing to play, 400 for a script that cannot be read.
    """
    done = compiled(house, who, source, account_id)
    if done.program is None:
        raise flow_publish.refused(done.diagnostics)
    on = shelf(house, who, done.program, account_id, source.get("flow_id"))
    script = {k: source[k] for k in SCRIPT if k in source}
    try:
        played = simulate(on, done.program.hash, script)
    except ScriptError as e:
        raise ServiceError(400, "validation_failed", str(e), {"events": [str(e)]}) from e
    return {"diagnostics": [d.as_json() for d in done.diagnostics], **played}


def shelf(house: House, who: Actor, program: Program, account_id: str | None, flow_id: Any) -> Shelf:
    """The program with the account's live ones, by slug and id, as its subflows."""
    others, active = _live(house, who, account_id, flow_id)
    return Shelf([program, *others], active)


def _live(house: House, who: Actor, account_id: str | None, flow_id: Any) -> tuple[list[Program], dict[str, str]]:
    with house.store.read() as tx:
        if account_id is None and flow_id:
            account_id = scope.a_flow(tx, who, str(flow_id))["instagram_account_id"]
        if account_id is None:
            return [], {}
        scope.an_account(tx, who, account_id)
        wanted = (
            select(flow.c.slug, flow.c.flow_id, flow_version.c.program_hash)
            .join(flow_version, flow_version.c.flow_version_id == flow.c.published_version_id)
            .where(flow.c.instagram_account_id == account_id, flow.c.status == "active", flow.c.deleted_at.is_(None))
        )
        active = {name: row.program_hash for row in tx.execute(wanted) for name in (row.slug, row.flow_id)}
        return [flow_publish.stored_program(tx, hash) for hash in set(active.values())], active
