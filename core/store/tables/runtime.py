"""Durable execution: inbox, mailboxes, runs, timers, outbox, traces, dead letters (durability 3.1)."""

from typing import Any

from sqlalchemy import Boolean, Column, Index, Integer, SmallInteger, String, Table, Text, UniqueConstraint, text

from core.store.tables.base import ZERO, metadata
from core.store.types import BigId, Id, Instant, Json


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


PENDING, DONE, DEAD = 0, 1, 2

inbound_event = Table(
    "inbound_event",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("user_id", Id, nullable=False),
    Column("account_id", Id, nullable=False),
    Column("contact_id", Id),
    Column("kind", String(30), nullable=False),
    Column("dedupe_key", Text, nullable=False),
    Column("source_at", Instant, nullable=False),
    Column("payload", Json),
    Column("received_at", Instant, nullable=False),
    Column("trace_id", String(36)),
    Column("state", SmallInteger, nullable=False, server_default=ZERO),
    Column("disposition", String(30)),
    Column("trigger_id", Id),
    Column("run_id", Id),
    Column("error", Text),
    Column("done_at", Instant),
    UniqueConstraint("account_id", "dedupe_key"),
    sqlite_autoincrement=True,
)
"""state: 0 pending, 1 done, 2 dead. payload is core.model.inbound.Inbound; NULL once retention blanked it."""
Index("ix_inbound_event_pending", inbound_event.c.contact_id, inbound_event.c.id, **_where("state = 0"))
Index("ix_inbound_event_account", inbound_event.c.account_id, inbound_event.c.received_at)

mailbox = Table(
    "mailbox",
    metadata,
    Column("contact_id", Id, primary_key=True),
    Column("account_id", Id, nullable=False),
    Column("prio", SmallInteger, nullable=False),
    Column("ready_at", Instant, nullable=False),
    Column("crash_count", SmallInteger, nullable=False, server_default=ZERO),
)
"""A row exists exactly while the contact has pending events. ready_at later than now = parked (profile call)."""
Index("ix_mailbox_ready", mailbox.c.prio, mailbox.c.ready_at)

run = Table(
    "run",
    metadata,
    Column("run_id", Id, primary_key=True),
    Column("user_id", Id, nullable=False),
    Column("account_id", Id, nullable=False),
    Column("contact_id", Id, nullable=False),
    Column("flow_id", Id, nullable=False),
    Column("flow_version_id", Id),
    Column("program_hash", String(40), nullable=False),
    Column("status", String(20), nullable=False),
    Column("pause_reason", String(20)),
    Column("foreground", Boolean, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("wait", Integer, nullable=False),
    Column("wait_kind", String(20), nullable=False),
    Column("node_id", String(200)),
    Column("trigger_id", Id),
    Column("body", Json, nullable=False),
    Column("error_code", String(50)),
    Column("outcome", String(100)),
    Column("started_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("ended_at", Instant),
)
"""body is core.model.run.RunState. foreground = it waits for this contact's reply."""
Index("uq_run_foreground", run.c.contact_id, unique=True, **_where("foreground AND ended_at IS NULL"))
Index("ix_run_live", run.c.contact_id, **_where("ended_at IS NULL"))
Index("ix_run_flow", run.c.flow_id, run.c.status)
Index("ix_run_expiry", run.c.expires_at, **_where("ended_at IS NULL AND expires_at IS NOT NULL"))

timer = Table(
    "timer",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("user_id", Id, nullable=False),
    Column("account_id", Id, nullable=False),
    Column("contact_id", Id, nullable=False),
    Column("run_id", Id, nullable=False),
    Column("wait", Integer, nullable=False),
    Column("fire_at", Instant, nullable=False),
    UniqueConstraint("run_id", "wait"),
)
Index("ix_timer_fire", timer.c.fire_at)

OPEN = ("queued", "sending")

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("user_id", Id, nullable=False),
    Column("account_id", Id, nullable=False),
    Column("contact_id", Id, nullable=False),
    Column("conversation_id", Id),
    Column("message_log_id", Id),
    Column("run_id", Id),
    Column("flow_id", Id),
    Column("node_id", String(200)),
    Column("event_id", BigId),
    Column("wait", Integer),
    Column("idem", Id, nullable=False, unique=True),
    Column("kind", String(50), nullable=False),
    Column("automated", Boolean, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("prio", SmallInteger, nullable=False),
    Column("state", String(12), nullable=False),
    Column("attempt", SmallInteger, nullable=False, server_default=ZERO),
    Column("next_at", Instant, nullable=False),
    Column("not_after", Instant),
    Column("lease_owner", String(60)),
    Column("lease_until", Instant),
    Column("sending_at", Instant),
    Column("provider_id", Text),
    Column("settled_by", String(12)),
    Column("asked", SmallInteger, nullable=False, server_default=ZERO),
    Column("error_code", String(50)),
    Column("error", Text),
    Column("body", Json, nullable=False),
    Column("trace_id", String(36)),
    Column("created_at", Instant, nullable=False),
    Column("done_at", Instant),
    sqlite_autoincrement=True,
)
"""state: queued, sending, sent, failed, dead, cancelled, expired, review. body = {"to": {...}, …}; wait is set when a flow
waits for the result. automated rows are fenced by epoch (= the conversation's when written). next_at and lease_until are real
time, not_after and sending_at business time. asked counts look-ups of an unknown send that could not be made."""
Index(
    "ix_outbox_queued", outbox.c.account_id, outbox.c.prio, outbox.c.next_at, outbox.c.id, **_where("state = 'queued'")
)
Index("ix_outbox_contact", outbox.c.contact_id, outbox.c.id, **_where("state IN ('queued', 'sending')"))
Index("ix_outbox_lease", outbox.c.lease_until, **_where("state = 'sending'"))
Index("ix_outbox_provider", outbox.c.account_id, outbox.c.provider_id, **_where("provider_id IS NOT NULL"))

step_trace = Table(
    "step_trace",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("user_id", Id, nullable=False),
    Column("account_id", Id, nullable=False),
    Column("contact_id", Id, nullable=False),
    Column("run_id", Id, nullable=False),
    Column("flow_id", Id, nullable=False),
    Column("event_id", BigId),
    Column("seq", Integer, nullable=False),
    Column("disposition", String(20), nullable=False),
    Column("path", Json, nullable=False),
    Column("event", Json),
    Column("at", Instant, nullable=False),
)
"""path = [[state, edge id], …]: inbox, preview, analytics, why and replay read it. event = core.model.recording.Taken's event, with
what was known of the contact when the run began; NULL once retention blanked it."""
Index("ix_step_trace_run", step_trace.c.run_id, step_trace.c.seq)
Index("ix_step_trace_flow", step_trace.c.flow_id, step_trace.c.at)

dead_letter = Table(
    "dead_letter",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("user_id", Id, nullable=False),
    Column("account_id", Id, nullable=False),
    Column("contact_id", Id),
    Column("source", String(20), nullable=False),
    Column("ref_id", BigId, nullable=False),
    Column("error", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("resolved_at", Instant),
    Column("resolution", String(20)),
)
"""source: inbound or outbox. resolution: replayed or discarded."""
Index("ix_dead_letter_open", dead_letter.c.account_id, dead_letter.c.at, **_where("resolved_at IS NULL"))
