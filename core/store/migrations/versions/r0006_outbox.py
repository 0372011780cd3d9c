"""Revision 0006: runs, timers, outbox, traces."""

import sqlalchemy as sa
from alembic import op

from core.store import types

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Makes the tables."""
    _outbox()
    _outbox_indexes()
    _run()
    _run_indexes()
    _step_trace()
    _step_trace_indexes()
    _timer()
    _timer_indexes()


def downgrade() -> None:
    """Drops them."""
    for table in (
        "timer",
        "step_trace",
        "run",
        "outbox",
    ):
        op.drop_table(table)


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", types.BigId, autoincrement=True, nullable=False),
        sa.Column("user_id", types.Id, nullable=False),
        sa.Column("account_id", types.Id, nullable=False),
        sa.Column("contact_id", types.Id, nullable=False),
        sa.Column("conversation_id", types.Id),
        sa.Column("message_log_id", types.Id),
        sa.Column("run_id", types.Id),
        sa.Column("flow_id", types.Id),
        sa.Column("node_id", sa.String(length=200)),
        sa.Column("event_id", types.BigId),
        sa.Column("wait", sa.Integer()),
        sa.Column("idem", types.Id, nullable=False),
        sa.Column("kind", sa.String(length=50), nullable=False),
        sa.Column("automated", sa.Boolean(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("prio", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempt", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("not_after", sa.BigInteger()),
        sa.Column("lease_owner", sa.String(length=60)),
        sa.Column("lease_until", sa.BigInteger()),
        sa.Column("sending_at", sa.BigInteger()),
        sa.Column("provider_id", sa.Text()),
        sa.Column("settled_by", sa.String(length=12)),
        sa.Column("asked", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("error_code", sa.String(length=50)),
        sa.Column("error", sa.Text()),
        sa.Column("body", types.Json(), nullable=False),
        sa.Column("trace_id", sa.String(length=36)),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("idem", name="uq_outbox_idem"),
        sqlite_autoincrement=True,
    )


def _outbox_indexes() -> None:
    op.create_index(
        "ix_outbox_contact",
        "outbox",
        ["contact_id", "id"],
        sqlite_where=sa.text("state IN ('queued', 'sending')"),
        postgresql_where=sa.text("state IN ('queued', 'sending')"),
    )
    op.create_index(
        "ix_outbox_lease",
        "outbox",
        ["lease_until"],
        sqlite_where=sa.text("state = 'sending'"),
        postgresql_where=sa.text("state = 'sending'"),
    )
    op.create_index(
        "ix_outbox_provider",
        "outbox",
        ["account_id", "provider_id"],
        sqlite_where=sa.text("provider_id IS NOT NULL"),
        postgresql_where=sa.text("provider_id IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_queued",
        "outbox",
        ["account_id", "prio", "next_at", "id"],
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )


def _run() -> None:
    op.create_table(
        "run",
        sa.Column("run_id", types.Id, nullable=False),
        sa.Column("user_id", types.Id, nullable=False),
        sa.Column("account_id", types.Id, nullable=False),
        sa.Column("contact_id", types.Id, nullable=False),
        sa.Column("flow_id", types.Id, nullable=False),
        sa.Column("flow_version_id", types.Id),
        sa.Column("program_hash", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("pause_reason", sa.String(length=20)),
        sa.Column("foreground", sa.Boolean(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("wait", sa.Integer(), nullable=False),
        sa.Column("wait_kind", sa.String(length=20), nullable=False),
        sa.Column("node_id", sa.String(length=200)),
        sa.Column("trigger_id", types.Id),
        sa.Column("body", types.Json(), nullable=False),
        sa.Column("error_code", sa.String(length=50)),
        sa.Column("outcome", sa.String(length=100)),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger()),
        sa.Column("ended_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("run_id", name="pk_run"),
    )


def _run_indexes() -> None:
    op.create_index(
        "ix_run_expiry",
        "run",
        ["expires_at"],
        sqlite_where=sa.text("ended_at IS NULL AND expires_at IS NOT NULL"),
        postgresql_where=sa.text("ended_at IS NULL AND expires_at IS NOT NULL"),
    )
    op.create_index("ix_run_flow", "run", ["flow_id", "status"])
    op.create_index(
        "ix_run_live",
        "run",
        ["contact_id"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "uq_run_foreground",
        "run",
        ["contact_id"],
        unique=True,
        sqlite_where=sa.text("foreground AND ended_at IS NULL"),
        postgresql_where=sa.text("foreground AND ended_at IS NULL"),
    )


def _step_trace() -> None:
    op.create_table(
        "step_trace",
        sa.Column("id", types.BigId, autoincrement=True, nullable=False),
        sa.Column("user_id", types.Id, nullable=False),
        sa.Column("account_id", types.Id, nullable=False),
        sa.Column("contact_id", types.Id, nullable=False),
        sa.Column("run_id", types.Id, nullable=False),
        sa.Column("flow_id", types.Id, nullable=False),
        sa.Column("event_id", types.BigId),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("disposition", sa.String(length=20), nullable=False),
        sa.Column("path", types.Json(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_step_trace"),
    )


def _step_trace_indexes() -> None:
    op.create_index("ix_step_trace_flow", "step_trace", ["flow_id", "at"])
    op.create_index("ix_step_trace_run", "step_trace", ["run_id", "seq"])


def _timer() -> None:
    op.create_table(
        "timer",
        sa.Column("id", types.BigId, autoincrement=True, nullable=False),
        sa.Column("user_id", types.Id, nullable=False),
        sa.Column("account_id", types.Id, nullable=False),
        sa.Column("contact_id", types.Id, nullable=False),
        sa.Column("run_id", types.Id, nullable=False),
        sa.Column("wait", sa.Integer(), nullable=False),
        sa.Column("fire_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_timer"),
        sa.UniqueConstraint("run_id", "wait", name="uq_timer_run_id_wait"),
    )


def _timer_indexes() -> None:
    op.create_index("ix_timer_fire", "timer", ["fire_at"])
