"""Which trigger would take an event, and the first reason why every other one does not (POST …/triggers/test)."""

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import select

from core.model.accounts import setting
from core.model.inbound import Inbound
from core.model.nodetype import TriggerRow
from core.runtime.match import Matcher
from core.services import scope, triggers
from core.services.actor import Actor
from core.services.house import House
from core.store.tables.flows import flow

OFF = {
    "trigger": "the trigger is switched off",
    "flow": "its flow is not active",
    "post": "its post has not been found yet",
}


def test(house: House, who: Actor, account_id: str, event: Mapping[str, Any], first_contact: bool) -> dict[str, Any]:
    """{"event", "fires": trigger id or None, "triggers": [{trigger_id, flow_id, flow_name, type, keyword, fires, reason}]}.

    ``event``: kind (default message), text, payload, tap, ref, commentMediaId … as ``core.model.inbound`` has them. What
    depends on a contact (human owner, cooldown, a run under way) is not looked at.
    """
    with house.store.read() as tx:
        account = scope.an_account(tx, who, account_id)
        rows = triggers.of_account(tx, account_id)
        flows = {
            f["flow_id"]: f
            for f in tx.execute(select(flow).where(flow.c.instagram_account_id == account_id)).mappings()
        }
    whole = cast(Inbound, {"kind": "message", "ig_id": account["instagram_user_id"], "contact": "test", **event})
    whole.update({"at": house.clock.now(), "key": "test"})
    live = [r for r in rows if off(r, flows) is None]
    matcher = Matcher(
        [row_of(r) for r in live], house.registry.trigger_types, setting(account["settings"], "experimentalFollow")
    )
    told = {row.id: reason for row, reason in matcher.why(whole, first_contact)}
    order = [row.id for row in matcher.candidates(whole, first_contact)]
    fires = order[0] if order else None
    found = [_told(r, flows, told, fires) for r in rows if flows[r["flow_id"]]["deleted_at"] is None]
    return {"event": whole, "fires": fires, "triggers": sorted(found, key=lambda t: not t["fires"])}


def off(row: Mapping[Any, Any], flows: Mapping[str, Any]) -> str | None:
    """Why the trigger takes nothing at all; None = it is live."""
    owner = flows[row["flow_id"]]
    if row["status"] != "active":
        return OFF["trigger"]
    if owner["status"] != "active" or owner["deleted_at"] is not None:
        return OFF["flow"]
    return OFF["post"] if row["post_status"] == "pending" else None


def row_of(row: Mapping[Any, Any]) -> TriggerRow:
    """The trigger as the matcher takes it."""
    options = {**row["options"], **({"mediaId": row["media_id"]} if row["media_id"] else {})}
    return TriggerRow(row["trigger_id"], row["flow_id"], row["type"], row["keyword"], options, row["created_at"])


def _told(
    row: Mapping[Any, Any], flows: Mapping[str, Any], told: Mapping[str, str | None], fires: str | None
) -> dict[str, Any]:
    id_ = row["trigger_id"]
    reason = off(row, flows) or told.get(id_, "no plugin brings this trigger type")
    if reason is None and id_ != fires:
        reason = "another trigger comes first"
    return {
        "trigger_id": id_,
        "flow_id": row["flow_id"],
        "flow_name": flows[row["flow_id"]]["name"],
        "type": row["type"],
        "keyword": row["keyword"],
        "fires": id_ == fires,
        "reason": reason,
    }
