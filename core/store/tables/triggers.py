"""Triggers: how flows begin (LLD 3.4)."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, String, Table, Text

from core.store.tables.base import EMPTY, ZERO, metadata, one_of, tenant, times
from core.store.types import Id, Instant, Json

TRIGGER_STATUS = ("active", "inactive")

trigger = Table(
    "trigger",
    metadata,
    Column("trigger_id", Id, primary_key=True),
    tenant(),
    Column("flow_id", Id, ForeignKey("flow.flow_id", ondelete="CASCADE"), nullable=False, index=True),
    Column(
        "instagram_account_id",
        Id,
        ForeignKey("instagram_account.instagram_account_id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("type", String(50), nullable=False),
    Column("keyword", Text, nullable=False, server_default=""),
    Column("post_permalink", Text),
    Column("post_status", String(20)),
    Column("media_id", String(64)),
    Column("options", Json, nullable=False, server_default=EMPTY),
    Column("status", String(20), nullable=False, server_default="active"),
    *times(),
    CheckConstraint(one_of("status", *TRIGGER_STATUS), name="status"),
)
"""options: see core.model.nodetype.TriggerRow. post_status: resolved, pending or NULL."""

trigger_fire = Table(
    "trigger_fire",
    metadata,
    Column("trigger_id", Id, ForeignKey("trigger.trigger_id", ondelete="CASCADE"), primary_key=True),
    Column("contact_id", Id, primary_key=True),
    tenant(index=False),
    Column("fired_at", Instant, nullable=False),
    Column("count", Integer, nullable=False, server_default=ZERO),
)
"""When a trigger last fired for a contact: cooldown and once per contact."""
