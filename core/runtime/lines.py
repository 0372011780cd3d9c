"""What the log says of contacts: ids, codes and times, never what anybody said (decisions 19 and 38).

The lines are gathered in the box and told after the commit (``core.observe.tell``).
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from core.model.run import RunStatus
from core.observe import tell
from core.runtime.box import Box, EventRow, Live

PAUSED, ERRORED = "a run is paused", "a run is errored"


def told(log: logging.Logger, boxes: Sequence[Box]) -> None:
    """Logs what a batch came to."""
    for box in boxes:
        if box.lines:
            tell(log, box.lines)
    if log.isEnabledFor(logging.DEBUG):
        for box in boxes:
            for row in box.done:
                log.debug("event handled", extra=_handled(box, row))


def failed(box: Box, live: Live, code: str, node: str) -> None:
    """A run stopped for an error: what, where, whose (decision 19)."""
    message = PAUSED if live.state.status is RunStatus.PAUSED else ERRORED
    more = {"code": code, "node": node, "run": live.state.id, "flow": live.flow_id}
    box.lines.append((logging.WARNING, message, {**more, **_whose(box)}))


def dead(box: Box, row: EventRow, error: str, live: Live | None) -> None:
    """An event that nobody can handle was put aside; with it, perhaps, a run stopped."""
    found = {"event": row.id, "kind": row.kind, "error": sort_of(error)}
    box.lines.append((logging.WARNING, "an event is a dead letter", {**found, **_whose(box)}))
    if live is not None:
        frame = live.state.frames[0] if live.state.frames else None
        failed(box, live, str((live.state.error or {}).get("code")), frame.state if frame else "")


def sort_of(error: str) -> str:
    """Of an error only its kind: its words may hold somebody's.

    >>> sort_of("KeyError: 'my name is Ana'"), sort_of("the account is gone")
    ('KeyError', 'the account is gone')
    """
    return error.partition(":")[0]


def owner(box: Box, message: str, **more: Any) -> None:
    """A person or automation has the conversation from now on."""
    box.lines.append((logging.INFO, message, {**more, "conversation": box.conversation.id, **_whose(box)}))


def _whose(box: Box) -> Mapping[str, Any]:
    return {"account": box.account.id, "contact": box.contact.id, "trace": box.trace}


def _handled(box: Box, row: EventRow) -> dict[str, Any]:
    found = {"kind": row.kind, "disposition": row.disposition, "event": row.id, "run": row.run_id}
    return {**found, "account": box.account.id, "contact": box.contact.id, "trace": row.trace_id}
