"""Conversations: the inbox's list, status, taking over and handing back, notes (LLD 4.5, 6.3)."""

import time
from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping, Select, func, insert, select, update

from core.runtime.post import post_mailbox
from core.services import audit, commands, scope, takeover
from core.services.actor import Actor
from core.services.commands import Asked
from core.services.house import House
from core.services.paging import Page, Part, part
from core.store.driver import Tx
from core.store.ids import new_id
from core.store.tables.contacts import contact
from core.store.tables.conversations import conversation, message_log, note

HANDED_BACK_WITHIN = 0.5
"""Seconds that an answer waits for the worker to hand a conversation back."""


def _wanted() -> Select[Any]:
    last = message_log.alias("last_message")
    joined = conversation.join(contact, contact.c.contact_id == conversation.c.contact_id).outerjoin(
        last, last.c.message_log_id == conversation.c.last_message_id
    )
    person = (contact.c.instagram_username, contact.c.first_name, contact.c.last_name, contact.c.profile_picture_url)
    said = (
        last.c.content.label("last_content"),
        last.c.type.label("last_type"),
        last.c.direction.label("last_direction"),
    )
    return select(conversation, *person, *said).select_from(joined).where(contact.c.merged_into.is_(None))


def listed(house: House, who: Actor, account_id: str, page: Page, status: str | None) -> Part:
    """An account's conversations, the newest message first."""
    wanted = _wanted().where(conversation.c.instagram_account_id == account_id)
    if status:
        wanted = wanted.where(conversation.c.status == status)
    newest = func.coalesce(conversation.c.last_message_at, conversation.c.started_at).desc()
    with house.store.read() as tx:
        scope.an_account(tx, who, account_id)
        found = part(tx, wanted.order_by(newest, conversation.c.conversation_id.desc()), page)
    return Part([shown(row) for row in found.rows], found.total, page)


def shown(row: Mapping[Any, Any]) -> dict[str, Any]:
    """The row with its last message as a line of text."""
    content = _line(row["last_content"], row["last_type"])
    return {**row, "last_message_content": content, "last_message_timestamp": row["last_message_at"]}


def _line(content: Any, type_: str | None) -> str | None:
    """What a list shows of a message: its text, else what sort of thing it is."""
    if content is None:
        return None
    text = content.get("text") or content.get("title") if isinstance(content, dict) else None
    return str(text) if text else f"[{type_}]"


def read(house: House, who: Actor, conversation_id: str) -> dict[str, Any]:
    """One conversation."""
    with house.store.read() as tx:
        scope.a_conversation(tx, who, conversation_id)
        this = conversation.c.conversation_id == conversation_id
        return shown(tx.execute(_wanted().where(this)).mappings().one())


def set_status(house: House, who: Actor, conversation_id: str, status: str) -> dict[str, Any]:
    """``closed`` also stops automation that a person held; ``open`` changes no owner; ``pending_human`` takes over."""
    with house.store.read() as tx:
        row = scope.a_conversation(tx, who, conversation_id)
    with house.store.db.write() as hot:
        _change(house, hot, row, status, who)
    house.wake_drain()
    return read(house, who, conversation_id)


def _change(house: House, tx: Tx, row: RowMapping, status: str, who: Actor) -> None:
    """Under the mailbox's lock, as all that changes owners: who speaks is read where the status is written, so that nobody
    takes over in between and is left silent in a closed conversation."""
    now, of = house.clock.now(), _asked(row)
    post_mailbox(tx, {of.contact_id: of.account_id}, now)
    owner = tx.all(
        "UPDATE conversation SET status = ?, closed_at = ?, updated_at = ? WHERE conversation_id = ? RETURNING owner",
        (status, now if status == "closed" else None, now, row["conversation_id"]),
    )
    if status == "closed" and owner == [("human",)]:
        command = {"do": "hand_back", "how": "stop", "close": True, "by": who.user_id}
        commands.post_in(house, tx, [(of, command)])
    if status == "pending_human" and owner == [("automation",)]:
        takeover.take_over(house, tx, row, None, "pending_human")


def take(house: House, who: Actor, conversation_id: str) -> dict[str, Any]:
    """Takes the conversation over: automation is silent until it is handed back."""
    with house.store.read() as tx:
        row = scope.a_conversation(tx, who, conversation_id)
    with house.store.db.write() as hot:
        takeover.take_over(house, hot, row, who.user_id, "take_over")
    house.wake_drain()
    _audited(house, who, row, "conversation.take_over")
    return read(house, who, conversation_id)


def hand_back(house: House, who: Actor, conversation_id: str, how: str) -> dict[str, Any]:
    """Gives it back to automation: paused runs resume, restart or stop. A worker does it; waits a moment for that."""
    with house.store.read() as tx:
        row = scope.a_conversation(tx, who, conversation_id)
    if row["owner"] == "human":
        commands.ask(house, _asked(row), {"do": "hand_back", "how": how, "by": who.user_id})
        _audited(house, who, row, "conversation.hand_back")
    return _when(house, who, conversation_id, "automation")


def _when(house: House, who: Actor, conversation_id: str, owner: str) -> dict[str, Any]:
    """The conversation, as soon as it has this owner or the time is over."""
    until = time.monotonic() + HANDED_BACK_WITHIN
    while (found := read(house, who, conversation_id))["owner"] != owner and time.monotonic() < until:
        time.sleep(0.02)
    return found


def _audited(house: House, who: Actor, row: RowMapping, action: str) -> None:
    subject = f"conversation:{row['conversation_id']}"
    with house.store.write() as tx:
        audit.record(tx, house.clock.now(), action, subject, actor=who.user_id, tenant=row["user_id"])


def mark_read(house: House, who: Actor, conversation_id: str) -> dict[str, Any]:
    """Nothing is unread any more."""
    with house.store.write() as tx:
        scope.a_conversation(tx, who, conversation_id)
        this = conversation.c.conversation_id == conversation_id
        tx.execute(update(conversation).where(this).values(unread=0))
    return read(house, who, conversation_id)


def notes(house: House, who: Actor, conversation_id: str) -> list[dict[str, Any]]:
    """What people told each other about it, the oldest first."""
    with house.store.read() as tx:
        scope.a_conversation(tx, who, conversation_id)
        wanted = (
            select(note).where(note.c.conversation_id == conversation_id).order_by(note.c.created_at, note.c.note_id)
        )
        return [dict(row) for row in tx.execute(wanted).mappings()]


def add_note(house: House, who: Actor, conversation_id: str, text: str) -> dict[str, Any]:
    """A note for colleagues; the contact never sees it."""
    with house.store.write() as tx:
        row = scope.a_conversation(tx, who, conversation_id)
        values = {"note_id": new_id(), "user_id": row["user_id"], "conversation_id": conversation_id}
        more = {"author_id": who.user_id, "text": text, "created_at": house.clock.now()}
        tx.execute(insert(note).values(**values, **more))
    return {**values, **more}


def _asked(row: Mapping[Any, Any]) -> Asked:
    return Asked(row["user_id"], row["instagram_account_id"], row["contact_id"])
