"""Timers and results: facts for the run that waits for them; a late one is harmless by its wait number."""

from typing import Any

from core.model.event import Event, ResultArrived, TimerFired
from core.model.run import RunStatus
from core.runtime.box import Box, EventRow, Live
from core.runtime.stepping import take
from core.runtime.work import Work


def timer(work: Work, box: Box, row: EventRow) -> None:
    """The timer of a run's wait is due."""
    _fact(work, box, row)


def result(work: Work, box: Box, row: EventRow) -> None:
    """A call that a run waits for has ended."""
    _fact(work, box, row)


def _fact(work: Work, box: Box, row: EventRow) -> None:
    data: dict[str, Any] = dict(row.payload)
    live = box.run(str(data.get("run")))
    if live is None or live.state.wait != data.get("wait"):
        row.disposition = "stale"
        return
    row.run_id = live.state.id
    if live.state.status == RunStatus.PAUSED:
        live.extra.setdefault("held", []).append([row.kind, data])
        live.dirty = True
        row.disposition = "held"
        return
    row.disposition = take(work, box, row, live, fact_of(row.kind, data))


def fact_of(kind: str, data: dict[str, Any]) -> Event:
    """The engine's event of an internal one."""
    if kind == "timer":
        return TimerFired(data["wait"])
    return ResultArrived(data["wait"], data.get("outcome", "failure"), data.get("data"), data.get("error") or "")


def release(work: Work, box: Box, row: EventRow, live: Live) -> None:
    """What came while the run was paused, in the order in which it came (decision 18)."""
    for kind, data in live.extra.pop("held", []):
        if live.live and live.state.wait == data["wait"]:
            take(work, box, row, live, fact_of(kind, data))
