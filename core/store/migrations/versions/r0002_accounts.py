"""Revision 0002: Instagram accounts and their lanes."""

import sqlalchemy as sa
from alembic import op

from core.store import types

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Makes the tables."""
    _instagram_account()
    _instagram_account_indexes()
    _lane()
    _lane_indexes()


def downgrade() -> None:
    """Drops them."""
    for table in (
        "lane",
        "instagram_account",
    ):
        op.drop_table(table)


def _instagram_account() -> None:
    op.create_table(
        "instagram_account",
        sa.Column("instagram_account_id", types.Id, nullable=False),
        sa.Column("user_id", types.Id, nullable=False),
        sa.Column("login", sa.String(length=20), server_default="instagram", nullable=False),
        sa.Column("instagram_page_id", sa.String(length=64)),
        sa.Column("instagram_user_id", sa.String(length=64), nullable=False),
        sa.Column("app_scoped_id", sa.String(length=64)),
        sa.Column("instagram_username", sa.String(length=100), server_default="", nullable=False),
        sa.Column("access_token", sa.Text()),
        sa.Column("token_issued_at", sa.BigInteger()),
        sa.Column("token_expires_at", sa.BigInteger()),
        sa.Column("status", sa.String(length=20), server_default="connected", nullable=False),
        sa.Column("status_reason", sa.String(length=100)),
        sa.Column("claim", sa.String(length=20), server_default="provisional", nullable=False),
        sa.Column("scopes", types.Json(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("subscribed_fields", types.Json(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("settings", types.Json(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("triggers_version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_event_at", sa.BigInteger()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("claim IN ('provisional', 'proven')", name="ck_instagram_account_claim"),
        sa.CheckConstraint("status IN ('connected', 'disconnected', 'error')", name="ck_instagram_account_status"),
        sa.ForeignKeyConstraint(["user_id"], ["user.user_id"], name="fk_instagram_account_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("instagram_account_id", name="pk_instagram_account"),
    )


def _instagram_account_indexes() -> None:
    op.create_index("ix_instagram_account_app_scoped_id", "instagram_account", ["app_scoped_id"])
    op.create_index("ix_instagram_account_user_id", "instagram_account", ["user_id"])
    op.create_index(
        "uq_instagram_account_live_user",
        "instagram_account",
        ["instagram_user_id"],
        unique=True,
        sqlite_where=sa.text("status <> 'disconnected'"),
        postgresql_where=sa.text("status <> 'disconnected'"),
    )


def _lane() -> None:
    op.create_table(
        "lane",
        sa.Column("account_id", types.Id, nullable=False),
        sa.Column("user_id", types.Id, nullable=False),
        sa.Column("tokens", sa.Float(), server_default="0", nullable=False),
        sa.Column("private_tokens", sa.Float(), server_default="0", nullable=False),
        sa.Column("hour_tokens", sa.Float(), server_default="0", nullable=False),
        sa.Column("refilled_at", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("paused_until", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("pause_reason", sa.String(length=100)),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("probing", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["instagram_account.instagram_account_id"], name="fk_lane_account_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.user_id"], name="fk_lane_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("account_id", name="pk_lane"),
    )


def _lane_indexes() -> None:
    op.create_index("ix_lane_user_id", "lane", ["user_id"])
