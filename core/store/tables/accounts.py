"""Instagram accounts (LLD 3.2) and their sending lanes."""

from sqlalchemy import CheckConstraint, Column, Float, ForeignKey, Index, Integer, String, Table, Text, text

from core.store.tables.base import EMPTY, NONE, ZERO, metadata, one_of, tenant, times
from core.store.types import Id, Instant, Json

ACCOUNT_STATUS = ("connected", "disconnected", "error")

account = Table(
    "instagram_account",
    metadata,
    Column("instagram_account_id", Id, primary_key=True),
    tenant(),
    Column("login", String(20), nullable=False, server_default="instagram"),
    Column("instagram_page_id", String(64)),
    Column("instagram_user_id", String(64), nullable=False),
    Column("app_scoped_id", String(64), index=True),
    Column("instagram_username", String(100), nullable=False, server_default=""),
    Column("access_token", Text),
    Column("token_issued_at", Instant),
    Column("token_expires_at", Instant),
    Column("status", String(20), nullable=False, server_default="connected"),
    Column("status_reason", String(100)),
    Column("claim", String(20), nullable=False, server_default="provisional"),
    Column("scopes", Json, nullable=False, server_default=NONE),
    Column("subscribed_fields", Json, nullable=False, server_default=NONE),
    Column("settings", Json, nullable=False, server_default=EMPTY),
    Column("triggers_version", Integer, nullable=False, server_default=ZERO),
    Column("last_event_at", Instant),
    *times(),
    CheckConstraint(one_of("status", *ACCOUNT_STATUS), name="status"),
    CheckConstraint(one_of("claim", "provisional", "proven"), name="claim"),
)
"""access_token is sealed (AES-256-GCM, row id as associated data); NULL when disconnected. settings = {timezone,
echoTakeover, experimentalFollow, sameTriggerSeconds, botBrake, disclosure, softCapPerHour, language, businessHours …};
defaults are in core.model.accounts. triggers_version counts every change of the account's triggers and live flows."""
Index(
    "uq_instagram_account_live_user",
    account.c.instagram_user_id,
    unique=True,
    sqlite_where=text("status <> 'disconnected'"),
    postgresql_where=text("status <> 'disconnected'"),
)

lane = Table(
    "lane",
    metadata,
    Column(
        "account_id", Id, ForeignKey("instagram_account.instagram_account_id", ondelete="CASCADE"), primary_key=True
    ),
    tenant(),
    Column("tokens", Float, nullable=False, server_default=ZERO),
    Column("private_tokens", Float, nullable=False, server_default=ZERO),
    Column("hour_tokens", Float, nullable=False, server_default=ZERO),
    Column("refilled_at", Instant, nullable=False, server_default=ZERO),
    Column("paused_until", Instant, nullable=False, server_default=ZERO),
    Column("pause_reason", String(100)),
    Column("failures", Integer, nullable=False, server_default=ZERO),
    Column("probing", Integer, nullable=False, server_default=ZERO),
)
"""One row per account, touched by dispatchers only (made when missing): token buckets (all sends; private replies; the soft
cap of an hour), pause (throttle, breaker, dead token = far future), failures = breaker trips in a row. Real time."""
