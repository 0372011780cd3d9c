"""Plans: everybody gets the plan of a self-hosted installation, which has no limits (decision 7)."""

from typing import Any

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError

from core.model.errors import ServiceError
from core.services.house import House
from core.store.ids import new_id
from core.store.tables.people import plan, user

SELF_HOSTED = "self-hosted"
FEATURES = ["live_chat", "analytics"]


def default(tx: Connection, now: int) -> str:
    """The id of the plan that new people get; made when it is absent."""
    wanted = select(plan.c.plan_id).where(plan.c.name == SELF_HOSTED)
    found: str | None = tx.execute(wanted).scalar()
    if found is not None:
        return found
    made = new_id()
    values = {"name": SELF_HOSTED, "description": "Everything, without limits", "features": FEATURES}
    try:
        with tx.begin_nested():
            tx.execute(insert(plan).values(plan_id=made, created_at=now, updated_at=now, **values))
    except IntegrityError:
        return str(tx.execute(wanted).scalar_one())
    return made


def enforce(tx: Connection, tenant: str, limit: str, table: Any, condition: Any) -> None:
    """Raises ServiceError 402 when one more row would be over the plan. ``limit`` is the plan's column."""
    column = plan.c[limit]
    allowed = tx.execute(
        select(column).join(user, user.c.subscription_plan_id == plan.c.plan_id).where(user.c.user_id == tenant)
    ).scalar()
    if allowed is None:
        return
    used = tx.execute(select(func.count()).select_from(table).where(condition)).scalar_one()
    if used >= allowed:
        details = {"limit": limit, "allowed": allowed, "used": used}
        raise ServiceError(402, "plan_limit_reached", f"Your plan allows {allowed} of these", details)


def listed(house: House) -> list[dict[str, Any]]:
    """All plans, the cheapest first; the self-hosted one is made when it is absent."""
    with house.store.write() as tx:
        default(tx, house.clock.real())
        rows = tx.execute(select(plan).order_by(plan.c.price_monthly, plan.c.created_at)).mappings()
        return [dict(row) for row in rows]
