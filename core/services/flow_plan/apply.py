"""The use case: writing what was planned, all of it or nothing, in one transaction."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from core.model.errors import ServiceError
from core.services import audit, scope
from core.services.actor import Actor
from core.services.flow_plan.files import Asked
from core.services.flow_plan.look import Planned, Player, spoken_of
from core.services.flow_plan.plan import plan
from core.services.flow_plan.standing import locked, stale, standing
from core.services.flow_plan.write import Pen
from core.services.house import House
from core.store.ids import new_id


def apply(
    house: House,
    who: Actor,
    account_id: str,
    asked: Asked,
    player: Player,
    state: Mapping[str, str],
    despite_failed_tests: bool = False,
) -> tuple[str, Planned]:
    """Carries a plan out. ``state`` = the tags of the plan that somebody has seen. Answers (the apply's id, what was carried out).

    Raises ServiceError 412 plan_stale with the reason for each flow that is not as it was, 409 plan_blocked with what stands in
    its way, 402 plan_limit_reached, 404.
    """
    planned = plan(house, who, account_id, asked, player)
    if planned.state == dict(state):
        _refuse_blocked(planned, despite_failed_tests)
    apply_id = new_id()
    with house.store.write() as tx:
        scope.an_account(tx, who, account_id)
        locked(tx, account_id)
        _refuse_stale(tx, planned, state)
        Pen(house, tx, who, planned, apply_id).write()
        _record(house, tx, who, planned, apply_id)
    house.wake_drain()
    return apply_id, planned


def _refuse_blocked(planned: Planned, despite_failed_tests: bool) -> None:
    weighs = [b for b in planned.blocked if not (despite_failed_tests and b["code"] == "tests_failed")]
    if weighs:
        message = "The plan cannot be applied: " + "; ".join(b["message"] for b in weighs[:5])
        raise ServiceError(409, "plan_blocked", message, {"blocked": weighs, "tests": planned.tests})


def _refuse_stale(tx: Connection, planned: Planned, state: Mapping[str, str]) -> None:
    """Both what the person has seen and what was looked at just now must be what stands here."""
    stood = standing(tx, planned.account_id)
    spoken = spoken_of(planned.asked, stood.values())
    changed = stale(tx, stood, spoken, state) or stale(tx, stood, spoken, planned.state)
    if changed:
        told = "; ".join(f"{c['slug']}: {c['reason']}" for c in changed[:5])
        raise ServiceError(412, "plan_stale", f"Since the plan was made: {told}", {"changed": changed})


def _record(house: House, tx: Connection, who: Actor, planned: Planned, apply_id: str) -> None:
    row = scope.an_account(tx, who, planned.account_id)
    count: dict[str, Any] = {}
    for item in planned.items:
        count[item.kind] = count.get(item.kind, 0) + 1
    data = {"apply": apply_id, "workspace": planned.asked.workspace, **count}
    tenant, account = row["user_id"], planned.account_id
    target = f"account:{account}"
    audit.record(
        tx, house.clock.real(), "flows.apply", target, actor=who.user_id, tenant=tenant, account=account, data=data
    )
