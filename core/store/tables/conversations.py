"""Conversations and the message log (LLD 3.6, 3.7)."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text, text

from core.store.tables.base import ZERO, metadata, one_of, tenant, times
from core.store.types import Id, Instant, Json

CONVERSATION_STATUS = ("open", "closed", "pending_human")
MESSAGE_DIRECTION = ("inbound", "outbound")
MESSAGE_TYPE = (
    "text",
    "image",
    "video",
    "button_response",
    "quick_reply_response",
    "audio",
    "file",
    "share",
    "story_mention",
    "story_reply",
    "reaction",
    "template",
    "postback",
    "comment",
    "comment_reply",
    "note",
    "deleted",
    "unsupported",
)
MESSAGE_STATUS = ("received", "queued", "sent", "seen", "failed", "skipped", "needs_review")

conversation = Table(
    "conversation",
    metadata,
    Column("conversation_id", Id, primary_key=True),
    tenant(index=False),
    Column("instagram_account_id", Id, nullable=False),
    Column("contact_id", Id, ForeignKey("contact.contact_id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("status", String(20), nullable=False, server_default="open"),
    Column("owner", String(20), nullable=False, server_default="automation"),
    Column("epoch", Integer, nullable=False, server_default=ZERO),
    Column("human_at", Instant),
    Column("assigned_agent_id", Id),
    Column("last_message_id", Id),
    Column("last_message_at", Instant),
    Column("unread", Integer, nullable=False, server_default=ZERO),
    Column("started_at", Instant, nullable=False),
    Column("closed_at", Instant),
    *times(),
    CheckConstraint(one_of("status", *CONVERSATION_STATUS), name="status"),
    CheckConstraint(one_of("owner", "automation", "human"), name="owner"),
    Index("ix_conversation_account_last", "instagram_account_id", "last_message_at"),
    Index(
        "ix_conversation_human",
        "instagram_account_id",
        "human_at",
        sqlite_where=text("owner = 'human'"),
        postgresql_where=text("owner = 'human'"),
    ),
)
"""One per contact. epoch grows with every change of owner and fences automated sends; human_at = last sign of a person."""

message_log = Table(
    "message_log",
    metadata,
    Column("message_log_id", Id, primary_key=True),
    Column("user_id", Id, nullable=False),
    Column("instagram_account_id", Id, nullable=False),
    Column("contact_id", Id, nullable=False),
    Column("conversation_id", Id, nullable=False),
    Column("direction", String(10), nullable=False),
    Column("type", String(30), nullable=False),
    Column("content", Json, nullable=False),
    Column("timestamp", Instant, nullable=False),
    Column("is_automated", Boolean, nullable=False),
    Column("flow_id", Id),
    Column("node_id", String(200)),
    Column("run_id", Id),
    Column("author_id", Id),
    Column("mid", Text),
    Column("status", String(20), nullable=False),
    Column("reason", Text),
    Column("seen_at", Instant),
    Column("edit_count", Integer, nullable=False, server_default=ZERO),
    Index("ix_message_log_conversation", "conversation_id", "timestamp"),
    Index(
        "ix_message_log_mid",
        "instagram_account_id",
        "mid",
        sqlite_where=text("mid IS NOT NULL"),
        postgresql_where=text("mid IS NOT NULL"),
    ),
)

note = Table(
    "conversation_note",
    metadata,
    Column("note_id", Id, primary_key=True),
    tenant(index=False),
    Column(
        "conversation_id",
        Id,
        ForeignKey("conversation.conversation_id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("author_id", Id),
    Column("text", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
)
"""What people (and human_takeover steps) tell each other about a conversation."""
