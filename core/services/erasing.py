"""Erasing a workspace: the hot tables have no foreign keys, so every table with a tenant is emptied by name."""

from sqlalchemy import Connection, delete, select

from core.store.tables import metadata
from core.store.tables.accounts import account

KEPT = frozenset({"user", "audit_log", "setting", "heartbeat", "program", "subscription_plan", "throttle"})
"""Tables that belong to the installation, and the audit log, which is append-only."""


def workspace(tx: Connection, user_id: str) -> None:
    """Deletes every row of the tenant, children first."""
    owned = select(account.c.instagram_account_id).where(account.c.user_id == user_id)
    theirs = tx.execute(owned).scalars().all()
    for table in reversed(metadata.sorted_tables):
        if table.name in KEPT:
            continue
        if "user_id" in table.c:
            tx.execute(delete(table).where(table.c.user_id == user_id))
        elif "account_id" in table.c:
            tx.execute(delete(table).where(table.c.account_id.in_(theirs)))
