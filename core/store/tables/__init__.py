"""The tables, one module per feature word. ``metadata`` holds them all; migrations are made from it.

Times are milliseconds since 1970 UTC (``Instant``), ids 36-character UUIDv7 texts (``Id``). Every row carries its tenant
(``user_id``, the owner), but for installation-wide tables. The hot tables (inbound_event, mailbox, outbox, timer, run,
message_log, step_trace) carry no foreign keys: they are written in bulk and pruned by retention.
"""

from core.store.tables import accounts, contacts, conversations, flows, people, runtime, system, triggers
from core.store.tables.base import metadata

__all__ = ["accounts", "contacts", "conversations", "flows", "metadata", "people", "runtime", "system", "triggers"]
