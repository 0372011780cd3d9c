"""T2 reads: the mailboxes of a batch locked in one statement, then everything of their contacts in a few more.

Lock first, read in a later statement: under READ COMMITTED a joined read would see the older snapshot and lose an event
that was committed in between (durability 3.2, the trap).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from core.model.run import RunState
from core.runtime.accounts import AccountInfo
from core.runtime.box import Box, Contact, Conversation, EventRow, Live
from core.store.driver import Tx

EVENTS = 512
"""Events of one transaction; what is left stays pending and its mailbox stays."""

Values = tuple[Any, ...]


@dataclass(slots=True)
class Raw:
    """What was read of one contact, untouched: a box can be made from it more than once."""

    contact: Values | None = None
    conversation: Values | None = None
    tags: list[str] = field(default_factory=list)
    runs: list[Values] = field(default_factory=list)
    events: list[Values] = field(default_factory=list)


def claim(tx: Tx, kind: str, limit: int, ready: int) -> list[tuple[str, str, int]]:
    """(contact, account, crash count) of ready mailboxes, locked until the transaction ends; a contact that was in hand when
    a worker died comes alone (durability 3.6)."""
    lock = "" if kind == "sqlite" else " FOR UPDATE SKIP LOCKED"
    rows = tx.all(
        "SELECT contact_id, account_id, crash_count FROM mailbox WHERE ready_at <= ?"
        f" ORDER BY prio, ready_at LIMIT ?{lock}",
        (ready, limit),
    )
    found = [(r[0], r[1], r[2]) for r in rows]
    suspects = [r for r in found if r[2] > 0]
    return suspects[:1] or found


def lock(tx: Tx, kind: str, only: tuple[str, str, int]) -> list[tuple[str, str, int]]:
    """The one mailbox, when it is still there and nobody else has it."""
    skip = "" if kind == "sqlite" else " FOR UPDATE SKIP LOCKED"
    row = tx.one(f"SELECT contact_id, account_id, crash_count FROM mailbox WHERE contact_id = ?{skip}", (only[0],))
    return [(row[0], row[1], row[2])] if row else []


def read(tx: Tx, kind: str, contact_ids: Sequence[str]) -> dict[str, Raw]:
    """Everything of the contacts, in the order given. Contact and conversation are locked: they are written back as a whole,
    and what a person changes meanwhile (opting out, attributes, the status) must come after that, not be undone by it."""
    lock = "" if kind == "sqlite" else " FOR NO KEY UPDATE"
    raws = {c: Raw() for c in contact_ids}
    where, params = tx.within("contact_id", contact_ids)
    with tx.together() as batch:
        contacts = batch.ask(f"SELECT {CONTACT} FROM contact WHERE {where}{lock}", params)
        conversations = batch.ask(f"SELECT {CONVERSATION} FROM conversation WHERE {where}{lock}", params)
        events = batch.ask(
            "SELECT id, contact_id, kind, source_at, payload, received_at, trace_id FROM inbound_event"
            f" WHERE state = 0 AND {where} ORDER BY contact_id, id LIMIT {EVENTS}",
            params,
        )
        tags = batch.ask(f"SELECT contact_id, name FROM contact_tag WHERE {where}", params)
        runs = batch.ask(
            f"SELECT {RUN} FROM run WHERE ended_at IS NULL AND {where} ORDER BY started_at, run_id", params
        )
    for row in contacts.fetchall():
        raws[row[0]].contact = row
    for row in conversations.fetchall():
        raws[row[0]].conversation = row
    for row in events.fetchall():
        raws[row[1]].events.append(row)
    for contact_id, name in tags.fetchall():
        raws[contact_id].tags.append(name)
    for row in runs.fetchall():
        raws[row[0]].runs.append(row)
    return raws


CONTACT = (
    "contact_id, user_id, instagram_user_id, instagram_username, first_name, last_name, profile, profile_at, consent,"
    " parked_until, last_interaction_at, last_inbound_at, opted_out_at, custom_attributes, source, merged_into,"
    " automated_count, automated_since"
)
CONVERSATION = (
    "contact_id, conversation_id, status, owner, epoch, human_at, assigned_agent_id, last_message_id, last_message_at,"
    " unread, closed_at"
)
RUN = "contact_id, body, flow_id, flow_version_id, program_hash, trigger_id, started_at, expires_at, seq, pause_reason"


def box_of(raw: Raw, account: AccountInfo) -> Box:
    """A fresh box of what was read."""
    assert raw.contact is not None and raw.conversation is not None
    contact = Contact(*raw.contact)
    contact.consent = bool(contact.consent)
    contact.profile, contact.attributes = _json(contact.profile), _json(contact.attributes)
    contact.source = _json(contact.source) or None
    conversation = Conversation(*raw.conversation[1:])
    return Box(
        account,
        contact,
        conversation,
        set(raw.tags),
        [_live(r) for r in raw.runs],
        [EventRow(r[0], r[1], r[2], r[3], _json(r[4]), r[5], r[6]) for r in raw.events],
    )


def _json(text: Any) -> Any:
    if text is None or text == "{}":
        return {}
    return orjson.loads(text)


def _live(row: Values) -> Live:
    _, text, flow_id, version_id, program, trigger_id, started_at, expires_at, seq, pause_reason = row
    body = orjson.loads(text)
    state, extra = RunState.from_json(body), body.get("extra") or {}
    return Live(state, flow_id, version_id, program, trigger_id, started_at, expires_at, seq, pause_reason, extra)


def fires_of(tx: Tx, boxes: Sequence[Box]) -> None:
    """When the candidates' triggers last fired for these contacts, in one statement."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for box in boxes:
        for row in box.events:
            for trigger in row.candidates or ():
                wanted[box.contact.id].add(trigger.id)
    triggers = sorted({t for ids in wanted.values() for t in ids})
    if not triggers:
        return
    where, params = tx.within("trigger_id", triggers)
    also, more = tx.within("contact_id", sorted(wanted))
    found = {
        (c, t): (at, count)
        for t, c, at, count in tx.all(
            f"SELECT trigger_id, contact_id, fired_at, count FROM trigger_fire WHERE {where} AND {also}",
            [*params, *more],
        )
    }
    for box in boxes:
        for trigger_id in wanted.get(box.contact.id, ()):
            box.fired[trigger_id] = found.get((box.contact.id, trigger_id))


def known_echoes(tx: Tx, boxes: Sequence[Box]) -> None:
    """Marks the echoes whose mid is known already, nearly all of them, in one or two statements an account; only the others
    are then looked at one by one."""
    by_account: dict[str, dict[str, EventRow]] = defaultdict(dict)
    for box in boxes:
        for row in box.events:
            mid = row.payload.get("mid") if row.kind == "echo" else None
            if mid:
                by_account[box.account.id][mid] = row
    for account_id, rows in by_account.items():
        for table, account, column in MIDS:
            unknown = [mid for mid, row in rows.items() if not row.known]
            if unknown:
                where, params = tx.within(column, unknown, "text")
                for (mid,) in tx.all(
                    f"SELECT {column} FROM {table} WHERE {account} = ? AND {where}", [account_id, *params]
                ):
                    rows[mid].known = True


MIDS = (("outbox", "account_id", "provider_id"), ("message_log", "instagram_account_id", "mid"))
"""Where our own message ids stand."""
