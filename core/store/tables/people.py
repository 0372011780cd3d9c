"""Users, plans, sign-in sessions (LLD 3.1, 3.8)."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Numeric, String, Table, Text

from core.store.tables.base import NONE, ZERO, metadata, one_of, tenant, times
from core.store.types import Id, Instant, Json

USER_STATUS = ("active", "inactive", "suspended")
USER_ROLE = ("user", "admin", "agent")

plan = Table(
    "subscription_plan",
    metadata,
    Column("plan_id", Id, primary_key=True),
    Column("name", String(100), nullable=False, unique=True),
    Column("description", Text, nullable=False, server_default=""),
    Column("price_monthly", Numeric(10, 2), nullable=False, server_default=ZERO),
    Column("max_instagram_accounts", Integer),
    Column("max_contacts", Integer),
    Column("max_flows", Integer),
    Column("features", Json, nullable=False, server_default=NONE),
    *times(),
)
"""max_* NULL = no limit."""

user = Table(
    "user",
    metadata,
    Column("user_id", Id, primary_key=True),
    Column("email", String(320), nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("first_name", String(100), nullable=False, server_default=""),
    Column("last_name", String(100), nullable=False, server_default=""),
    Column("subscription_plan_id", Id, ForeignKey("subscription_plan.plan_id")),
    Column("status", String(20), nullable=False, server_default="active"),
    Column("role", String(20), nullable=False, server_default="user"),
    Column("token_version", Integer, nullable=False, server_default=ZERO),
    Column("email_verified_at", Instant),
    *times(),
    CheckConstraint(one_of("status", *USER_STATUS), name="status"),
    CheckConstraint(one_of("role", *USER_ROLE), name="role"),
)
"""email is stored lower-case."""

refresh_token = Table(
    "refresh_token",
    metadata,
    Column("refresh_token_id", Id, primary_key=True),
    tenant(),
    Column("family", Id, nullable=False, index=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("revoked_at", Instant),
    Column("user_agent", Text, nullable=False, server_default=""),
    Column("address", String(64), nullable=False, server_default=""),
    Column("created_at", Instant, nullable=False),
)

mail_token = Table(
    "mail_token",
    metadata,
    Column("mail_token_id", Id, primary_key=True),
    tenant(),
    Column("kind", String(20), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("created_at", Instant, nullable=False),
)
"""Password resets and e-mail verifications."""

throttle = Table(
    "throttle",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("reset_at", Instant, nullable=False),
)
"""Failed sign-ins per account and per address."""

idempotency = Table(
    "idempotency",
    metadata,
    Column("user_id", Id, ForeignKey("user.user_id", ondelete="CASCADE"), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("route", String(200), nullable=False),
    Column("body_hash", String(64), nullable=False),
    Column("status", Integer),
    Column("response", Json),
    Column("created_at", Instant, nullable=False),
)
Index("ix_idempotency_created_at", idempotency.c.created_at)
