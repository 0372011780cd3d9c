"""Dead letters: events that could not be handled are put aside, the contact's others go on (durability 3.6)."""

import logging
from collections.abc import Mapping
from typing import Any

import orjson

from core.model.run import RunStatus
from core.runtime import lines
from core.runtime.box import Box, EventRow
from core.runtime.notices import notice
from core.runtime.post import DEAD, LETTER, encode
from core.runtime.work import Work
from core.store.driver import Tx

log = logging.getLogger(__name__)

CODE = "IFR00"
"""The error code of a run that an exception of ours stopped."""


def bury(work: Work, box: Box, row: EventRow, error: str) -> None:
    """One event of a contact in hand: dead letter, its run errored, the owner told."""
    row.state, row.disposition, row.error = DEAD, "dead", error[:1000]
    box.dead.append((box.account.user_id, box.account.id, box.contact.id, "inbound", row.id, error[:1000], work.now))
    run_id = str(row.payload.get("run") or row.payload.get("runId") or "")
    live = box.run(run_id) or box.foreground
    if live is not None:
        live.state.status, live.dirty = RunStatus.ERRORED, True
        live.state.error = {"code": CODE, "message": error[:500]}
        row.run_id = live.state.id
    lines.dead(box, row, error, live)
    notice(box, "dead_letter", error[:200], {"eventId": row.id, "kind": row.kind}, work.now)


def bury_all(tx: Tx, contact_id: str, error: str, now: int) -> int:
    """The oldest pending event of a contact that cannot even be taken in hand; answers how many were put aside.

    Only the oldest: the next drain shows whether the others are innocent.
    """
    row = tx.one(
        "SELECT id, user_id, account_id, trace_id FROM inbound_event WHERE contact_id = ? AND state = 0 ORDER BY id LIMIT 1",
        (contact_id,),
    )
    if row is not None:
        tx.run(
            "UPDATE inbound_event SET state = ?, disposition = 'dead', error = ?, done_at = ? WHERE id = ?",
            (DEAD, error[:1000], now, row[0]),
        )
        tx.insert(
            "dead_letter",
            LETTER,
            [(row[1], row[2], contact_id, "inbound", row[0], error[:1000], now)],
        )
        ids = {"account": row[2], "contact": contact_id, "trace": row[3]}
        log.warning("an event is a dead letter", extra={"event": row[0], "error": lines.sort_of(error), **ids})
        _stop_run(tx, contact_id, error, now, ids)
    tx.run("UPDATE mailbox SET crash_count = 0 WHERE contact_id = ?", (contact_id,))
    tx.run(
        "DELETE FROM mailbox WHERE contact_id = ? AND NOT EXISTS"
        " (SELECT 1 FROM inbound_event e WHERE e.contact_id = ? AND e.state = 0)",
        (contact_id, contact_id),
    )
    return 0 if row is None else 1


def _stop_run(tx: Tx, contact_id: str, error: str, now: int, ids: Mapping[str, Any]) -> None:
    for run_id, text, flow, node in tx.all(
        "SELECT run_id, body, flow_id, node_id FROM run WHERE contact_id = ? AND ended_at IS NULL AND foreground",
        (contact_id,),
    ):
        body = orjson.loads(text)
        body["status"], body["error"] = "errored", {"code": CODE, "message": error[:500]}
        tx.run(
            "UPDATE run SET status = 'errored', error_code = ?, foreground = ?, body = ?, updated_at = ? WHERE run_id = ?",
            (CODE, False, encode(body), now, run_id),
        )
        log.warning(lines.ERRORED, extra={"code": CODE, "node": node, "run": run_id, "flow": flow, **ids})
