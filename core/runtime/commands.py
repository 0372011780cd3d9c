"""What people and other parts of the house ask of a contact, in mailbox order: start, stop, take over, hand back, retry …"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from core.engine import move
from core.model.event import Retried, Returned
from core.model.run import RunStatus
from core.runtime.box import Box, EventRow, Live
from core.runtime.inside import release
from core.runtime.ownership import give_back, take_over
from core.runtime.stepping import cancel, start, take
from core.runtime.work import Work

Data = Mapping[str, Any]


def command(work: Work, box: Box, row: EventRow) -> None:
    """Carries out ``{"do": …}``; the disposition says what came of it."""
    data: Data = row.payload
    do = COMMANDS.get(str(data.get("do")))
    row.disposition = "unknown_command" if do is None else do(work, box, row, data)


def _start(work: Work, box: Box, row: EventRow, data: Data) -> str:
    flow = box.account.rules.flows.get(str(data.get("flowId")))
    if flow is None:
        return "flow_inactive"
    if box.conversation.owner == "human":
        return "human"
    if box.contact.opted_out_at is not None:
        return "opted_out"
    trigger = {"type": "manual", **(data.get("trigger") or {}), "at": row.at}
    start(work, box, row, flow, trigger, trigger_id=data.get("triggerId"), args=dict(data.get("args") or {}))
    return "started"


def _stop(work: Work, box: Box, row: EventRow, data: Data) -> str:
    for live in [r for r in box.runs if r.live]:
        cancel(work, box, row, live, str(data.get("reason") or "stopped"))
    if data.get("do") == "reset":
        work.tx.run("DELETE FROM trigger_fire WHERE contact_id = ?", (box.contact.id,))
        box.fires.clear()
        box.fired.clear()
    return "stopped"


def _take_over(work: Work, box: Box, row: EventRow, data: Data) -> str:
    take_over(work, box, str(data.get("reason") or "take_over"), by=data.get("by"))
    if data.get("reason") == "message":
        box.conversation.status, box.conversation.closed_at = "open", None
    return "taken_over"


def _hand_back(work: Work, box: Box, row: EventRow, data: Data) -> str:
    """resume: runs go on where they paused; restart: their flows begin anew; stop: they end."""
    if box.conversation.owner != "human":
        return "not_human"
    if "since" in data and box.conversation.human_at != data["since"]:
        return "stale"  # a time-out that was found before the person wrote again
    how = data.get("how") or "resume"
    give_back(box, timeout=bool(data.get("timeout")))
    if data.get("close"):
        box.conversation.status, box.conversation.closed_at = "closed", work.now
    for live in [r for r in box.runs if r.live and _held_by_person(r)]:
        if live.pause_reason == "takeover":
            live.state.status, live.pause_reason, live.dirty = RunStatus.WAITING, None, True
        if how == "resume":
            _resume(work, box, row, live)
        else:
            cancel(work, box, row, live, "handover")
            flow = box.account.rules.flows.get(live.flow_id)
            if how == "restart" and flow is not None:
                start(work, box, row, flow, live.state.trigger, trigger_id=live.trigger_id)
    return "handed_back"


def _held_by_person(live: Live) -> bool:
    return live.pause_reason == "takeover" or live.state.wait_kind == "human"


def _resume(work: Work, box: Box, row: EventRow, live: Live) -> None:
    if live.state.wait_kind == "human":
        take(work, box, row, live, Returned())
    else:
        release(work, box, row, live)


def _retry(work: Work, box: Box, row: EventRow, data: Data) -> str:
    live = box.run(str(data.get("runId")))
    if live is None or live.pause_reason == "takeover":
        return "stale"
    live.pause_reason = None
    return take(work, box, row, live, Retried())


def _cancel(work: Work, box: Box, row: EventRow, data: Data) -> str:
    live = box.run(str(data.get("runId")))
    if live is None:
        return "stale"
    cancel(work, box, row, live, str(data.get("reason") or "stopped"))
    return "cancelled"


def _move(work: Work, box: Box, row: EventRow, data: Data) -> str:
    """The run goes on in another version, when its place there means the same (what the publish report counts)."""
    live = box.run(str(data.get("runId")))
    if live is None or "queued" in live.extra:
        return "stale"
    found = work.tx.one(
        "SELECT v.flow_version_id, v.program_hash FROM flow_version v JOIN flow f ON f.flow_id = v.flow_id"
        " WHERE f.flow_id = ? AND (v.flow_version_id = ? OR v.flow_version_id = f.published_version_id)"
        " ORDER BY CASE WHEN v.flow_version_id = ? THEN 0 ELSE 1 END LIMIT 1",
        (live.flow_id, data.get("version"), data.get("version")),
    )
    if found is None or len(live.state.frames) != 1:
        return "cannot_move"
    moved = move(work.bound(box), live.state, found[1])
    if moved is None:
        return "cannot_move"
    live.state, live.program, live.version_id, live.dirty = moved, found[1], found[0], True
    return "moved"


COMMANDS: Mapping[str, Callable[[Work, Box, EventRow, Data], str]] = MappingProxyType(
    {
        "start": _start,
        "stop": _stop,
        "reset": _stop,
        "take_over": _take_over,
        "hand_back": _hand_back,
        "retry": _retry,
        "cancel": _cancel,
        "move": _move,
    }
)
