"""Flows: drafts, publishing, switching on and off, deleting (LLD 4.3, decision 15)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from core.model.diagnostic import Severity
from core.model.errors import ServiceError
from core.model.program import Program
from core.services import flow_draft, flow_media, flow_publish, plans, scope, subflows, trigger_merge
from core.services.actor import Actor
from core.services.house import House
from core.services.paging import Page, Part, containing, part
from core.store.ids import new_id
from core.store.tables.flows import flow, flow_version

LISTED = [c for c in flow.c if c.name != "flow_definition"]


@dataclass(frozen=True, slots=True)
class Draft:
    """A new flow. ``triggers`` = the envelope's, as an author writes them."""

    name: str
    description: str = ""
    definition: Mapping[str, Any] = field(default_factory=lambda: flow_draft.EMPTY)
    slug: str | None = None
    triggers: Sequence[Mapping[str, Any]] = ()


def create(house: House, who: Actor, account_id: str, new: Draft) -> dict[str, Any]:
    """A new draft, saved whatever the compiler says of it. Raises 409 slug_taken, 402 plan_limit_reached, 404."""
    now = house.clock.real()
    with house.store.write() as tx:
        owner = scope.an_account(tx, who, account_id)["user_id"]
        plans.enforce(tx, owner, "max_flows", flow, (flow.c.user_id == owner) & flow.c.deleted_at.is_(None))
        flow_id = new_id()
        values = {
            "flow_id": flow_id,
            "user_id": owner,
            "instagram_account_id": account_id,
            "slug": new.slug or flow_draft.slug_for(tx, account_id, new.name),
            "name": new.name,
            "description": new.description,
            "flow_definition": dict(new.definition),
        }
        write(tx, insert(flow).values(**values, revision=1, created_at=now, updated_at=now))
        trigger_merge.merge(house, tx, flow_id, new.triggers, now)
        compile_draft(house, tx, flow_id, now)
        return _shown(tx, scope.a_flow(tx, who, flow_id))


def write(tx: Connection, statement: Any) -> None:
    """An insert or update of a flow. Raises ServiceError 409 slug_taken."""
    try:
        with tx.begin_nested():
            tx.execute(statement)
    except IntegrityError as e:
        message = "Another flow of this account has that slug"
        raise ServiceError(409, "slug_taken", message, {"slug": ["Taken."]}) from e


def compile_draft(
    house: House, tx: Connection, flow_id: str, now: int, beside: Mapping[str, Program] | None = None
) -> None:
    """Stores what the compiler says of the draft; ``beside`` = programs that go live in the same transaction."""
    row = tx.execute(select(flow).where(flow.c.flow_id == flow_id)).mappings().one()
    done = flow_draft.compiled(house, tx, row, flow_draft.triggers_of(tx, flow_id), beside)
    around = [*subflows.missing(tx, row, done, Severity.WARNING, beside or ()), *flow_media.missing(tx, row, done)]
    values = {**flow_draft.stored(done, around), "updated_at": now}
    tx.execute(update(flow).where(flow.c.flow_id == flow_id).values(**values))


def listed(
    house: House, who: Actor, account_id: str, page: Page, status: str | None = None, text: str | None = None
) -> Part:
    """An account's flows without their definitions, the newest first."""
    wanted = select(*LISTED).where(flow.c.instagram_account_id == account_id, flow.c.deleted_at.is_(None))
    if status:
        wanted = wanted.where(flow.c.status == status)
    if text:
        like = containing(text)
        named = (flow.c.name, flow.c.description, flow.c.slug)
        wanted = wanted.where(or_(*(column.ilike(like, escape="\\") for column in named)))
    with house.store.read() as tx:
        scope.an_account(tx, who, account_id)
        found = part(tx, wanted.order_by(flow.c.created_at.desc(), flow.c.flow_id.desc()), page)
        return Part([_shown(tx, row) for row in found.rows], found.total, page)


def read(house: House, who: Actor, flow_id: str) -> dict[str, Any]:
    """One flow with its draft."""
    with house.store.read() as tx:
        return _shown(tx, scope.a_flow(tx, who, flow_id))


def _shown(tx: Connection, row: RowMapping) -> dict[str, Any]:
    """The row, with the number and hash of the published version and whether the draft behaves otherwise."""
    live = None
    if row["published_version_id"]:
        wanted = select(flow_version.c.number, flow_version.c.program_hash, flow_version.c.created_at)
        published = flow_version.c.flow_version_id == row["published_version_id"]
        live = tx.execute(wanted.where(published)).mappings().first()
    return {
        **row,
        "published_version": live["number"] if live else None,
        "published_at": live["created_at"] if live else None,
        "changed": live is None or live["program_hash"] != row["draft_hash"],
    }


def change(
    house: House, who: Actor, flow_id: str, changes: Mapping[str, Any], revision: int | None = None
) -> dict[str, Any]:
    """Changes name, description, slug, flow_definition, triggers or status; ``revision`` = the one that was read.

    ``status`` "active" publishes when the behaviour changed, then activates; all or nothing. Raises 412
    precondition_failed when somebody saved in between, 409 flow_has_errors, 409 slug_taken.
    """
    now = house.clock.real()
    columns = {k: changes[k] for k in ("name", "description", "slug", "flow_definition") if k in changes}
    with house.store.write() as tx:
        row = scope.a_flow(tx, who, flow_id, lock=True)
        if revision is not None and revision != row["revision"]:
            raise stale(row["revision"])
        statement = update(flow).where(flow.c.flow_id == flow_id)
        write(tx, statement.values(**columns, revision=row["revision"] + 1, updated_at=now))
        if "triggers" in changes:
            trigger_merge.merge(house, tx, flow_id, changes["triggers"], now)
        if columns or "triggers" in changes:
            compile_draft(house, tx, flow_id, now)
        if "status" in changes:
            flow_publish.set_status(house, tx, who, flow_id, changes["status"], now)
        return _shown(tx, scope.a_flow(tx, who, flow_id))


def stale(revision: int) -> ServiceError:
    """Somebody saved in between."""
    return ServiceError(
        412, "precondition_failed", "Somebody has changed the flow since you read it", {"revision": revision}
    )


def duplicate(house: House, who: Actor, flow_id: str, name: str | None) -> dict[str, Any]:
    """A copy of the draft, as a draft of its own, without triggers."""
    old = read(house, who, flow_id)
    copy = Draft(name or f"Copy of {old['name']}"[:200], old["description"], old["flow_definition"])
    return create(house, who, old["instagram_account_id"], copy)
