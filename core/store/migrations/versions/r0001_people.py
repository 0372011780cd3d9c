"""Revision 0001: people: plans, users, sign-in."""

import sqlalchemy as sa
from alembic import op

from core.store import types

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes the tables."""
    _subscription_plan()
    _throttle()
    _user()
    _idempotency()
    _idempotency_indexes()
    _mail_token()
    _mail_token_indexes()
    _refresh_token()
    _refresh_token_indexes()


def downgrade() -> None:
    """Drops them."""
    for table in (
        "refresh_token",
        "mail_token",
        "idempotency",
        "user",
        "throttle",
        "subscription_plan",
    ):
        op.drop_table(table)


def _subscription_plan() -> None:
    op.create_table(
        "subscription_plan",
        sa.Column("plan_id", types.Id, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("price_monthly", sa.Numeric(precision=10, scale=2), server_default="0", nullable=False),
        sa.Column("max_instagram_accounts", sa.Integer()),
        sa.Column("max_contacts", sa.Integer()),
        sa.Column("max_flows", sa.Integer()),
        sa.Column("features", types.Json(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("plan_id", name="pk_subscription_plan"),
        sa.UniqueConstraint("name", name="uq_subscription_plan_name"),
    )


def _throttle() -> None:
    op.create_table(
        "throttle",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("reset_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_throttle"),
    )


def _user() -> None:
    op.create_table(
        "user",
        sa.Column("user_id", types.Id, nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("first_name", sa.String(length=100), server_default="", nullable=False),
        sa.Column("last_name", sa.String(length=100), server_default="", nullable=False),
        sa.Column("subscription_plan_id", types.Id),
        sa.Column("status", sa.String(length=20), server_default="active", nullable=False),
        sa.Column("role", sa.String(length=20), server_default="user", nullable=False),
        sa.Column("token_version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("email_verified_at", sa.BigInteger()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("role IN ('user', 'admin', 'agent')", name="ck_user_role"),
        sa.CheckConstraint("status IN ('active', 'inactive', 'suspended')", name="ck_user_status"),
        sa.ForeignKeyConstraint(
            ["subscription_plan_id"], ["subscription_plan.plan_id"], name="fk_user_subscription_plan_id"
        ),
        sa.PrimaryKeyConstraint("user_id", name="pk_user"),
        sa.UniqueConstraint("email", name="uq_user_email"),
    )


def _idempotency() -> None:
    op.create_table(
        "idempotency",
        sa.Column("user_id", types.Id, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("route", sa.String(length=200), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("response", types.Json()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.user_id"], name="fk_idempotency_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "key", name="pk_idempotency"),
    )


def _idempotency_indexes() -> None:
    op.create_index("ix_idempotency_created_at", "idempotency", ["created_at"])


def _mail_token() -> None:
    op.create_table(
        "mail_token",
        sa.Column("mail_token_id", types.Id, nullable=False),
        sa.Column("user_id", types.Id, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.user_id"], name="fk_mail_token_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("mail_token_id", name="pk_mail_token"),
        sa.UniqueConstraint("token_hash", name="uq_mail_token_token_hash"),
    )


def _mail_token_indexes() -> None:
    op.create_index("ix_mail_token_user_id", "mail_token", ["user_id"])


def _refresh_token() -> None:
    op.create_table(
        "refresh_token",
        sa.Column("refresh_token_id", types.Id, nullable=False),
        sa.Column("user_id", types.Id, nullable=False),
        sa.Column("family", types.Id, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger()),
        sa.Column("revoked_at", sa.BigInteger()),
        sa.Column("user_agent", sa.Text(), server_default="", nullable=False),
        sa.Column("address", sa.String(length=64), server_default="", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.user_id"], name="fk_refresh_token_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("refresh_token_id", name="pk_refresh_token"),
        sa.UniqueConstraint("token_hash", name="uq_refresh_token_token_hash"),
    )


def _refresh_token_indexes() -> None:
    op.create_index("ix_refresh_token_family", "refresh_token", ["family"])
    op.create_index("ix_refresh_token_user_id", "refresh_token", ["user_id"])
