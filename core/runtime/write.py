"""T2 writes: everything that a batch of contacts came to, table by table in bulk, always in the same order."""

from collections.abc import Iterable, Sequence
from typing import Any

from core.model.run import LIVE
from core.runtime import log, notices, outbox
from core.runtime.box import Box, EventRow, Live
from core.runtime.post import LETTER, encode
from core.store.driver import Batch, Pending, Tx, Writes

Values = tuple[Any, ...]


class Fenced(Exception):
    """A run was changed by somebody else meanwhile: the whole batch is undone and read anew."""


def write(tx: Tx, boxes: Sequence[Box], now: int, real: int) -> None:
    """Writes the boxes; mailboxes without pending events disappear. Raises Fenced."""
    with tx.together() as batch:
        _contacts(batch, boxes, now)
        resumed = _runs(batch, boxes, now)
        _timers(batch, boxes)
        batch.insert("message_log", log.COLUMNS, [_log(v) for b in boxes for v in b.logs.values()])
        outbox.enqueue(batch, [row for b in boxes for row in b.outbox])
        batch.insert("step_trace", TRACE, [t for b in boxes for t in b.traces])
        _fires(batch, boxes)
        _told(batch, boxes, now, real)
        events(batch, [row for b in boxes for row in b.done], now)
        mailboxes(batch, boxes)
    if any(touched.rowcount != wanted for touched, wanted in resumed):
        raise Fenced


def _contacts(tx: Writes, boxes: Sequence[Box], now: int) -> None:
    tx.update(
        "contact",
        ("contact_id",),
        CONTACT,
        [
            (
                *(c.username, c.first_name, c.last_name, encode(c.profile), c.consent, c.parked_until),
                *(c.last_interaction_at, c.last_inbound_at, c.opted_out_at, encode(c.attributes)),
                *(encode(c.source) if c.source else None, c.automated_count, c.automated_since, now, c.id),
            )
            for c in (b.contact for b in boxes)
            if c.dirty
        ],
    )
    on = [(b.contact.id, n, b.account.user_id, b.account.id, now) for b in boxes for n in b.tags_on]
    tx.insert("contact_tag", TAG, on, "ON CONFLICT DO NOTHING")
    for box in boxes:
        for name in box.tags_off:
            tx.run("DELETE FROM contact_tag WHERE contact_id = ? AND name = ?", (box.contact.id, name))
    tx.update(
        "conversation",
        ("conversation_id",),
        CONVERSATION,
        [
            (
                *(c.status, c.owner, c.epoch, c.human_at, c.agent_id, c.last_message_id, c.last_message_at),
                *(c.unread, c.closed_at, now, c.id),
            )
            for c in (b.conversation for b in boxes)
            if c.dirty
        ],
    )


def _runs(tx: Batch, boxes: Sequence[Box], now: int) -> list[tuple[Pending, int]]:
    """Runs that leave the foreground first: the index that allows one foreground a contact looks at every statement. Answers
    the updates, each with the number of rows that it must have touched."""
    old = [r for b in boxes for r in b.runs if r.dirty and r.seen is not None]
    resumed = []
    for foreground in (False, True):
        rows = [(*_run(r, now), r.state.id, r.seen) for r in old if _held(r) is foreground]
        resumed.append((tx.update("run", ("run_id", "seq"), RUN, rows), len(rows)))
    tx.insert(
        "run",
        (*RUN, "run_id", "user_id", "account_id", "contact_id", "flow_id", "trigger_id", "started_at", "expires_at"),
        [
            (
                *_run(r, now),
                *(r.state.id, b.account.user_id, b.account.id, b.contact.id),
                *(r.flow_id, r.trigger_id, r.started_at, r.expires_at),
            )
            for b in boxes
            for r in b.runs
            if r.seen is None
        ],
    )
    return resumed


def _held(live: Live) -> bool:
    return live.foreground and live.live


def _run(live: Live, now: int) -> Values:
    state = live.state
    body = state.as_json()
    if live.extra:
        body["extra"] = live.extra
    frame = state.frames[0] if state.frames else None
    error = (state.error or {}).get("code")
    ended = None if state.status in LIVE else now
    return (
        *(live.version_id, live.program, str(state.status), live.pause_reason, _held(live), state.seq, state.wait),
        *(state.wait_kind, frame.state if frame else None, encode(body), error, state.outcome, now, ended),
    )


