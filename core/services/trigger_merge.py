"""A definition's own triggers (`when` lines, the envelope's ``triggers``) become rows: found again by what they listen to."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from core.model.errors import ServiceError
from core.model.fold import fold
from core.services import flow_publish, trigger_fields, trigger_posts
from core.services.house import House
from core.store.ids import new_id
from core.store.tables.flows import flow
from core.store.tables.triggers import trigger

AIMS = ("scope", "mediaId", "payload", "ref", "adId", "storyId")


def merge(house: House, tx: Connection, flow_id: str, written: Sequence[Mapping[str, Any]], now: int) -> None:
    """Each written trigger changes the row with the same type, folded keywords and scope, or becomes a new one.

    Rows that nothing names stay. Raises ServiceError 400 for a trigger whose own fields are wrong.
    """
    if not written:
        return
    owner = tx.execute(select(flow).where(flow.c.flow_id == flow_id)).mappings().one()
    rows = tx.execute(select(trigger).where(trigger.c.flow_id == flow_id)).mappings().all()
    known = {identity(row["type"], row["keyword"], row["post_permalink"], row["options"]): row for row in rows}
    for number, given in enumerate(written):
        try:
            values = trigger_fields.columns(house, given)
        except ServiceError as e:
            details = {f"triggers.{number}.{k}": v for k, v in e.details.items()}
            raise ServiceError(e.status, e.code, e.message, details) from e
        awaits = bool(values["post_permalink"]) or trigger_posts.awaits_next(values)
        old = known.get(identity(values["type"], values["keyword"], values["post_permalink"], values["options"]))
        if old is not None:
            this = trigger.c.trigger_id == old["trigger_id"]
            if old["post_status"] is None and awaits:
                values["post_status"] = "pending"
            tx.execute(update(trigger).where(this).values(**values, updated_at=now))
            trigger_posts.plan(tx, {**old, **values}, now)
            continue
        made = {"trigger_id": new_id(), "user_id": owner["user_id"], "flow_id": flow_id}
        at = {"instagram_account_id": owner["instagram_account_id"], "created_at": now, "updated_at": now}
        row = {**made, **at, "post_status": "pending" if awaits else None, **values}
        tx.execute(insert(trigger).values(**row))
        trigger_posts.plan(tx, row, now)
    flow_publish.touched(tx, owner["instagram_account_id"], now)


def replace(house: House, tx: Connection, flow_id: str, written: Sequence[Mapping[str, Any]], now: int) -> None:
    """As ``merge``, and active rows that nothing names are deleted: the written triggers are all that there are."""
    merge(house, tx, flow_id, written, now)
    wanted = {written_identity(house, given) for given in written}
    mine = select(trigger).where(trigger.c.flow_id == flow_id, trigger.c.status == "active")
    rows = tx.execute(mine).mappings().all()
    known = {identity(r["type"], r["keyword"], r["post_permalink"], r["options"]): r for r in rows}
    kept = {known[w]["trigger_id"] for w in wanted if w in known}
    gone = [r["trigger_id"] for r in rows if r["trigger_id"] not in kept]
    if gone:
        tx.execute(delete(trigger).where(trigger.c.trigger_id.in_(gone)))
        flow_publish.touched(tx, rows[0]["instagram_account_id"], now)


def written_identity(house: House, given: Mapping[str, Any]) -> tuple[Any, ...]:
    """``identity`` of a trigger as somebody writes it. Raises ServiceError 400."""
    values = trigger_fields.columns(house, given)
    return identity(values["type"], values["keyword"], values["post_permalink"], values["options"])


def identity(type_: str, keyword: str, permalink: str | None, options: Mapping[str, Any]) -> tuple[Any, ...]:
    """What makes two triggers of a flow the same one.

    >>> identity("dm_keyword", "Price, cost", None, {}) == identity("dm_keyword", "COST,price", None, {"match": "word"})
    True
    """
    words = tuple(sorted(fold(k) for k in keyword.split(",") if k.strip()))
    return type_, words, permalink or "", tuple(str(options.get(name) or "") for name in AIMS)
