"""One step of one run: the context, the engine, and what comes of it; then the runs whose turn it is."""

from typing import Any

from core.engine import step
from core.engine.result import UNCHANGED
from core.model.context import Context
from core.model.event import Cancelled, Event, Started, TurnCame
from core.model.run import RunState, RunStatus
from core.runtime.accounts import Flow
from core.runtime.apply import apply
from core.runtime.box import Box, EventRow, Live
from core.runtime.recorded import came
from core.runtime.work import Parked, Work
from core.store.ids import new_id

PARK_MS = 2000
"""How long an event waits for the contact's profile at most (decision 17)."""
TURNS = 20
"""Runs that may take their turn in one event: more is a loop."""


def view_of(box: Box) -> dict[str, Any]:
    """The contact as flows read it: attributes, over them what only Instagram can tell; a name that was set wins over the
    profile's (first and last name are columns, which the profile call leaves alone once they are set)."""
    if box.view is None:
        c = box.contact
        profile = {
            "id": c.id,
            "username": c.username,
            "firstName": c.first_name,
            "lastName": c.last_name,
            "fullName": c.profile.get("name") or c.first_name,
            "profilePictureUrl": c.profile.get("profilePictureUrl"),
            "isFollower": c.profile.get("isFollower"),
            "followerCount": c.profile.get("followerCount"),
            "isVerified": c.profile.get("isVerified"),
        }
        box.view = {**c.attributes, **{k: v for k, v in profile.items() if v is not None}}
        if box.view.get("name") is None and c.profile.get("name"):
            box.view["name"] = c.profile["name"]
    return box.view


def context_of(work: Work, box: Box, live: Live | None) -> Context:
    """What the step may know; ``foreground_held`` = another run waits for this contact's reply."""
    held = box.foreground
    return Context(
        now=work.now,
        contact=view_of(box),
        tags=frozenset(box.tags),
        account=box.account.view,
        last_inbound=box.contact.last_inbound_at,
        foreground_held=held is not None and held is not live,
        burst_ms=int(box.account.setting("burstSeconds") * 1000),
    )


def take(work: Work, box: Box, row: EventRow, live: Live, event: Event) -> str:
    """Steps the run and keeps what comes of it; answers the disposition. Unmatched, ignored and stale change nothing."""
    context = context_of(work, box, live)
    programs = work.bound(box)
    result = step(programs, live.state, event, context)
    if result.disposition in UNCHANGED:
        return result.disposition
    apply(work, box, row, live, result, came(event, context, programs))
    row.run_id = live.state.id
    return result.disposition


def start(
    work: Work,
    box: Box,
    row: EventRow,
    flow: Flow,
    trigger: dict[str, Any],
    *,
    trigger_id: str | None = None,
    args: dict[str, Any] | None = None,
    parallel: bool = False,
    queued: bool = False,
) -> Live:
    """A new run of the flow's live version. The contact's older live runs of that flow end, unless ``parallel``.

    ``queued`` = it begins when the foreground is free. Raises Parked when the program reads a profile that is not there yet.
    """
    loaded = work.programs.load(work.tx, flow.hash)
    if loaded.profile:
        _park(work, box)
    if not parallel and not queued:
        for older in [r for r in box.runs if r.flow_id == flow.id and r.live]:
            take(work, box, row, older, Cancelled("restarted"))
    live = _open(work, box, row, flow.id, flow.version_id, flow.hash, trigger, trigger_id, loaded.expire_ms)
    if queued:
        live.state.status, live.state.wait_kind = RunStatus.WAITING, "turn"
        live.extra["queued"] = args or {}
    else:
        take(work, box, row, live, Started(flow.hash, trigger, args or {}))
    return live


def begin(work: Work, box: Box, row: EventRow, event: Started, flow_id: str) -> Live:
    """A new run of a program that need not be the live one: behind an old button (decision 14)."""
    loaded = work.programs.load(work.tx, event.program)
    for older in [r for r in box.runs if r.flow_id == flow_id and r.live]:
        take(work, box, row, older, Cancelled("restarted"))
    live = _open(work, box, row, flow_id, None, event.program, event.trigger, None, loaded.expire_ms)
    take(work, box, row, live, event)
    return live


def _open(
    work: Work,
    box: Box,
    row: EventRow,
    flow_id: str,
    version_id: str | None,
    program: str,
    trigger: dict[str, Any],
    trigger_id: str | None,
    expire_ms: int | None,
) -> Live:
    expires = work.now + expire_ms if expire_ms else None
    state = RunState(new_id(), box.contact.id, trigger=trigger)
    live = Live(state, flow_id, version_id, program, trigger_id, work.now, expires, None, dirty=True)
    box.runs.append(live)
    row.run_id, row.trigger_id = live.state.id, trigger_id
    return live


def _park(work: Work, box: Box) -> None:
    contact = box.contact
    if contact.profile_at is None and contact.external_id and contact.consent and not contact.parked_until:
        raise Parked(work.ready + PARK_MS)


def turns(work: Work, box: Box, row: EventRow) -> None:
    """While nobody holds the foreground, the oldest run that waits for its turn goes on (decision 2)."""
    for _ in range(TURNS):
        if box.conversation.owner == "human" or box.foreground is not None:
            return
        live = next((r for r in box.runs if r.state.wait_kind == "turn" and r.state.status == RunStatus.WAITING), None)
        if live is None:
            return
        run_id, trigger_id = row.run_id, row.trigger_id
        if "queued" in live.extra:
            _begin(work, box, row, live)
        else:
            take(work, box, row, live, TurnCame())
        row.run_id, row.trigger_id = run_id, trigger_id


def _begin(work: Work, box: Box, row: EventRow, live: Live) -> None:
    args = live.extra.pop("queued")
    for older in [r for r in box.runs if r.flow_id == live.flow_id and r.live and r is not live]:
        take(work, box, row, older, Cancelled("restarted"))
    live.state = RunState(live.state.id, live.state.contact, trigger=live.state.trigger, seq=live.state.seq)
    take(work, box, row, live, Started(live.program, live.state.trigger, args))


def cancel(work: Work, box: Box, row: EventRow, live: Live, reason: str) -> None:
    """Ends a run; one that has not begun ends without the engine."""
    if "queued" in live.extra:
        live.state.status, live.state.outcome, live.dirty = RunStatus.CANCELLED, reason, True
        return
    take(work, box, row, live, Cancelled(reason))