def _timers(tx: Writes, boxes: Sequence[Box]) -> None:
    off: list[tuple[str, int]] = []
    on: list[Values] = []
    over: list[str] = []
    for box in boxes:
        for (run_id, wait), fire_at in box.timers.items():
            if fire_at is None:
                off.append((run_id, wait))
            else:
                on.append((box.account.user_id, box.account.id, box.contact.id, run_id, wait, fire_at))
        over += [r.state.id for r in box.runs if not r.live and r.seen is not None]
    for run_id, wait in off:
        tx.run("DELETE FROM timer WHERE run_id = ? AND wait = ?", (run_id, wait))
    tx.insert("timer", TIMER, on, "ON CONFLICT (run_id, wait) DO UPDATE SET fire_at = excluded.fire_at")
    if over:
        where, params = tx.within("run_id", over)
        tx.run(f"DELETE FROM timer WHERE {where}", params)


def _fires(tx: Writes, boxes: Sequence[Box]) -> None:
    tx.insert(
        "trigger_fire",
        ("trigger_id", "contact_id", "user_id", "fired_at", "count"),
        [(t, b.contact.id, b.account.user_id, at, n) for b in boxes for t, (at, n) in b.fires.items()],
        "ON CONFLICT (trigger_id, contact_id) DO UPDATE SET fired_at = excluded.fired_at,"
        " count = trigger_fire.count + excluded.count",
    )


def _told(tx: Writes, boxes: Sequence[Box], now: int, real: int) -> None:
    tx.insert("conversation_note", NOTE, [v for b in boxes for v in b.notes])
    for values in (v for b in boxes for v in b.notices):
        tx.insert("notification", notices.COLUMNS, [values], notices.CONFLICT)
    _chores(tx, boxes, real)
    tx.insert("dead_letter", LETTER, [v for b in boxes for v in b.dead])


def _chores(tx: Writes, boxes: Sequence[Box], real: int) -> None:
    """One row of a kind and key; who wants it earlier gets it earlier."""
    wanted: dict[tuple[str, str], Values] = {}
    for box in boxes:
        for kind, key, due, args in box.chores:
            known = wanted.get((kind, key))
            if known is None or due < known[5]:
                wanted[kind, key] = (box.account.user_id, box.account.id, kind, key, args, due, real)
    tx.insert("chore", CHORE, [wanted[name] for name in sorted(wanted)], EARLIER)


def events(tx: Writes, rows: Iterable[EventRow], now: int) -> None:
    """What became of the inbox rows."""
    tx.update(
        "inbound_event",
        ("id",),
        ("state", "disposition", "trigger_id", "run_id", "error", "done_at"),
        [(r.state, r.disposition[:30], r.trigger_id, r.run_id, r.error, now, r.id) for r in rows],
    )


def mailboxes(tx: Writes, boxes: Sequence[Box]) -> None:
    """Gone where nothing is pending; a parked contact's is ready later."""
    parked = [b for b in boxes if b.parked_until]
    for box in parked:
        tx.run("UPDATE mailbox SET ready_at = ? WHERE contact_id = ?", (box.parked_until, box.contact.id))
    empty(tx, [b.contact.id for b in boxes if not b.parked_until])


def empty(tx: Writes, contact_ids: Sequence[str]) -> None:
    """Removes the mailboxes in which nothing is pending."""
    where, params = tx.within("contact_id", contact_ids)
    tx.run(
        f"DELETE FROM mailbox WHERE {where} AND NOT EXISTS"
        " (SELECT 1 FROM inbound_event e WHERE e.contact_id = mailbox.contact_id AND e.state = 0)",
        params,
    )


def _log(values: list[Any]) -> Values:
    return (*values[:7], encode(values[log.CONTENT]), *values[8:])


CONTACT = (
    *("instagram_username", "first_name", "last_name", "profile", "consent", "parked_until"),
    *("last_interaction_at", "last_inbound_at", "opted_out_at", "custom_attributes"),
    *("source", "automated_count", "automated_since", "updated_at"),
)
CONVERSATION = (
    *("status", "owner", "epoch", "human_at", "assigned_agent_id", "last_message_id", "last_message_at"),
    *("unread", "closed_at", "updated_at"),
)
RUN = (
    *("flow_version_id", "program_hash", "status", "pause_reason", "foreground", "seq", "wait"),
    *("wait_kind", "node_id", "body", "error_code", "outcome", "updated_at", "ended_at"),
)
CHORE = ("user_id", "account_id", "kind", "key", "args", "due_at", "created_at")
EARLIER = (
    "ON CONFLICT (kind, key) DO UPDATE SET due_at ="
    " CASE WHEN excluded.due_at < chore.due_at THEN excluded.due_at ELSE chore.due_at END"
)
TAG = ("contact_id", "name", "user_id", "instagram_account_id", "created_at")
TIMER = ("user_id", "account_id", "contact_id", "run_id", "wait", "fire_at")
TRACE = (
    *("user_id", "account_id", "contact_id", "run_id", "flow_id", "event_id", "seq"),
    *("disposition", "path", "event", "at"),
)
NOTE = ("note_id", "user_id", "conversation_id", "author_id", "text", "created_at")
