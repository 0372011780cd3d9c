"""Triggers of an account that want the same words: who gets them, who never gets anything (product promise 8)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from core.model.accounts import setting
from core.runtime.match.overlaps import pairs
from core.services import scope, trigger_test, triggers
from core.services.actor import Actor
from core.services.house import House
from core.store.tables.flows import flow


def overlaps(house: House, who: Actor, account_id: str) -> list[dict[str, Any]]:
    """[{winner, loser: {trigger_id, flow_id, flow_name, type, keyword}, example, shadowed}] of the live triggers of different
    flows, the shadowed ones first. ``shadowed`` = the loser gets none of its words."""
    with house.store.read() as tx:
        account = scope.an_account(tx, who, account_id)
        rows = triggers.of_account(tx, account_id)
        named = select(flow).where(flow.c.instagram_account_id == account_id)
        flows = {f["flow_id"]: f for f in tx.execute(named).mappings()}
    live = {r["trigger_id"]: r for r in rows if trigger_test.off(r, flows) is None}
    follow = setting(account["settings"], "experimentalFollow")
    found = pairs(
        map(trigger_test.row_of, live.values()),
        house.registry.trigger_types,
        account["instagram_user_id"],
        house.clock.now(),
        follow,
    )
    return [
        {
            "winner": _named(live[p.winner.id], flows),
            "loser": _named(live[p.loser.id], flows),
            "example": p.example,
            "shadowed": p.shadowed,
        }
        for p in found
    ]


def _named(row: Mapping[Any, Any], flows: Mapping[str, Any]) -> dict[str, Any]:
    keys = ("trigger_id", "flow_id", "type", "keyword")
    return {**{k: row[k] for k in keys}, "flow_name": flows[row["flow_id"]]["name"]}
