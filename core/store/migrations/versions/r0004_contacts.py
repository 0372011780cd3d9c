"""Revision 0004: contacts, conversations, messages."""

import sqlalchemy as sa
from alembic import op

from core.store import types

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Makes the tables."""
    _message_log()
    _message_log_indexes()
    _contact()
    _contact_indexes()
    _contact_identity()
    _contact_identity_indexes()
    _contact_tag()
    _contact_tag_indexes()
    _conversation()
    _conversation_indexes()
    _conversation_note()
    _conversation_note_indexes()


def downgrade() -> None:
    """Drops them."""
    for table in (
        "conversation_note",
        "conversation",
        "contact_tag",
        "contact_identity",
        "contact",
        "message_log",
    ):
        op.drop_table(table)


def _message_log() -> None:
    op.create_table(
        "message_log",
        sa.Column("message_log_id", types.Id, nullable=False),
        sa.Column("user_id", types.Id, nullable=False),
        sa.Column("instagram_account_id", types.Id, nullable=False),
        sa.Column("contact_id", types.Id, nullable=False),
        sa.Column("conversation_id", types.Id, nullable=False),
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.Column("type", sa.String(length=30), nullable=False),
        sa.Column("content", types.Json(), nullable=False),
        sa.Column("timestamp", sa.BigInteger(), nullable=False),
        sa.Column("is_automated", sa.Boolean(), nullable=False),
        sa.Column("flow_id", types.Id),
        sa.Column("node_id", sa.String(length=200)),
        sa.Column("run_id", types.Id),
        sa.Column("author_id", types.Id),
        sa.Column("mid", sa.Text()),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("seen_at", sa.BigInteger()),
        sa.Column("edit_count", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("message_log_id", name="pk_message_log"),
    )


def _message_log_indexes() -> None:
    op.create_index("ix_message_log_conversation", "message_log", ["conversation_id", "timestamp"])
    op.create_index(
        "ix_message_log_mid",
        "message_log",
        ["instagram_account_id", "mid"],
        sqlite_where=sa.text("mid IS NOT NULL"),
        postgresql_where=sa.text("mid IS NOT NULL"),
    )


def _contact() -> None:
    op.create_table(
        "contact",
        sa.Column("contact_id", types.Id, nullable=False),
        sa.Column("user_id", types.Id, nullable=False),
        sa.Column("instagram_account_id", types.Id, nullable=False),
        sa.Column("instagram_user_id", sa.String(length=64)),
        sa.Column("instagram_username", sa.String(length=100)),
        sa.Column("first_name", sa.String(length=200)),
        sa.Column("last_name", sa.String(length=200)),
        sa.Column("profile_picture_url", sa.Text()),
        sa.Column("profile", types.Json(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("profile_at", sa.BigInteger()),
        sa.Column("consent", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("parked_until", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("last_interaction_at", sa.BigInteger()),
        sa.Column("last_inbound_at", sa.BigInteger()),
        sa.Column("opted_out_at", sa.BigInteger()),
        sa.Column("custom_attributes", types.Json(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("source", types.Json()),
        sa.Column("merged_into", types.Id),
        sa.Column("suppressed_until", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("automated_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("automated_since", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instagram_account_id"],
            ["instagram_account.instagram_account_id"],
            name="fk_contact_instagram_account_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.user_id"], name="fk_contact_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("contact_id", name="pk_contact"),
    )


def _contact_indexes() -> None:
    op.create_index("ix_contact_account_seen", "contact", ["instagram_account_id", "last_interaction_at"])


def _contact_identity() -> None:
    op.create_table(
        "contact_identity",
        sa.Column("instagram_account_id", types.Id, nullable=False),
        sa.Column("external_id", sa.String(length=100), nullable=False),
        sa.Column("contact_id", types.Id, nullable=False),
        sa.Column("user_id", types.Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.contact_id"], name="fk_contact_identity_contact_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.user_id"], name="fk_contact_identity_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("instagram_account_id", "external_id", name="pk_contact_identity"),
    )


def _contact_identity_indexes() -> None:
    op.create_index("ix_contact_identity_contact_id", "contact_identity", ["contact_id"])


def _contact_tag() -> None:
    op.create_table(
        "contact_tag",
        sa.Column("contact_id", types.Id, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("user_id", types.Id, nullable=False),
        sa.Column("instagram_account_id", types.Id, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.contact_id"], name="fk_contact_tag_contact_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.user_id"], name="fk_contact_tag_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("contact_id", "name", name="pk_contact_tag"),
    )


def _contact_tag_indexes() -> None:
    op.create_index("ix_contact_tag_account_name", "contact_tag", ["instagram_account_id", "name"])


def _conversation() -> None:
    op.create_table(
        "conversation",
        sa.Column("conversation_id", types.Id, nullable=False),
        sa.Column("user_id", types.Id, nullable=False),
        sa.Column("instagram_account_id", types.Id, nullable=False),
        sa.Column("contact_id", types.Id, nullable=False),
        sa.Column("status", sa.String(length=20), server_default="open", nullable=False),
        sa.Column("owner", sa.String(length=20), server_default="automation", nullable=False),
        sa.Column("epoch", sa.Integer(), server_default="0", nullable=False),
        sa.Column("human_at", sa.BigInteger()),
        sa.Column("assigned_agent_id", types.Id),
        sa.Column("last_message_id", types.Id),
        sa.Column("last_message_at", sa.BigInteger()),
        sa.Column("unread", sa.Integer(), server_default="0", nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("owner IN ('automation', 'human')", name="ck_conversation_owner"),
        sa.CheckConstraint("status IN ('open', 'closed', 'pending_human')", name="ck_conversation_status"),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.contact_id"], name="fk_conversation_contact_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.user_id"], name="fk_conversation_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_conversation"),
        sa.UniqueConstraint("contact_id", name="uq_conversation_contact_id"),
    )


def _conversation_indexes() -> None:
    op.create_index("ix_conversation_account_last", "conversation", ["instagram_account_id", "last_message_at"])


def _conversation_note() -> None:
    op.create_table(
        "conversation_note",
        sa.Column("note_id", types.Id, nullable=False),
        sa.Column("user_id", types.Id, nullable=False),
        sa.Column("conversation_id", types.Id, nullable=False),
        sa.Column("author_id", types.Id),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversation.conversation_id"],
            name="fk_conversation_note_conversation_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.user_id"], name="fk_conversation_note_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("note_id", name="pk_conversation_note"),
    )


def _conversation_note_indexes() -> None:
    op.create_index("ix_conversation_note_conversation_id", "conversation_note", ["conversation_id"])
