"""The installation's vital signs: ages and counts that /readyz, /metrics and the doctor read."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select, text

from core.store.store import Store
from core.store.tables.runtime import dead_letter, inbound_event, mailbox, outbox
from core.store.tables.system import heartbeat


@dataclass(frozen=True, slots=True)
class Vitals:
    """Ages in milliseconds (0 = nothing waits, None = never seen). ``ambiguous`` = sends whose lease is over."""

    inbox_count: int = 0
    inbox_age: int = 0
    orphans: int = 0
    outbox_count: int = 0
    outbox_age: int = 0
    ambiguous: int = 0
    review: int = 0
    dead_letters: int = 0
    worker_age: int | None = None


def vitals(store: Store, now: int, real: int) -> Vitals:
    """``now`` business and ``real`` real milliseconds; one read transaction over small partial indexes."""
    with store.read() as tx:
        inbox = tx.execute(
            select(func.count(), func.min(inbound_event.c.received_at)).where(inbound_event.c.state == 0)
        ).one()
        queued = tx.execute(
            select(func.count(), func.min(outbox.c.next_at)).where(outbox.c.state == "queued", outbox.c.next_at <= real)
        ).one()
        return Vitals(
            inbox_count=inbox[0],
            inbox_age=max(0, now - inbox[1]) if inbox[1] else 0,
            orphans=_orphans(tx),
            outbox_count=queued[0],
            outbox_age=max(0, real - queued[1]) if queued[1] else 0,
            ambiguous=_count(tx, (outbox.c.state == "sending") & (outbox.c.lease_until < real)),
            review=_count(tx, outbox.c.state == "review"),
            dead_letters=tx.execute(
                select(func.count()).select_from(dead_letter).where(dead_letter.c.resolved_at.is_(None))
            ).scalar_one(),
            worker_age=_worker_age(tx, real),
        )


def _count(tx: Connection, where: object) -> int:
    return int(tx.execute(select(func.count()).select_from(outbox).where(where)).scalar_one())  # type: ignore[arg-type]


def _orphans(tx: Connection) -> int:
    missing = ~select(text("1")).where(mailbox.c.contact_id == inbound_event.c.contact_id).exists()
    return int(
        tx.execute(
            select(func.count()).select_from(inbound_event).where(inbound_event.c.state == 0, missing)
        ).scalar_one()
    )


def _worker_age(tx: Connection, real: int) -> int | None:
    at = tx.execute(select(func.max(heartbeat.c.at)).where(heartbeat.c.kind == "worker")).scalar_one()
    return None if at is None else max(0, real - at)
