"""Which processes of the installation are alive."""

from sqlalchemy import select

from core.store.store import Store
from core.store.tables.system import heartbeat

FRESH_MS = 15_000


def alive(store: Store, real_now: int) -> list[str]:
    """The kinds of processes whose heartbeat is at most 15 s old."""
    h = heartbeat.c
    with store.read() as tx:
        return list(tx.scalars(select(h.kind).where(h.at > real_now - FRESH_MS).distinct().order_by(h.kind)))
