"""Revision 0003: flows, versions, programs, triggers."""

import sqlalchemy as sa
from alembic import op

from core.store import types

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Makes the tables."""
    _program()
    _flow()
    _flow_indexes()
    _flow_version()
    _flow_version_indexes()
    _trigger()
    _trigger_indexes()
    _trigger_fire()


def downgrade() -> None:
    """Drops them."""
    for table in (
        "trigger_fire",
        "trigger",
        "flow_version",
        "flow",
        "program",
    ):
        op.drop_table(table)


def _program() -> None:
    op.create_table(
        "program",
        sa.Column("hash", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_program"),
    )


def _flow() -> None:
    op.create_table(
        "flow",
        sa.Column("flow_id", types.Id, nullable=False),
        sa.Column("user_id", types.Id, nullable=False),
        sa.Column("instagram_account_id", types.Id, nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("flow_definition", types.Json(), nullable=False),
        sa.Column("diagnostics", types.Json(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("draft_hash", sa.String(length=40)),
        sa.Column("status", sa.String(length=20), server_default="draft", nullable=False),
        sa.Column("published_version_id", types.Id),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("deleted_at", sa.BigInteger()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("status IN ('active', 'inactive', 'draft')", name="ck_flow_status"),
        sa.ForeignKeyConstraint(
            ["instagram_account_id"],
            ["instagram_account.instagram_account_id"],
            name="fk_flow_instagram_account_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.user_id"], name="fk_flow_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("flow_id", name="pk_flow"),
    )


def _flow_indexes() -> None:
    op.create_index("ix_flow_instagram_account_id", "flow", ["instagram_account_id"])
    op.create_index("ix_flow_user_id", "flow", ["user_id"])
    op.create_index(
        "uq_flow_slug",
        "flow",
        ["instagram_account_id", "slug"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )


def _flow_version() -> None:
    op.create_table(
        "flow_version",
        sa.Column("flow_version_id", types.Id, nullable=False),
        sa.Column("user_id", types.Id, nullable=False),
        sa.Column("flow_id", types.Id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("flow_definition", types.Json(), nullable=False),
        sa.Column("program_hash", sa.String(length=40), nullable=False),
        sa.Column("source_map", types.Json()),
        sa.Column("author_id", types.Id),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["flow_id"], ["flow.flow_id"], name="fk_flow_version_flow_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.user_id"], name="fk_flow_version_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("flow_version_id", name="pk_flow_version"),
        sa.UniqueConstraint("flow_id", "number", name="uq_flow_version_flow_id_number"),
    )


def _flow_version_indexes() -> None:
    op.create_index("ix_flow_version_user_id", "flow_version", ["user_id"])


def _trigger() -> None:
    op.create_table(
        "trigger",
        sa.Column("trigger_id", types.Id, nullable=False),
        sa.Column("user_id", types.Id, nullable=False),
        sa.Column("flow_id", types.Id, nullable=False),
        sa.Column("instagram_account_id", types.Id, nullable=False),
        sa.Column("type", sa.String(length=50), nullable=False),
        sa.Column("keyword", sa.Text(), server_default="", nullable=False),
        sa.Column("post_permalink", sa.Text()),
        sa.Column("post_status", sa.String(length=20)),
        sa.Column("media_id", sa.String(length=64)),
        sa.Column("options", types.Json(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("status", sa.String(length=20), server_default="active", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("status IN ('active', 'inactive')", name="ck_trigger_status"),
        sa.ForeignKeyConstraint(["flow_id"], ["flow.flow_id"], name="fk_trigger_flow_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["instagram_account_id"],
            ["instagram_account.instagram_account_id"],
            name="fk_trigger_instagram_account_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.user_id"], name="fk_trigger_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("trigger_id", name="pk_trigger"),
    )


def _trigger_indexes() -> None:
    op.create_index("ix_trigger_flow_id", "trigger", ["flow_id"])
    op.create_index("ix_trigger_instagram_account_id", "trigger", ["instagram_account_id"])
    op.create_index("ix_trigger_user_id", "trigger", ["user_id"])


def _trigger_fire() -> None:
    op.create_table(
        "trigger_fire",
        sa.Column("trigger_id", types.Id, nullable=False),
        sa.Column("contact_id", types.Id, nullable=False),
        sa.Column("user_id", types.Id, nullable=False),
        sa.Column("fired_at", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["trigger_id"], ["trigger.trigger_id"], name="fk_trigger_fire_trigger_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.user_id"], name="fk_trigger_fire_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("trigger_id", "contact_id", name="pk_trigger_fire"),
    )
