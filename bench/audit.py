"""Counts every row after a run: nothing lost, nothing twice, nothing left over."""

from core.settings import Settings
from core.store.invariants import violations
from core.store.store import Store

COUNTS = {
    "messages in the inbox": "SELECT count(*) FROM inbound_event WHERE kind = 'message'",
    "echoes in the inbox": "SELECT count(*) FROM inbound_event WHERE kind = 'echo' AND dedupe_key LIKE 'mid:%%'",
    "events not done": "SELECT count(*) FROM inbound_event WHERE state <> 1",
    "mailboxes left": "SELECT count(*) FROM mailbox",
    "sends accepted": "SELECT count(*) FROM outbox WHERE state = 'sent'",
    "sends not accepted": "SELECT count(*) FROM outbox WHERE state <> 'sent'",
    "inbound in the log": "SELECT count(*) FROM message_log WHERE direction = 'inbound'",
    "outbound in the log": "SELECT count(*) FROM message_log WHERE direction = 'outbound' AND status IN ('sent', 'seen')",
    "dead letters": "SELECT count(*) FROM dead_letter",
}


def audit(settings: Settings, sent: int, replies: int, echoes: int) -> list[str]:
    """Sentences about what differs from the generator's own counts; empty when all is well."""
    wanted = {
        "messages in the inbox": sent,
        "echoes in the inbox": echoes,
        "events not done": 0,
        "mailboxes left": 0,
        "sends accepted": replies,
        "sends not accepted": 0,
        "inbound in the log": sent,
        "outbound in the log": replies,
        "dead letters": 0,
    }
    store = Store(settings.database_url)
    with store.read() as tx:
        found = {name: tx.exec_driver_sql(sql).scalar() for name, sql in COUNTS.items()}
    differ = [f"{name}: {found[name]}, wanted {wanted[name]}" for name in wanted if found[name] != wanted[name]]
    return differ + violations(store)
