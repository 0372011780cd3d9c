"""Revision 0008: the conversations in which a person speaks, found without reading all others."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

HUMAN = sa.text("owner = 'human'")


def upgrade() -> None:
    """Makes the index."""
    op.create_index(
        "ix_conversation_human",
        "conversation",
        ["instagram_account_id", "human_at"],
        sqlite_where=HUMAN,
        postgresql_where=HUMAN,
    )


def downgrade() -> None:
    """Drops it."""
    op.drop_index("ix_conversation_human", "conversation")
