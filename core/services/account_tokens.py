"""Long-lived tokens: renewing them in time, and at once when a person asks."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping, select, update

from core.model.errors import ServiceError
from core.runtime.chores import Chore
from core.services import audit, chore_rows, graph, scope
from core.services.actor import Actor
from core.services.house import House
from core.store.tables.accounts import account

DAY_MS = 24 * 3600 * 1000
RENEW_AFTER_MS = 30 * DAY_MS
"""A token lives 60 days; it can be renewed when it is a day old and not yet expired (reference 4.1)."""
DEFAULT_LIFE_S = 60 * 24 * 3600


def plan_refresh(house: House, row: Mapping[Any, Any]) -> None:
    """Puts down when the account's token is to be renewed. Page tokens (Facebook Login) do not expire by date."""
    if row["login"] != "instagram" or not row["access_token"]:
        return
    with house.store.write() as tx:
        account_id = row["instagram_account_id"]
        chore_rows.add(tx, "account.refresh", account_id, _due(house, row), row["user_id"], account_id)


def _due(house: House, row: Mapping[Any, Any]) -> int:
    issued = row["token_issued_at"] or house.clock.real()
    expires = row["token_expires_at"] or issued + DEFAULT_LIFE_S * 1000
    return max(issued + DAY_MS, min(issued + RENEW_AFTER_MS, expires - 10 * DAY_MS))


def refresh_chore(house: House, chore: Chore) -> int | None:
    """Chore ``account.refresh``: tried daily until it works; a dead token sets the account to ``error``."""
    with house.store.read() as tx:
        row = tx.execute(select(account).where(account.c.instagram_account_id == chore.key)).mappings().first()
    if row is None or row["status"] == "disconnected" or not row["access_token"]:
        return None
    outcome = graph.call(house, "account.refresh", graph.view(house, row))
    if outcome.status == "sent":
        return _due(house, _store(house, row, outcome.data or {})) - house.clock.real()
    if outcome.status == "account":
        _dead(house, row)
        return None
    return DAY_MS


def refresh(house: House, who: Actor, account_id: str) -> RowMapping:
    """Renews the token now. Raises 409 account_not_connected, 400 instagram_refused, 503 instagram_unreachable."""
    with house.store.read() as tx:
        row = scope.an_account(tx, who, account_id)
    if not row["access_token"]:
        raise ServiceError(409, "account_not_connected", "The account is not connected; reconnect it first")
    outcome = graph.call(house, "account.refresh", graph.view(house, row))
    if outcome.status == "account":
        _dead(house, row)
    data = graph.demand(outcome, "the token could not be renewed")
    renewed = _store(house, row, data)
    plan_refresh(house, renewed)
    with house.store.write() as tx:
        subject = f"account:{account_id}"
        audit.record(tx, house.clock.real(), "account.refresh", subject, actor=who.user_id, tenant=row["user_id"])
    return renewed


def _store(house: House, row: RowMapping, data: Mapping[str, Any]) -> RowMapping:
    token = data.get("token")
    now, life = house.clock.real(), int(data.get("expiresIn") or DEFAULT_LIFE_S)
    account_id = row["instagram_account_id"]
    values: dict[str, Any] = {"token_issued_at": now, "token_expires_at": now + life * 1000, "updated_at": now}
    if token:
        values["access_token"] = graph.sealed(house, token, account_id)
    same = (account.c.instagram_account_id == account_id) & (account.c.access_token == row["access_token"])
    with house.store.write() as tx:
        tx.execute(update(account).where(same).values(**values))
        return tx.execute(select(account).where(account.c.instagram_account_id == account_id)).mappings().one()


def _dead(house: House, row: RowMapping) -> None:
    same = (account.c.instagram_account_id == row["instagram_account_id"]) & (
        account.c.access_token == row["access_token"]
    )
    with house.store.write() as tx:
        values = {"status": "error", "status_reason": "token_invalid", "updated_at": house.clock.real()}
        tx.execute(update(account).where(same).values(**values))
    house.wake_dispatch()
