"""The slow part of connecting an account, as a chore: whose token it is, its name, webhooks, when to renew the token."""

import logging
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, select, update

from core.model.accounts import effective
from core.model.ports import Outcome
from core.runtime.chores import Chore
from core.services import account_tokens, claims, graph
from core.services.house import House
from core.store.tables.accounts import account

log = logging.getLogger(__name__)

TRY_AGAIN_MS, GIVE_UP_MS = 2_000, 24 * 3600 * 1000
"""Each further try waits as long as all those before it together."""


def finish(house: House, chore: Chore) -> int | None:
    """Chore ``account.connect``. A Graph that is slow or odd leaves the account provisional and working, and is asked again."""
    row = _row(house, chore.account_id)
    if row is None or row["status"] == "disconnected" or not row["access_token"]:
        return None
    outcome = graph.call(house, "account.me", graph.view(house, row))
    if outcome.status == "account":
        _error(house, row, (outcome.data or {}).get("reason") or "token_invalid", outcome)
        return None
    data = outcome.data if outcome.status == "sent" and isinstance(outcome.data, dict) else None
    if data is not None and not _named(house, row, data):
        return None
    subscribed = _subscribe(house, row)
    account_tokens.plan_refresh(house, row)
    if data is not None and subscribed:
        return None
    waited = house.clock.real() - row["token_issued_at"]
    return None if waited > GIVE_UP_MS else max(TRY_AGAIN_MS, waited)


def _row(house: House, account_id: str | None) -> RowMapping | None:
    with house.store.read() as tx:
        wanted = select(account).where(account.c.instagram_account_id == account_id)
        return tx.execute(wanted).mappings().first()


def _named(house: House, row: Any, data: Mapping[str, Any]) -> bool:
    """Takes over what Instagram says of the account; False when the token is another account's."""
    ig_id = str(data.get("igId") or "")
    if ig_id and ig_id != row["instagram_user_id"]:
        _error(house, row, "wrong_account", None)
        return False
    values: dict[str, Any] = {"claim": "proven"} if ig_id else {}
    for column, name in (("instagram_username", "username"), ("app_scoped_id", "appScopedId")):
        if data.get(name):
            values[column] = str(data[name])
    with house.store.write() as tx:
        _set(tx, house, row, values)
    return True


def _subscribe(house: House, row: Any) -> bool:
    outcome = graph.call(house, "account.subscribe", graph.view(house, row))
    if outcome.status == "sent":
        with house.store.write() as tx:
            _set(tx, house, row, {"subscribed_fields": list((outcome.data or {}).get("fields") or ())})
    return outcome.status in ("sent", "failed")


def _error(house: House, row: Any, reason: str, outcome: Outcome | None) -> None:
    code = outcome.code if outcome else ""
    log.warning(
        "an account cannot be used", extra={"account": row["instagram_account_id"], "reason": reason, "code": code}
    )
    with house.store.write() as tx:
        _set(tx, house, row, {"status": "error", "status_reason": reason})
    house.wake_dispatch()


def _set(tx: Connection, house: House, row: Any, values: Mapping[str, Any]) -> None:
    """Writes unless the account was reconnected or disconnected meanwhile."""
    this = account.c.instagram_account_id == row["instagram_account_id"]
    same = this & (account.c.access_token == row["access_token"])
    more = {"triggers_version": account.c.triggers_version + 1, "updated_at": house.clock.real()}
    tx.execute(update(account).where(same).values(**values, **more))


def shown(row: Mapping[Any, Any]) -> dict[str, Any]:
    """The row as it is answered: without the token, the id without the mark of a lost claim, settings with their defaults."""
    found = {k: v for k, v in row.items() if k != "access_token"}
    more = {"settings": effective(row["settings"] or {})}
    return {**found, **more, "instagram_user_id": claims.shown_id(row["instagram_user_id"])}
