"""Erasing a workspace: the hot tables have no foreign keys, so every table with a tenant is emptied by name."""

from sqlalchemy import ColumnElement, Connection, delete, func, select

from core.store.tables import metadata
from core.store.tables.accounts import account
from core.store.tables.contacts import contact
from core.store.tables.runtime import mailbox

KEPT = frozenset({"user", "audit_log", "setting", "heartbeat", "program", "subscription_plan", "throttle"})
"""Tables that belong to the installation, and the audit log, which is append-only."""


def still(tx: Connection, mine: ColumnElement[bool]) -> None:
    """Nobody handles the contacts of these accounts until the transaction ends: a drain that is at one of them is waited for,
    else it would write on after what it has read was deleted. Mailboxes first, as drains lock them."""
    accounts = select(account.c.instagram_account_id).where(mine)
    for table, column in ((mailbox, mailbox.c.account_id), (contact, contact.c.instagram_account_id)):
        locked = select(table).where(column.in_(accounts)).with_for_update().subquery()
        tx.execute(select(func.count()).select_from(locked))


def workspace(tx: Connection, user_id: str) -> None:
    """Deletes every row of the tenant, children first."""
    owned = select(account.c.instagram_account_id).where(account.c.user_id == user_id)
    still(tx, account.c.user_id == user_id)
    theirs = tx.execute(owned).scalars().all()
    for table in reversed(metadata.sorted_tables):
        if table.name in KEPT:
            continue
        if "user_id" in table.c:
            tx.execute(delete(table).where(table.c.user_id == user_id))
        elif "account_id" in table.c:
            tx.execute(delete(table).where(table.c.account_id.in_(theirs)))
