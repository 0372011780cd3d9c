"""A contact as it is answered: tags, and where it is in its flows (LLD 3.5, decision 3)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from core.model.limits import WINDOW_MS
from core.store.tables.contacts import contact_tag
from core.store.tables.conversations import conversation
from core.store.tables.runtime import run

NOWHERE: Mapping[str, Any] = {"current_flow_id": None, "current_flow_step_node_id": None, "flow_context": None}


def shown(tx: Connection, rows: Sequence[Mapping[Any, Any]], now: int) -> list[dict[str, Any]]:
    """The contacts with tags, conversation, flow fields, ``flow_status`` and the end of the messaging window (business ms)."""
    ids = [r["contact_id"] for r in rows]
    if not ids:
        return []
    tags = _tags(tx, ids)
    talks = {r["contact_id"]: r for r in _all(tx, select(conversation).where(conversation.c.contact_id.in_(ids)))}
    runs = _runs(tx, ids)
    return [
        _one(r, tags.get(r["contact_id"], []), talks.get(r["contact_id"]), runs.get(r["contact_id"]), now) for r in rows
    ]


def _all(tx: Connection, wanted: Any) -> Sequence[Mapping[Any, Any]]:
    return tx.execute(wanted).mappings().all()


def _tags(tx: Connection, ids: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    wanted = select(contact_tag.c.contact_id, contact_tag.c.name).where(contact_tag.c.contact_id.in_(ids))
    for contact_id, name in tx.execute(wanted.order_by(contact_tag.c.name)):
        found.setdefault(contact_id, []).append(name)
    return found


def _runs(tx: Connection, ids: list[str]) -> dict[str, Mapping[Any, Any]]:
    """The run to show of each contact: the foreground one, else the newest live one."""
    wanted = select(run).where(run.c.contact_id.in_(ids), run.c.ended_at.is_(None))
    found: dict[str, Mapping[Any, Any]] = {}
    for row in _all(tx, wanted.order_by(run.c.started_at, run.c.run_id)):
        old = found.get(row["contact_id"])
        if old is None or not old["foreground"]:
            found[row["contact_id"]] = row
    return found


def _one(row: Mapping[Any, Any], tags: list[str], talk: Any, live: Any, now: int) -> dict[str, Any]:
    human = talk is not None and talk["owner"] == "human"
    last = row["last_inbound_at"]
    where = NOWHERE
    if live is not None and not human:
        frames = live["body"].get("frames") or []
        context = frames[-1][2] if frames else {}
        where = {
            "current_flow_id": live["flow_id"],
            "current_flow_step_node_id": live["node_id"],
            "flow_context": context,
        }
    return {
        **row,
        **where,
        "flow_status": "human" if human else live["status"] if live is not None else "none",
        "tags": tags,
        "conversation_id": talk["conversation_id"] if talk is not None else None,
        "window_ends_at": last + WINDOW_MS if last is not None and last + WINDOW_MS > now else None,
    }
