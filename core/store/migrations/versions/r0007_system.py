"""Revision 0007: chores, heartbeats, settings, notifications, media, audit log."""

import sqlalchemy as sa
from alembic import op

from core.store import types

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Makes the tables."""
    _audit_log()
    _audit_log_indexes()
    _chore()
    _chore_indexes()
    _heartbeat()
    _media()
    _media_indexes()
    _notification()
    _setting()


def downgrade() -> None:
    """Drops them."""
    for table in (
        "setting",
        "notification",
        "media",
        "heartbeat",
        "chore",
        "audit_log",
    ):
        op.drop_table(table)


def _audit_log() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", types.BigId, autoincrement=True, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", types.Id),
        sa.Column("user_id", types.Id),
        sa.Column("account_id", types.Id),
        sa.Column("action", sa.String(length=100), nullable=False),
        sa.Column("object", sa.String(length=200), nullable=False),
        sa.Column("data", types.Json(), server_default=sa.text("'{}'"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_log"),
    )


def _audit_log_indexes() -> None:
    op.create_index("ix_audit_log_user", "audit_log", ["user_id", "at"])


def _chore() -> None:
    op.create_table(
        "chore",
        sa.Column("id", types.BigId, autoincrement=True, nullable=False),
        sa.Column("user_id", types.Id),
        sa.Column("account_id", types.Id),
        sa.Column("kind", sa.String(length=50), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("args", types.Json(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.Text()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_chore"),
        sa.UniqueConstraint("kind", "key", name="uq_chore_kind_key"),
    )


def _chore_indexes() -> None:
    op.create_index("ix_chore_due", "chore", ["due_at"])


def _heartbeat() -> None:
    op.create_table(
        "heartbeat",
        sa.Column("process", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("data", types.Json(), server_default=sa.text("'{}'"), nullable=False),
        sa.PrimaryKeyConstraint("process", name="pk_heartbeat"),
    )


def _media() -> None:
    op.create_table(
        "media",
        sa.Column("media_id", types.Id, nullable=False),
        sa.Column("user_id", types.Id, nullable=False),
        sa.Column("account_id", types.Id, nullable=False),
        sa.Column("type", sa.String(length=20), nullable=False),
        sa.Column("mime", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("attachment_id", sa.String(length=64)),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("media_id", name="pk_media"),
    )


def _media_indexes() -> None:
    op.create_index("ix_media_account_id", "media", ["account_id"])
    op.create_index("ix_media_user_id", "media", ["user_id"])


def _notification() -> None:
    op.create_table(
        "notification",
        sa.Column("notification_id", types.Id, nullable=False),
        sa.Column("user_id", types.Id, nullable=False),
        sa.Column("account_id", types.Id),
        sa.Column("kind", sa.String(length=50), nullable=False),
        sa.Column("cause", sa.String(length=200), nullable=False),
        sa.Column("data", types.Json(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("count", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("notification_id", name="pk_notification"),
        sa.UniqueConstraint("user_id", "kind", "cause", name="uq_notification_user_id_kind_cause"),
    )


def _setting() -> None:
    op.create_table(
        "setting",
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("value", types.Json()),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_setting"),
    )
