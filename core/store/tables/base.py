"""The metadata with its naming convention, and the columns that most tables share."""

from sqlalchemy import Column, ForeignKey, MetaData, text

from core.store.types import Id, Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def tenant(index: bool = True) -> Column[str]:
    """The owner's user id; deleting the owner deletes the rows."""
    return Column("user_id", Id, ForeignKey("user.user_id", ondelete="CASCADE"), nullable=False, index=index)


def times() -> tuple[Column[int], Column[int]]:
    """created_at and updated_at."""
    return Column("created_at", Instant, nullable=False), Column("updated_at", Instant, nullable=False)


def one_of(column: str, *values: str) -> str:
    """The SQL of a check that the column holds one of the values."""
    return f"{column} IN ({', '.join(repr(v) for v in values)})"


ZERO = text("0")
EMPTY = text("'{}'")
NONE = text("'[]'")
