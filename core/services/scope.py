"""Whose rows one may reach: every look-up of a use case goes through here, and a foreign row does not exist (404)."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, select, true

from core.model.errors import ServiceError
from core.services.actor import Actor
from core.store.tables.accounts import account
from core.store.tables.contacts import contact
from core.store.tables.conversations import conversation, message_log
from core.store.tables.flows import flow
from core.store.tables.runtime import run
from core.store.tables.triggers import trigger


def mine(who: Actor, table: Table) -> ColumnElement[bool]:
    """The condition that a row is of the person's own workspace; an operator of the installation sees all."""
    return true() if who.operator else table.c.user_id == who.user_id


def found(
    tx: Connection, who: Actor, table: Table, key: str, value: str, what: str, *also: Any, lock: bool = False
) -> RowMapping:
    """The row whose column ``key`` is ``value``; ``lock`` = nobody else changes it until this transaction ends.

    Raises ServiceError 404 when there is none that the person may reach.
    """
    wanted = select(table).where(table.c[key] == value, mine(who, table), *also)
    row = tx.execute(wanted.with_for_update() if lock else wanted).mappings().first()
    if row is None:
        raise ServiceError(404, "not_found", f"There is no such {what}")
    if row["user_id"] != who.user_id:
        who.foreign.add(row["user_id"])
    return row


def an_account(tx: Connection, who: Actor, account_id: str, lock: bool = False) -> RowMapping:
    """An Instagram account."""
    return found(tx, who, account, "instagram_account_id", account_id, "Instagram account", lock=lock)


def a_flow(tx: Connection, who: Actor, flow_id: str, lock: bool = False) -> RowMapping:
    """A flow that is not deleted."""
    return found(tx, who, flow, "flow_id", flow_id, "flow", flow.c.deleted_at.is_(None), lock=lock)


def a_trigger(tx: Connection, who: Actor, trigger_id: str) -> RowMapping:
    """A trigger."""
    return found(tx, who, trigger, "trigger_id", trigger_id, "trigger")


def a_contact(tx: Connection, who: Actor, contact_id: str, lock: bool = False) -> RowMapping:
    """A contact that was not merged into another one."""
    return found(tx, who, contact, "contact_id", contact_id, "contact", contact.c.merged_into.is_(None), lock=lock)


def a_conversation(tx: Connection, who: Actor, conversation_id: str) -> RowMapping:
    """A conversation."""
    return found(tx, who, conversation, "conversation_id", conversation_id, "conversation")


def a_run(tx: Connection, who: Actor, run_id: str) -> RowMapping:
    """A run."""
    return found(tx, who, run, "run_id", run_id, "run")


def a_message(tx: Connection, who: Actor, message_id: str) -> RowMapping:
    """A message of the log."""
    return found(tx, who, message_log, "message_log_id", message_id, "message")
