"""Revision 0005: inbox, mailboxes, dead letters."""

import sqlalchemy as sa
from alembic import op

from core.store import types

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Makes the tables."""
    _dead_letter()
    _dead_letter_indexes()
    _inbound_event()
    _inbound_event_indexes()
    _mailbox()
    _mailbox_indexes()


def downgrade() -> None:
    """Drops them."""
    for table in (
        "mailbox",
        "inbound_event",
        "dead_letter",
    ):
        op.drop_table(table)


def _dead_letter() -> None:
    op.create_table(
        "dead_letter",
        sa.Column("id", types.BigId, autoincrement=True, nullable=False),
        sa.Column("user_id", types.Id, nullable=False),
        sa.Column("account_id", types.Id, nullable=False),
        sa.Column("contact_id", types.Id),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("ref_id", types.BigId, nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("resolved_at", sa.BigInteger()),
        sa.Column("resolution", sa.String(length=20)),
        sa.PrimaryKeyConstraint("id", name="pk_dead_letter"),
    )


def _dead_letter_indexes() -> None:
    op.create_index(
        "ix_dead_letter_open",
        "dead_letter",
        ["account_id", "at"],
        sqlite_where=sa.text("resolved_at IS NULL"),
        postgresql_where=sa.text("resolved_at IS NULL"),
    )


def _inbound_event() -> None:
    op.create_table(
        "inbound_event",
        sa.Column("id", types.BigId, autoincrement=True, nullable=False),
        sa.Column("user_id", types.Id, nullable=False),
        sa.Column("account_id", types.Id, nullable=False),
        sa.Column("contact_id", types.Id),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("source_at", sa.BigInteger(), nullable=False),
        sa.Column("payload", types.Json()),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("trace_id", sa.String(length=36)),
        sa.Column("state", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("disposition", sa.String(length=30)),
        sa.Column("trigger_id", types.Id),
        sa.Column("run_id", types.Id),
        sa.Column("error", sa.Text()),
        sa.Column("done_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_inbound_event"),
        sa.UniqueConstraint("account_id", "dedupe_key", name="uq_inbound_event_account_id_dedupe_key"),
        sqlite_autoincrement=True,
    )


def _inbound_event_indexes() -> None:
    op.create_index("ix_inbound_event_account", "inbound_event", ["account_id", "received_at"])
    op.create_index(
        "ix_inbound_event_pending",
        "inbound_event",
        ["contact_id", "id"],
        sqlite_where=sa.text("state = 0"),
        postgresql_where=sa.text("state = 0"),
    )


def _mailbox() -> None:
    op.create_table(
        "mailbox",
        sa.Column("contact_id", types.Id, nullable=False),
        sa.Column("account_id", types.Id, nullable=False),
        sa.Column("prio", sa.SmallInteger(), nullable=False),
        sa.Column("ready_at", sa.BigInteger(), nullable=False),
        sa.Column("crash_count", sa.SmallInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("contact_id", name="pk_mailbox"),
    )


def _mailbox_indexes() -> None:
    op.create_index("ix_mailbox_ready", "mailbox", ["prio", "ready_at"])
