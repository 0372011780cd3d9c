"""Messages that did not arrive, or whose fate is unknown: a person sends again, or says what became of it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, select

from core.model.errors import ServiceError
from core.runtime.outbox import ANSWER, OutboxRow, enqueue
from core.services import audit, messages, scope, takeover
from core.services.actor import Actor
from core.services.house import House
from core.store.driver import Tx
from core.store.ids import same_id
from core.store.tables.contacts import contact


@dataclass(frozen=True, slots=True)
class _Again:
    """A message that is to be sent again, with all that it needs."""

    row: RowMapping
    talk: RowMapping
    to: str
    until: int
    trace_id: str | None


def retry(house: House, who: Actor, message_id: str, trace_id: str | None = None) -> dict[str, Any]:
    """Sends a person's failed message again, under its own id; waits up to 3 s for what Instagram says.

    Raises ServiceError 409 message_not_failed; message_automated (a flow said it: retry its run instead); window_closed;
    account_not_connected.
    """
    with house.store.read() as tx:
        row = scope.a_message(tx, who, message_id)
        _retriable(row)
        talk = scope.a_conversation(tx, who, row["conversation_id"])
        account = scope.an_account(tx, who, row["instagram_account_id"])
        person = tx.execute(select(contact).where(contact.c.contact_id == talk["contact_id"])).mappings().one()
    again = _Again(row, talk, person["instagram_user_id"], messages.until(house, account, person), trace_id)
    with house.store.db.write() as hot:
        _queue(house, hot, who, again)
    _audited(house, who, row, "message.retry")
    house.wake_drain()
    house.wake_dispatch()
    return messages.outcome(house, message_id)


def _retriable(row: RowMapping) -> None:
    if row["status"] != "failed" or row["direction"] != "outbound":
        details = {"status": row["status"]}
        raise ServiceError(409, "message_not_failed", "Only a message that failed can be sent again", details)
    if row["is_automated"]:
        text = "A flow said this: what it says now may differ. Retry its run, or write to the contact yourself"
        raise ServiceError(409, "message_automated", text, {"runId": row["run_id"]})


def _queue(house: House, tx: Tx, who: Actor, again: _Again) -> None:
    """A new outbox row; the log's row says queued, once: of two who ask at the same time one is refused."""
    now, id_ = house.clock.now(), again.row["message_log_id"]
    epoch = takeover.take_over(house, tx, again.talk, who.user_id, "message")
    fence = "UPDATE message_log SET status = 'queued', reason = NULL, timestamp = ? WHERE message_log_id = ? AND status = 'failed'"
    if tx.run(fence, (now, id_)) != 1:
        raise ServiceError(409, "message_not_failed", "Somebody sends it again already")
    tried = tx.one("SELECT count(*) FROM outbox WHERE message_log_id = ?", (id_,))
    message = {k: v for k, v in again.row["content"].items() if k != "mediaUrl"}
    row = OutboxRow(
        user_id=again.row["user_id"],
        account_id=again.row["instagram_account_id"],
        contact_id=again.talk["contact_id"],
        conversation_id=again.talk["conversation_id"],
        message_log_id=id_,
        idem=same_id("message", id_, "again", tried[0] if tried else 0),
        kind="send",
        automated=False,
        epoch=epoch,
        prio=ANSWER,
        not_after=again.until,
        body={"to": {"id": again.to}, "message": message},
        trace_id=again.trace_id,
        created_at=now,
    )
    enqueue(tx, [row])
    last = "UPDATE conversation SET status = 'open', closed_at = NULL, last_message_id = ?, last_message_at = ? WHERE conversation_id = ?"
    tx.run(last, (id_, now, again.talk["conversation_id"]))


def settle(house: House, who: Actor, message_id: str, sent: bool) -> dict[str, Any]:
    """A person has looked at Instagram: the message is there (``sent``), or it is not and is sent again.

    Raises ServiceError 409 message_not_settled when its fate is known.
    """
    with house.store.read() as tx:
        row = scope.a_message(tx, who, message_id)
    with house.store.db.write() as hot:
        known = not _settled(hot, message_id, sent, house.clock.now())
    if known:
        message = "Its fate is known: it is not under review"
        raise ServiceError(409, "message_not_settled", message, {"status": row["status"]})
    _audited(house, who, row, "message.settle", sent=sent)
    if sent:
        return {"message_log_id": message_id, "status": "sent", "reason": None}
    house.wake_dispatch()
    return messages.outcome(house, message_id)


def _settled(tx: Tx, message_id: str, sent: bool, now: int) -> bool:
    """False when it was not under review. The same fences as the look-up's: whoever settles first wins."""
    mine = "message_log_id = ? AND status = 'needs_review'"
    status = "sent" if sent else "queued"
    if tx.run(f"UPDATE message_log SET status = ?, reason = NULL WHERE {mine}", (status, message_id)) != 1:
        return False
    review = "WHERE message_log_id = ? AND state = 'review'"
    if sent:
        tx.run(f"UPDATE outbox SET state = 'sent', settled_by = 'person', done_at = ? {review}", (now, message_id))
    else:
        again = "state = 'queued', next_at = 0, asked = 0, error_code = NULL, error = NULL, done_at = NULL"
        tx.run(f"UPDATE outbox SET {again}, lease_owner = NULL, lease_until = NULL {review}", (message_id,))
    return True


def _audited(house: House, who: Actor, row: RowMapping, action: str, **data: Any) -> None:
    subject, account = f"message:{row['message_log_id']}", row["instagram_account_id"]
    with house.store.write() as tx:
        now = house.clock.real()
        audit.record(tx, now, action, subject, actor=who.user_id, tenant=row["user_id"], account=account, data=data)
