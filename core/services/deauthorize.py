"""What Meta asks for when a person removes the app: disconnect the account, or erase what came from Instagram."""

import logging
import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert, or_, select, update

from core.model.errors import ServiceError
from core.services import audit, chore_rows, erasing
from core.services.house import House
from core.store.tables import metadata
from core.store.tables.accounts import account
from core.store.tables.contacts import contact
from core.store.tables.system import setting
from core.store.tables.triggers import trigger_fire

log = logging.getLogger(__name__)

SKEW_MS = 5 * 60 * 1000
KEPT = frozenset({"instagram_account", "lane", "flow", "flow_version", "trigger", "folder", "media", "audit_log"})
"""Tables with an account's column whose rows the owner wrote, or which hold nothing that came from Instagram."""


def deauthorize(house: House, app_user_id: str, issued_at: int) -> int:
    """Disconnects the accounts that this person connected; answers how many. ``issued_at`` in milliseconds.

    A connection that is newer than the request stays: an old request that is played again undoes nothing. Raises
    ServiceError 503 for a person who is not recorded (yet), so that Meta asks again.
    """
    now = house.clock.real()
    with house.store.write() as tx:
        known = _accounts(tx, app_user_id)
        if not known:
            raise ServiceError(503, "unknown_user", "No account of this person is recorded", {"retryAfter": 60})
        gone = [row for row in known if row["status"] != "disconnected" and _older(row, issued_at)]
        for row in gone:
            _disconnect(tx, row, now)
    house.wake_dispatch()
    return len(gone)


def delete_data(house: House, app_user_id: str, issued_at: int) -> str:
    """Disconnects and erases contacts, conversations, messages and everything else that came from Instagram; flows stay.

    Answers the confirmation code with which the person may look up how it went.
    """
    now, code = house.clock.real(), secrets.token_hex(12)
    with house.store.write() as tx:
        known = [row for row in _accounts(tx, app_user_id) if _older(row, issued_at)]
        for row in known:
            _disconnect(tx, row, now)
            _erase(tx, row["instagram_account_id"], now)
        state = {"requestedAt": now, "completedAt": now, "accounts": len(known)}
        tx.execute(insert(setting).values(key=f"deletion:{code}", value=state, updated_at=now))
    house.wake_dispatch()
    return code


def deletion(house: House, code: str) -> dict[str, Any]:
    """{code, status, requested_at, completed_at} of a deletion; ServiceError 404 for a code that was not given out."""
    with house.store.read() as tx:
        state = tx.execute(select(setting.c.value).where(setting.c.key == f"deletion:{code}"[:100])).scalar()
    if not isinstance(state, Mapping):
        raise ServiceError(404, "not_found", "There is no deletion with this code")
    status = "deleted" if state["accounts"] else "nothing_stored"
    found = {"code": code, "status": status, "requested_at": state["requestedAt"]}
    return {**found, "completed_at": state["completedAt"]}


def _accounts(tx: Connection, app_user_id: str) -> list[Any]:
    named = or_(account.c.app_scoped_id == app_user_id, account.c.instagram_user_id == app_user_id)
    return list(tx.execute(select(account).where(named)).mappings())


def _older(row: Mapping[Any, Any], issued_at: int) -> bool:
    return not issued_at or (row["token_issued_at"] or 0) <= issued_at + SKEW_MS


def _disconnect(tx: Connection, row: Mapping[Any, Any], now: int) -> None:
    account_id = row["instagram_account_id"]
    values: dict[str, Any] = {
        "status": "disconnected",
        "status_reason": "deauthorized",
        "access_token": None,
        "claim": "provisional",
        "subscribed_fields": [],
        "triggers_version": account.c.triggers_version + 1,
        "updated_at": now,
    }
    tx.execute(update(account).where(account.c.instagram_account_id == account_id).values(**values))
    chore_rows.drop(tx, account_id)
    log.info("an account was disconnected", extra={"account": account_id, "reason": "deauthorized"})
    data = {"account": account_id}
    audit.record(tx, now, "account.deauthorize", f"account:{account_id}", actor=None, tenant=row["user_id"], data=data)


def _erase(tx: Connection, account_id: str, now: int) -> None:
    erasing.still(tx, account.c.instagram_account_id == account_id)
    theirs = select(contact.c.contact_id).where(contact.c.instagram_account_id == account_id)
    tx.execute(delete(trigger_fire).where(trigger_fire.c.contact_id.in_(theirs)))
    for table in reversed(metadata.sorted_tables):
        column = table.c.get("instagram_account_id", table.c.get("account_id"))
        if column is not None and table.name not in KEPT:
            tx.execute(delete(table).where(column == account_id))
    values = {"instagram_user_id": "", "instagram_username": "", "app_scoped_id": None, "instagram_page_id": None}
    tx.execute(update(account).where(account.c.instagram_account_id == account_id).values(**values, updated_at=now))
