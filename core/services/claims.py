"""Who an Instagram account belongs to: a claim is provisional until Instagram's own answer proves it (decision 5)."""

import logging
from typing import Any

from sqlalchemy import Connection, RowMapping, select, update

from core.services import audit
from core.store.tables.accounts import account

log = logging.getLogger(__name__)

LOST = "#not-yours"
"""Follows the user id of a row that lost it to a proven claim, so that the id is free."""


def holder(tx: Connection, ig_id: str) -> RowMapping | None:
    """The live account with this Instagram user id, whoever owns it."""
    live = account.c.status != "disconnected"
    return tx.execute(select(account).where(account.c.instagram_user_id == ig_id, live)).mappings().first()


def own(tx: Connection, owner: str, ig_id: str) -> RowMapping | None:
    """The owner's row for this Instagram user id, disconnected ones included: a reconnection comes back to it."""
    same = account.c.instagram_user_id.in_((ig_id, ig_id + LOST))
    rows = select(account).where(account.c.user_id == owner, same).order_by(account.c.created_at.desc())
    return tx.execute(rows).mappings().first()


def shown_id(ig_id: str) -> str:
    """The id without the mark of a lost claim.

    >>> shown_id("178#not-yours")
    '178'
    """
    return ig_id.removesuffix(LOST)


def lose(tx: Connection, row: Any, now: int) -> None:
    """The holder of a provisional claim loses the id to whoever proved it: error, not_yours; nothing runs any more."""
    values = {
        "instagram_user_id": row["instagram_user_id"] + LOST,
        "app_scoped_id": None,
        "status": "error",
        "status_reason": "not_yours",
        "updated_at": now,
    }
    mine = account.c.instagram_account_id == row["instagram_account_id"]
    tx.execute(update(account).where(mine).values(**values))
    ids = {"account": row["instagram_account_id"], "reason": "not_yours", "code": ""}
    log.warning("an account cannot be used", extra=ids)
    subject = f"account:{row['instagram_account_id']}"
    audit.record(tx, now, "account.claim_lost", subject, actor=None, tenant=row["user_id"])
