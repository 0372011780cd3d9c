"""The effects of a step: changes applied to the contact in hand, calls turned into outbox rows (all written at the end)."""

from collections.abc import Callable, Mapping
from typing import Any

from core.engine import Result
from core.engine.localtime import due
from core.model.effect import Effect
from core.model.limits import ATTRIBUTE_CHARS, PRIVATE_REPLY_MS
from core.model.run import RunStatus
from core.runtime import lines, ownership
from core.runtime.box import Box, EventRow, Live
from core.runtime.notices import notice
from core.runtime.outbox import OutboxRow
from core.runtime.post import encode
from core.runtime.sends import prio_of, send
from core.runtime.work import Work
from core.store.ids import same_id

COLUMNS_OF_PROFILE = {"firstName": "first_name", "lastName": "last_name"}
"""Attributes that are columns of the contact."""


def apply(work: Work, box: Box, row: EventRow, live: Live, result: Result, came: dict[str, Any]) -> None:
    """Takes the new state of the run and every effect in order. ``came`` = the event as it is recorded."""
    live.state, live.dirty = result.run, True
    for n, effect in enumerate(result.effects):
        change = CHANGES.get(effect.kind)
        if change is not None:
            change(work, box, live, effect.data, effect.node)
        elif effect.kind == "send":
            send(work, box, row, live, n, effect.data["message"], effect.node)
        else:
            _call(work, box, row, live, n, effect)
    trace = [[state, edge] for state, edge in result.path]
    box.traces.append(
        (
            *(box.account.user_id, box.account.id, box.contact.id, live.state.id, live.flow_id, row.id),
            *(live.state.seq, result.disposition, encode(trace), encode(came), work.now),
        )
    )


def _tag(work: Work, box: Box, live: Live, data: Mapping[str, Any], node: str) -> None:
    name = str(data["name"]).strip()[:100]
    if name and name not in box.tags:
        box.tags.add(name)
        box.tags_off.discard(name)
        box.tags_on.add(name)


def _untag(work: Work, box: Box, live: Live, data: Mapping[str, Any], node: str) -> None:
    name = str(data["name"]).strip()[:100]
    if name in box.tags:
        box.tags.discard(name)
        box.tags_on.discard(name)
        box.tags_off.add(name)


def _set(work: Work, box: Box, live: Live, data: Mapping[str, Any], node: str) -> None:
    name, value = str(data["name"]), data.get("value")
    if isinstance(value, str):
        value = value[:ATTRIBUTE_CHARS]
    column = COLUMNS_OF_PROFILE.get(name)
    if column is not None:
        setattr(box.contact, column, None if value is None else str(value)[:200])
    else:
        box.contact.attributes[name] = value
    box.contact.dirty, box.view = True, None


def _unset(work: Work, box: Box, live: Live, data: Mapping[str, Any], node: str) -> None:
    name = str(data["name"])
    column = COLUMNS_OF_PROFILE.get(name)
    if column is not None:
        setattr(box.contact, column, None)
    else:
        box.contact.attributes.pop(name, None)
    box.contact.dirty, box.view = True, None


def _handover(work: Work, box: Box, live: Live, data: Mapping[str, Any], node: str) -> None:
    ownership.hand_over(work, box, live, data)


def _timer(work: Work, box: Box, live: Live, data: Mapping[str, Any], node: str) -> None:
    at = due(data, work.now, box.contact.attributes, box.account.view)
    box.timers[live.state.id, data["wait"]] = at


def _no_timer(work: Work, box: Box, live: Live, data: Mapping[str, Any], node: str) -> None:
    box.timers[live.state.id, data["wait"]] = None


def _ended(work: Work, box: Box, live: Live, data: Mapping[str, Any], node: str) -> None:
    """The run's own state says it."""


def _failed(work: Work, box: Box, live: Live, data: Mapping[str, Any], node: str) -> None:
    live.pause_reason = "error" if live.state.status is RunStatus.PAUSED else None
    cause = f"{live.flow_id}:{data.get('code')}:{data.get('state', '')}"
    notice(box, "run_failed", cause, {**data, "flowId": live.flow_id, "runId": live.state.id}, work.now)
    lines.failed(box, live, str(data.get("code")), node)


CHANGES: Mapping[str, Callable[[Work, Box, Live, Mapping[str, Any], str], None]] = {
    "contact.tag": _tag,
    "contact.untag": _untag,
    "contact.set": _set,
    "contact.unset": _unset,
    "conversation.handover": _handover,
    "timer.start": _timer,
    "timer.stop": _no_timer,
    "run.ended": _ended,
    "run.failed": _failed,
}


def _call(work: Work, box: Box, row: EventRow, live: Live, n: int, effect: Effect) -> None:
    """A call that is no message: an integration's action, a public reply to the comment, a plugin's effect."""
    data, trigger = effect.data, live.state.trigger
    kind, body, wait = effect.kind, dict(data), None
    not_after: int | None = None
    if kind == "call":
        kind, wait = data["effect"], data["wait"]
        body = {"args": data.get("args") or {}, "retries": data.get("retries") or 0, "seconds": data.get("seconds")}
    elif kind == "comment_reply":
        if not trigger.get("commentId") or trigger.get("live"):
            return
        body = {"to": {"comment_id": trigger["commentId"]}, **data}
        not_after = work.now + PRIVATE_REPLY_MS
    if "to" not in body and box.contact.external_id:
        body["to"] = {"id": box.contact.external_id}
    box.outbox.append(
        OutboxRow(
            user_id=box.account.user_id,
            account_id=box.account.id,
            contact_id=box.contact.id,
            conversation_id=box.conversation.id,
            run_id=live.state.id,
            flow_id=live.flow_id,
            node_id=effect.node,
            event_id=row.id,
            wait=wait,
            idem=same_id(live.state.id, live.state.seq, n, 0),
            kind=kind,
            epoch=box.conversation.epoch,
            prio=prio_of(row, live),
            not_after=not_after,
            body=body,
            trace_id=row.trace_id,
            created_at=work.now,
        )
    )
