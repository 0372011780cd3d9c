"""Triggers: how flows begin (LLD 4.4, decisions 10 to 13)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from core.services import flow_publish, scope, trigger_fields, trigger_posts
from core.services.actor import Actor
from core.services.house import House
from core.services.paging import Page, Part, part
from core.store.ids import new_id
from core.store.tables.triggers import trigger


def create(house: House, who: Actor, flow_id: str, given: Mapping[str, Any]) -> RowMapping:
    """A new trigger. ``given``: type, keyword, postPermalink, status and the type's own fields.

    Raises ServiceError 400 for wrong fields or a post that the account does not have, 409 trigger_has_errors when an active
    flow's live version does not fit it.
    """
    with house.store.read() as tx:
        owner = scope.an_account(tx, who, scope.a_flow(tx, who, flow_id)["instagram_account_id"])
    values = trigger_fields.columns(house, given)
    values |= _post(house, owner, values)
    now, trigger_id = house.clock.real(), new_id()
    with house.store.write() as tx:
        row = scope.a_flow(tx, who, flow_id)
        at = {"flow_id": flow_id, "instagram_account_id": row["instagram_account_id"], "user_id": row["user_id"]}
        made = {"trigger_id": trigger_id, "created_at": now, "updated_at": now}
        tx.execute(insert(trigger).values(**made, **at, **values))
        return _settled(house, tx, who, row, trigger_id, now)


def _post(house: House, owner: RowMapping, values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of the post: named by a link, or the next one, which is not there yet."""
    if trigger_posts.awaits_next(values):
        return {"post_status": "pending", "media_id": None}
    return trigger_posts.resolved(house, owner, values["post_permalink"])


def _settled(
    house: House,
    tx: Connection,
    who: Actor,
    flow_row: RowMapping,
    trigger_id: str,
    now: int,
    since: int | None = None,
) -> RowMapping:
    """After a change: the live version must fit, a pending post is looked for, processes read the triggers anew."""
    flow_publish.check_live(house, tx, flow_row)
    flow_publish.touched(tx, flow_row["instagram_account_id"], now)
    row = scope.a_trigger(tx, who, trigger_id)
    trigger_posts.plan(tx, row, now + trigger_posts.TRY_AGAIN_MS, since)
    return row


def listed(house: House, who: Actor, flow_id: str, page: Page) -> Part:
    """A flow's triggers, the oldest first."""
    rows = select(trigger).where(trigger.c.flow_id == flow_id).order_by(trigger.c.created_at, trigger.c.trigger_id)
    with house.store.read() as tx:
        scope.a_flow(tx, who, flow_id)
        return part(tx, rows, page)


def read(house: House, who: Actor, trigger_id: str) -> RowMapping:
    """One trigger."""
    with house.store.read() as tx:
        return scope.a_trigger(tx, who, trigger_id)


def change(house: House, who: Actor, trigger_id: str, given: Mapping[str, Any]) -> RowMapping:
    """Changes what is named; ``type`` stays. Raises as ``create`` does."""
    with house.store.read() as tx:
        old = scope.a_trigger(tx, who, trigger_id)
        owner = scope.an_account(tx, who, old["instagram_account_id"])
    values = trigger_fields.columns(house, _laid_over(old, given))
    was_next, is_next = trigger_posts.awaits_next(old), trigger_posts.awaits_next(values)
    moved = values["post_permalink"] != old["post_permalink"] or was_next is not is_next
    if moved or old["post_status"] == "pending":
        values |= _post(house, owner, values)
    now = house.clock.real()
    with house.store.write() as tx:
        row = scope.a_trigger(tx, who, trigger_id)
        this = trigger.c.trigger_id == trigger_id
        tx.execute(update(trigger).where(this).values(**values, updated_at=now))
        return _settled(
            house, tx, who, scope.a_flow(tx, who, row["flow_id"]), trigger_id, now, None if was_next else now
        )


def _laid_over(old: RowMapping, given: Mapping[str, Any]) -> dict[str, Any]:
    """The trigger as it was written, with the changes; None takes a field away."""
    options = {**(old["options"] or {}), **(given.get("options") or {})}
    outer = {"keyword": old["keyword"], "postPermalink": old["post_permalink"], "status": old["status"]}
    flat = {**outer, **{k: v for k, v in given.items() if k != "options"}}
    if flat.get("postPermalink") is None and "postPermalink" in given and options.get("scope") == "post":
        options.pop("scope")
    for name in flat.keys() & options.keys():
        del options[name]
    found = {"type": old["type"], **flat, "options": {k: v for k, v in options.items() if v is not None}}
    return {k: v for k, v in found.items() if v is not None}


def remove(house: House, who: Actor, trigger_id: str) -> None:
    """Deletes a trigger; runs that it began go on."""
    now = house.clock.real()
    with house.store.write() as tx:
        row = scope.a_trigger(tx, who, trigger_id)
        tx.execute(delete(trigger).where(trigger.c.trigger_id == trigger_id))
        flow_publish.touched(tx, row["instagram_account_id"], now)


def of_account(tx: Connection, account_id: str) -> Sequence[RowMapping]:
    """All triggers of an account, whatever their flow's state."""
    wanted = select(trigger).where(trigger.c.instagram_account_id == account_id)
    return tx.execute(wanted.order_by(trigger.c.created_at, trigger.c.trigger_id)).mappings().all()
