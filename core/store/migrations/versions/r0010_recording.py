"""Revision 0010: what came to a run, beside what it did, so that it can be played on another version."""

import sqlalchemy as sa
from alembic import op

from core.store import types

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Makes the column."""
    op.add_column("step_trace", sa.Column("event", types.Json()))


def downgrade() -> None:
    """Drops it."""
    with op.batch_alter_table("step_trace") as table:
        table.drop_column("event")
