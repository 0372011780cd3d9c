"""What must be true of every database at every commit (durability 3.8): asked by chaos, the bench, restore and doctor."""

from core.store.store import Store

LIVE = "('running', 'waiting', 'paused', 'errored')"
SETTLED = "('sent', 'failed', 'dead', 'cancelled', 'expired', 'review')"

RULES: tuple[tuple[str, str], ...] = (
    (
        "an event is pending without a mailbox row: nobody will handle it",
        """SELECT e.id FROM inbound_event e WHERE e.state = 0
           AND NOT EXISTS (SELECT 1 FROM mailbox m WHERE m.contact_id = e.contact_id)""",
    ),
    (
        "an event is neither pending, done nor dead",
        "SELECT e.id FROM inbound_event e WHERE e.state NOT IN (0, 1, 2)",
    ),
    (
        "an event is done without saying when, or pending with a time of being done",
        "SELECT e.id FROM inbound_event e WHERE (e.state = 1) <> (e.done_at IS NOT NULL) AND e.state <> 2",
    ),
    (
        "an event is dead without a dead letter",
        """SELECT e.id FROM inbound_event e WHERE e.state = 2
           AND NOT EXISTS (SELECT 1 FROM dead_letter d WHERE d.source = 'inbound' AND d.ref_id = e.id)""",
    ),
    (
        "a call has lost the event that caused it",
        """SELECT o.id FROM outbox o WHERE o.event_id IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM inbound_event e WHERE e.id = o.event_id)""",
    ),
    (
        "a call has lost the run that caused it",
        """SELECT o.id FROM outbox o WHERE o.run_id IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM run r WHERE r.run_id = o.run_id)""",
    ),
    (
        "a call is in a state that does not exist",
        f"SELECT o.id FROM outbox o WHERE o.state NOT IN ('queued', 'sending') AND o.state NOT IN {SETTLED}",
    ),
    (
        "a call is being sent without a lease: the sweep would never settle it",
        "SELECT o.id FROM outbox o WHERE o.state = 'sending' AND o.lease_until IS NULL",
    ),
    (
        "a call has lost its message",
        """SELECT o.id FROM outbox o WHERE o.message_log_id IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM message_log m WHERE m.message_log_id = o.message_log_id)""",
    ),
    (
        "a call was accepted, its message does not say so",
        """SELECT o.id FROM outbox o JOIN message_log m ON m.message_log_id = o.message_log_id
           WHERE o.state = 'sent' AND o.error_code IS NULL AND m.status NOT IN ('sent', 'seen')""",
    ),
    (
        "a call has ended, its message still waits",
        f"""SELECT o.id FROM outbox o JOIN message_log m ON m.message_log_id = o.message_log_id
            WHERE o.state IN {SETTLED} AND m.status = 'queued'""",
    ),
    (
        "a call waits, its message has ended",
        """SELECT o.id FROM outbox o JOIN message_log m ON m.message_log_id = o.message_log_id
           WHERE o.state IN ('queued', 'sending') AND m.status <> 'queued'""",
    ),
    (
        "a contact has two runs that wait for a reply",
        "SELECT r.contact_id FROM run r WHERE r.foreground AND r.ended_at IS NULL GROUP BY r.contact_id HAVING count(*) > 1",
    ),
    (
        "a run is live and has an end, or is over and has none",
        f"SELECT r.run_id FROM run r WHERE (r.status IN {LIVE}) <> (r.ended_at IS NULL)",
    ),
    (
        "a live run has lost its program",
        """SELECT r.run_id FROM run r WHERE r.ended_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM program p WHERE p.hash = r.program_hash)""",
    ),
    (
        "a timer belongs to no live run",
        """SELECT t.id FROM timer t
           WHERE NOT EXISTS (SELECT 1 FROM run r WHERE r.run_id = t.run_id AND r.ended_at IS NULL)""",
    ),
    (
        "an active flow has no published version",
        """SELECT f.flow_id FROM flow f WHERE f.status = 'active' AND f.deleted_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM flow_version v WHERE v.flow_version_id = f.published_version_id)""",
    ),
    (
        "a published version has lost its program",
        """SELECT v.flow_version_id FROM flow_version v
           WHERE NOT EXISTS (SELECT 1 FROM program p WHERE p.hash = v.program_hash)""",
    ),
    (
        "a message has lost its conversation",
        """SELECT m.message_log_id FROM message_log m
           WHERE NOT EXISTS (SELECT 1 FROM conversation c WHERE c.conversation_id = m.conversation_id)""",
    ),
)
"""(what is wrong, SQL that answers the ids of rows where it is). The same text runs on SQLite and PostgreSQL."""

SHOWN = 3


def violations(store: Store) -> list[str]:
    """One sentence for every rule that is broken, with the number of rows and the first ids; empty when all is well.

    All rules read one snapshot. It scans the hot tables: for checks, not for every request.
    """
    found = []
    with store.db.read() as tx:
        for what, sql in RULES:
            rows = tx.all(sql)
            if rows:
                ids = ", ".join(str(row[0]) for row in rows[:SHOWN])
                found.append(f"{what} ({len(rows)}: {ids}{', …' if len(rows) > SHOWN else ''})")
    return found
