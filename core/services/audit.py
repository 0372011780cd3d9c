"""The audit log: append-only rows for sign-ins, roles, tokens, publishing, takeovers and an operator's reach."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert

from core.services.actor import Actor
from core.services.house import House
from core.store.tables.system import audit_log


def record(
    tx: Connection,
    at: int,
    action: str,
    object: str,
    *,
    actor: str | None,
    tenant: str | None = None,
    account: str | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """One line. ``action`` such as ``flow.publish``, ``object`` such as ``flow:<id>``; never message text or a secret."""
    values = {"at": at, "actor_id": actor, "user_id": tenant or actor, "account_id": account, "action": action}
    tx.execute(insert(audit_log).values(**values, object=object[:200], data=dict(data or {})))


def reached(house: House, who: Actor, operation: str, path: str) -> None:
    """An operator of the installation reached into other tenants' data."""
    with house.store.write() as tx:
        for tenant in sorted(who.foreign):
            record(tx, house.clock.real(), f"operator.{operation}", path, actor=who.user_id, tenant=tenant)
