"""Revision 0009: flows remember the file that was applied last."""

import sqlalchemy as sa
from alembic import op

from core.store import types

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "flow_base",
        sa.Column("flow_id", types.Id(), nullable=False),
        sa.Column("user_id", types.Id(), nullable=False),
        sa.Column("workspace", sa.String(100), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("document", types.Json(), nullable=False),
        sa.Column("apply_id", types.Id(), nullable=False),
        sa.Column("applied_by", types.Id(), nullable=True),
        sa.Column("applied_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("flow_id", name=op.f("pk_flow_base")),
        sa.ForeignKeyConstraint(["flow_id"], ["flow.flow_id"], name=op.f("fk_flow_base_flow_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.user_id"], name=op.f("fk_flow_base_user_id"), ondelete="CASCADE"),
    )
    op.create_index(op.f("ix_flow_base_user_id"), "flow_base", ["user_id"], unique=False)


def downgrade() -> None:
    """Drops it."""
    op.drop_table("flow_base")
