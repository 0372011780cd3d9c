"""What a contact's answer needs beside its row: tags as an array, and where it stands in its flow (decision 3)."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, select

from core.store.tables.contacts import contact_tag
from core.store.tables.conversations import conversation
from core.store.tables.runtime import run

NOWHERE: Mapping[str, Any] = {
    "current_flow_id": None,
    "current_flow_step_node_id": None,
    "flow_context": None,
    "flow_status": "none",
}


def tags(tx: Connection, user_id: str, contact_ids: Collection[str]) -> dict[str, list[str]]:
    """The tags of each contact, by name; every contact asked for is in the answer."""
    t = contact_tag.c
    found: dict[str, list[str]] = {contact_id: [] for contact_id in contact_ids}
    rows = tx.execute(
        select(t.contact_id, t.name).where(t.user_id == user_id, t.contact_id.in_(contact_ids)).order_by(t.name)
    )
    for contact_id, name in rows:
        found[contact_id].append(name)
    return found


def flow_state(tx: Connection, user_id: str, contact_ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """``current_flow_id``, ``current_flow_step_node_id``, ``flow_context``, ``flow_status`` of each contact.

    Read from the run that waits for a reply, else from the newest live one. All null, with flow_status ``human``, while a
    person owns the conversation. flow_status: none, running, waiting, paused, errored, human.
    """
    found = {contact_id: dict(NOWHERE) for contact_id in contact_ids}
    r = run.c
    rows = tx.execute(
        select(r.contact_id, r.flow_id, r.node_id, r.status, r.body)
        .where(r.user_id == user_id, r.contact_id.in_(contact_ids), r.ended_at.is_(None))
        .order_by(r.foreground, r.started_at, r.run_id)
    )
    for row in rows:
        found[row.contact_id] = _standing(row)
    c = conversation.c
    human = select(c.contact_id).where(c.user_id == user_id, c.contact_id.in_(contact_ids), c.owner == "human")
    for contact_id in tx.scalars(human):
        found[contact_id] = {**NOWHERE, "flow_status": "human"}
    return found


def _standing(row: Any) -> dict[str, Any]:
    frames = row.body.get("frames") or [["", "", {}]]
    return {
        "current_flow_id": row.flow_id,
        "current_flow_step_node_id": row.node_id,
        "flow_context": frames[-1][2],
        "flow_status": row.status,
    }
