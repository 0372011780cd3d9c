"""Messages of a conversation: reading them, and a person's answer (LLD 4.5, 6.3)."""

import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import RowMapping, select

from core.model.errors import ServiceError
from core.model.flowdoc import UPLOAD
from core.model.limits import HUMAN_AGENT_MS, TEXT_BYTES
from core.runtime.outbox import ANSWER, OutboxRow, enqueue
from core.runtime.post import encode
from core.services import media, message_view, scope, takeover
from core.services.actor import Actor
from core.services.house import House
from core.services.paging import Page, Part, part
from core.store.driver import Tx
from core.store.ids import new_id, same_id
from core.store.tables.contacts import contact
from core.store.tables.conversations import message_log

OUTCOME_WITHIN = 3.0
"""Seconds that an answer waits for Instagram's word (api.md)."""
MEDIA = {
    "image": ("jpg", "jpeg", "png", "gif", "webp"),
    "video": ("mp4", "mov", "avi", "webm", "ogg"),
    "audio": ("aac", "m4a", "wav", "mp3"),
    "file": ("pdf",),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A person's answer: ``text``, ``media_url``, or both (the media first). ``trace_id`` of the request."""

    text: str = ""
    media_url: str = ""
    trace_id: str | None = None


def listed(house: House, who: Actor, conversation_id: str, page: Page) -> Part:
    """A conversation's messages, the newest first within a page turned round: page 1 holds the newest, oldest on top."""
    wanted = select(message_log).where(message_log.c.conversation_id == conversation_id)
    newest = (message_log.c.timestamp.desc(), message_log.c.message_log_id.desc())
    with house.store.read() as tx:
        scope.a_conversation(tx, who, conversation_id)
        found = part(tx, wanted.order_by(*newest), page)
    return Part([message_view.shown(row) for row in reversed(found.rows)], found.total, page)


def send(house: House, who: Actor, conversation_id: str, said: Said) -> dict[str, Any]:
    """A person's answer: takes the conversation over, opens it, and waits up to 3 s for what Instagram says.

    Raises ServiceError 400 text_too_long, 409 window_closed or account_not_connected.
    """
    if len(said.text.encode()) > TEXT_BYTES:
        details = {"text": [f"At most {TEXT_BYTES} bytes; this has {len(said.text.encode())}."]}
        raise ServiceError(400, "text_too_long", f"A message may have {TEXT_BYTES} bytes", details)
    with house.store.read() as tx:
        talk = scope.a_conversation(tx, who, conversation_id)
        account = scope.an_account(tx, who, talk["instagram_account_id"])
        person = tx.execute(select(contact).where(contact.c.contact_id == talk["contact_id"])).mappings().one()
    until_ = until(house, account, person)
    bodies = [
        *(_medium(house, who, talk, said.media_url) if said.media_url else []),
        *([{"text": said.text}] if said.text else []),
    ]
    once = same_id("message", who.user_id, who.key, conversation_id, said.text, said.media_url)
    ids = [same_id(once, n) if who.key else new_id() for n in range(len(bodies))]
    with house.store.db.write() as hot:
        epoch = takeover.take_over(house, hot, talk, who.user_id, "message")
        for id_, message in zip(ids, bodies, strict=True):
            to = person["instagram_user_id"]
            answer = _Answer(id_, who.user_id, talk, to, message, epoch, until_, said.trace_id)
            _log(hot, answer, house.clock.now())
            _enqueue(hot, answer, house.clock.now())
    house.wake_drain()
    house.wake_dispatch()
    return outcome(house, ids[-1])


def until(house: House, account: RowMapping, person: RowMapping) -> int:
    """Until when a person may write: seven days after the contact's last message."""
    if account["status"] != "connected":
        details = {"status": account["status"], "reason": account["status_reason"]}
        raise ServiceError(409, "account_not_connected", "The account is not connected; reconnect it first", details)
    last = person["last_inbound_at"]
    if person["instagram_user_id"] is None or last is None or last + HUMAN_AGENT_MS <= house.clock.now():
        message = "The contact has not written within seven days: Instagram takes no message"
        raise ServiceError(409, "window_closed", message)
    return int(last) + HUMAN_AGENT_MS


def _medium(house: House, who: Actor, talk: RowMapping, url: str) -> list[dict[str, Any]]:
    """The message for an address, or for an upload (``media:<id>``), which Instagram is handed first."""
    if not url.startswith(UPLOAD):
        return [_media(url)]
    return [{"media": [media.attached(house, who, talk["instagram_account_id"], url)]}]


def _media(url: str) -> dict[str, Any]:
    """The media part of a message; its sort goes by the ending, an image when there is none.

    >>> _media("https://e.example/a.MP4?x=1")
    {'media': [{'type': 'video', 'url': 'https://e.example/a.MP4?x=1'}]}
    """
    ending = urlsplit(url).path.rpartition(".")[2].lower()
    kind = next((k for k, endings in MEDIA.items() if ending in endings), "image")
    return {"media": [{"type": kind, "url": url}]}


@dataclass(frozen=True, slots=True)
class _Answer:
    """One send of a person's answer: where it belongs, what it says, under which epoch, until when."""

    id: str
    author: str
    talk: RowMapping
    to: str
    message: dict[str, Any]
    epoch: int
    until: int
    trace_id: str | None


LOG = (
    *("message_log_id", "user_id", "instagram_account_id", "contact_id", "conversation_id", "direction", "type"),
    *("content", "timestamp", "is_automated", "author_id", "status"),
)


def _log(tx: Tx, a: _Answer, now: int) -> None:
    """The row of the log, and the conversation's newest message."""
    given = a.message.get("media")
    content = {"mediaUrl": given[0]["url"], **a.message} if given else a.message
    of = (a.talk["user_id"], a.talk["instagram_account_id"], a.talk["contact_id"], a.talk["conversation_id"])
    row = (
        a.id,
        *of,
        "outbound",
        given[0]["type"] if given else "text",
        encode(content),
        now,
        False,
        a.author,
        "queued",
    )
    tx.insert("message_log", LOG, [row], "ON CONFLICT DO NOTHING")
    tx.run(
        "UPDATE conversation SET status = 'open', closed_at = NULL, unread = 0, last_message_id = ?, last_message_at = ?"
        " WHERE conversation_id = ?",
        (a.id, now, a.talk["conversation_id"]),
    )


def _enqueue(tx: Tx, a: _Answer, now: int) -> None:
    row = OutboxRow(
        user_id=a.talk["user_id"],
        account_id=a.talk["instagram_account_id"],
        contact_id=a.talk["contact_id"],
        conversation_id=a.talk["conversation_id"],
        message_log_id=a.id,
        idem=same_id("message", a.id),
        kind="send",
        automated=False,
        epoch=a.epoch,
        prio=ANSWER,
        not_after=a.until,
        body={"to": {"id": a.to}, "message": a.message},
        trace_id=a.trace_id,
        created_at=now,
    )
    enqueue(tx, [row])


def outcome(house: House, id_: str) -> dict[str, Any]:
    """What Instagram said of a message, or ``queued`` when it says nothing within 3 s."""
    until = time.monotonic() + OUTCOME_WITHIN
    while True:
        with house.store.db.read() as tx:
            row = tx.one("SELECT status, reason FROM message_log WHERE message_log_id = ?", (id_,))
        assert row is not None
        if row[0] != "queued" or time.monotonic() > until:
            return {"message_log_id": id_, "status": row[0], "reason": row[1]}
        time.sleep(0.02)
