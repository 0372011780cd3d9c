"""Contacts, their identities and tags (LLD 3.5)."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, false

from core.store.tables.base import EMPTY, ZERO, metadata, tenant, times
from core.store.types import Id, Instant, Json

contact = Table(
    "contact",
    metadata,
    Column("contact_id", Id, primary_key=True),
    tenant(index=False),
    Column(
        "instagram_account_id",
        Id,
        ForeignKey("instagram_account.instagram_account_id", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("instagram_user_id", String(64)),
    Column("instagram_username", String(100)),
    Column("first_name", String(200)),
    Column("last_name", String(200)),
    Column("profile_picture_url", Text),
    Column("profile", Json, nullable=False, server_default=EMPTY),
    Column("profile_at", Instant),
    Column("consent", Boolean, nullable=False, server_default=false()),
    Column("parked_until", Instant, nullable=False, server_default=ZERO),
    Column("last_interaction_at", Instant),
    Column("last_inbound_at", Instant),
    Column("opted_out_at", Instant),
    Column("custom_attributes", Json, nullable=False, server_default=EMPTY),
    Column("source", Json),
    Column("merged_into", Id),
    Column("suppressed_until", Instant, nullable=False, server_default=ZERO),
    Column("automated_count", Integer, nullable=False, server_default=ZERO),
    Column("automated_since", Instant, nullable=False, server_default=ZERO),
    *times(),
    Index("ix_contact_account_seen", "instagram_account_id", "last_interaction_at"),
)
"""last_inbound_at is the newest window-opening event (the 24-hour window counts from it); profile = {isFollower, followerCount,
isVerified, name, status}; automated_count/since feed the bot brake (decision 25)."""

contact_identity = Table(
    "contact_identity",
    metadata,
    Column("instagram_account_id", Id, primary_key=True),
    Column("external_id", String(100), primary_key=True),
    Column("contact_id", Id, ForeignKey("contact.contact_id", ondelete="CASCADE"), nullable=False, index=True),
    tenant(index=False),
)
"""external_id is an Instagram-scoped id, or ``comment:<comment id>`` while only the comment is known (decision 5)."""

contact_tag = Table(
    "contact_tag",
    metadata,
    Column("contact_id", Id, ForeignKey("contact.contact_id", ondelete="CASCADE"), primary_key=True),
    Column("name", String(100), primary_key=True),
    tenant(index=False),
    Column("instagram_account_id", Id, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index("ix_contact_tag_account_name", "instagram_account_id", "name"),
)
