"""What the installation keeps for itself: chores, heartbeats, settings, notifications, media, the audit log."""

from sqlalchemy import Column, Index, Integer, String, Table, Text, UniqueConstraint, text

from core.store.tables.base import EMPTY, ZERO, metadata
from core.store.types import BigId, Id, Instant, Json

chore = Table(
    "chore",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("user_id", Id),
    Column("account_id", Id),
    Column("kind", String(50), nullable=False),
    Column("key", String(200), nullable=False),
    Column("args", Json, nullable=False, server_default=EMPTY),
    Column("due_at", Instant, nullable=False),
    Column("lease_until", Instant, nullable=False, server_default=ZERO),
    Column("attempts", Integer, nullable=False, server_default=ZERO),
    Column("error", Text),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("kind", "key"),
)
"""Work that may be lost and re-derived: a row with a lease; done = deleted. Real time."""
Index("ix_chore_due", chore.c.due_at)

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("process", String(100), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("at", Instant, nullable=False),
    Column("data", Json, nullable=False, server_default=EMPTY),
)

setting = Table(
    "setting",
    metadata,
    Column("key", String(100), primary_key=True),
    Column("value", Json),
    Column("updated_at", Instant, nullable=False),
)

notification = Table(
    "notification",
    metadata,
    Column("notification_id", Id, primary_key=True),
    Column("user_id", Id, nullable=False),
    Column("account_id", Id),
    Column("kind", String(50), nullable=False),
    Column("cause", String(200), nullable=False),
    Column("data", Json, nullable=False, server_default=EMPTY),
    Column("count", Integer, nullable=False, server_default=text("1")),
    Column("created_at", Instant, nullable=False),
    Column("read_at", Instant),
    UniqueConstraint("user_id", "kind", "cause"),
)
"""Once per cause (decision 19): a repeat counts up."""

media = Table(
    "media",
    metadata,
    Column("media_id", Id, primary_key=True),
    Column("user_id", Id, nullable=False, index=True),
    Column("account_id", Id, nullable=False, index=True),
    Column("type", String(20), nullable=False),
    Column("mime", String(100), nullable=False),
    Column("size", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("attachment_id", String(64)),
    Column("created_at", Instant, nullable=False),
)

audit_log = Table(
    "audit_log",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("actor_id", Id),
    Column("user_id", Id),
    Column("account_id", Id),
    Column("action", String(100), nullable=False),
    Column("object", String(200), nullable=False),
    Column("data", Json, nullable=False, server_default=EMPTY),
)
"""Append-only."""
Index("ix_audit_log_user", audit_log.c.user_id, audit_log.c.at)
