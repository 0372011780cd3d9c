"""Long-lived tokens: renewing them in time, and at once when a person asks."""

import logging
from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import RowMapping, select, update

from core.model.errors import ServiceError
from core.runtime import notices, upkeep
from core.runtime.chores import Chore
from core.services import audit, chore_rows, graph, scope
from core.services.actor import Actor
from core.services.house import House
from core.store.ids import new_id
from core.store.tables.accounts import account

log = logging.getLogger(__name__)

DAY_MS = 24 * 3600 * 1000
WARN_MS = 10 * DAY_MS
"""So long before the end the owner is told that renewing does not work."""
DEFAULT_LIFE_S = 60 * 24 * 3600


def plan_refresh(house: House, row: Mapping[Any, Any]) -> None:
    """Puts down when the account's token is to be renewed. Page tokens (Facebook Login) do not expire by date."""
    if row["login"] != "instagram" or not row["access_token"]:
        return
    with house.store.write() as tx:
        account_id = row["instagram_account_id"]
        chore_rows.add(tx, "account.refresh", account_id, _due(house, row), row["user_id"], account_id)


def _due(house: House, row: Mapping[Any, Any]) -> int:
    return upkeep.renewal(row["token_issued_at"] or house.clock.real(), row["token_expires_at"])


def refresh_chore(house: House, chore: Chore) -> int | None:
    """Chore ``account.refresh``: tried daily from day 30 until it works; the owner is told when ten days are left; a dead
    token sets the account to ``error``."""
    with house.store.read() as tx:
        row = tx.execute(select(account).where(account.c.instagram_account_id == chore.key)).mappings().first()
    if row is None or row["status"] == "disconnected" or not row["access_token"]:
        return None
    early = _due(house, row) - house.clock.real()
    if early > 0:
        return early
    outcome = graph.call(house, "account.refresh", graph.view(house, row))
    if outcome.status == "sent":
        return _due(house, _store(house, row, outcome.data or {})) - house.clock.real()
    if outcome.status == "account":
        _dead(house, row)
        return None
    _warn(house, row)
    return DAY_MS


def _warn(house: House, row: Mapping[Any, Any]) -> None:
    left = row["token_expires_at"] and row["token_expires_at"] - house.clock.real()
    if left is None or left > WARN_MS:
        return
    data = orjson.dumps({"accountId": row["instagram_account_id"], "expiresAt": row["token_expires_at"]}).decode()
    cause = f"{row['instagram_account_id']}:token:{row['token_expires_at']}"
    told = (new_id(), row["user_id"], row["instagram_account_id"], "token_expires", cause, data, 1, house.clock.now())
    with house.store.db.write() as tx:
        tx.insert("notification", notices.COLUMNS, [told], notices.CONFLICT)


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
        stopped = tx.execute(update(account).where(same, account.c.status == "connected").values(**values)).rowcount
    if stopped:
        ids = {"account": row["instagram_account_id"], "reason": "token_invalid", "code": ""}
        log.warning("an account cannot be used", extra=ids)
    house.wake_dispatch()
