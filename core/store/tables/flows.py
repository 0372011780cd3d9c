"""Flows, their versions and the compiled programs (LLD 3.3)."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, text

from core.store.tables.base import NONE, ZERO, metadata, one_of, tenant, times
from core.store.types import Id, Instant, Json

FLOW_STATUS = ("active", "inactive", "draft")

flow = Table(
    "flow",
    metadata,
    Column("flow_id", Id, primary_key=True),
    tenant(),
    Column(
        "instagram_account_id",
        Id,
        ForeignKey("instagram_account.instagram_account_id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("slug", String(100), nullable=False),
    Column("name", String(200), nullable=False),
    Column("description", Text, nullable=False, server_default=""),
    Column("flow_definition", Json, nullable=False),
    Column("diagnostics", Json, nullable=False, server_default=NONE),
    Column("draft_hash", String(40)),
    Column("status", String(20), nullable=False, server_default="draft"),
    Column("published_version_id", Id),
    Column("revision", Integer, nullable=False, server_default=ZERO),
    Column("deleted_at", Instant),
    *times(),
    CheckConstraint(one_of("status", *FLOW_STATUS), name="status"),
)
"""flow_definition is the draft; the live behaviour is published_version_id. revision makes the ETag."""
Index(
    "uq_flow_slug",
    flow.c.instagram_account_id,
    flow.c.slug,
    unique=True,
    sqlite_where=text("deleted_at IS NULL"),
    postgresql_where=text("deleted_at IS NULL"),
)

flow_version = Table(
    "flow_version",
    metadata,
    Column("flow_version_id", Id, primary_key=True),
    tenant(),
    Column("flow_id", Id, ForeignKey("flow.flow_id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("flow_definition", Json, nullable=False),
    Column("program_hash", String(40), nullable=False),
    Column("source_map", Json),
    Column("author_id", Id),
    Column("note", Text, nullable=False, server_default=""),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("flow_id", "number"),
)
"""Immutable."""

program = Table(
    "program",
    metadata,
    Column("hash", String(40), primary_key=True),
    Column("body", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
)
"""Immutable, named by its content; body is canonical JSON text. Holds behaviour only, so it belongs to nobody."""

flow_base = Table(
    "flow_base",
    metadata,
    Column("flow_id", Id, ForeignKey("flow.flow_id", ondelete="CASCADE"), primary_key=True),
    tenant(),
    Column("workspace", String(100), nullable=False),
    Column("file", Text, nullable=False),
    Column("document", Json, nullable=False),
    Column("apply_id", Id, nullable=False),
    Column("applied_by", Id),
    Column("applied_at", Instant, nullable=False),
)
"""What `instaflow apply` wrote last: the file as it was. A flow without a row was never in a file that was applied."""
