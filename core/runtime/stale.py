"""A tap on a button that is no longer the current question's (decision 14)."""

import re

import orjson

from core.engine.ask import revive, stale_mode
from core.model.event import Repeated
from core.model.run import RunState
from core.runtime.box import Box, EventRow
from core.runtime.sends import say
from core.runtime.stepping import begin, start, take
from core.runtime.taps import Tap
from core.runtime.work import Work

_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII).fullmatch
DEFAULTS = {"quick_reply": "repeat", "postback": "continue"}
"""What an old button does when its flow says nothing: chips vanish, buttons of templates stay visible for ever."""


def stale(work: Work, box: Box, row: EventRow, tap: Tap) -> str | None:
    """Carries out the flow's ``settings.stale``. None when the button names a run of somebody else: a raw payload."""
    found = _run(work, box, tap)
    if found is None:
        return None
    run, flow_id = found
    bound = work.bound(box)
    mode = stale_mode(bound, run) or DEFAULTS.get(row.payload.get("tap", ""), "repeat")
    flow = box.account.rules.flows.get(flow_id)
    if mode == "continue":
        event = revive(bound, run, tap.wait, tap.payload)
        if event is not None:
            begin(work, box, row, event, flow_id)
            return "stale_continue"
    elif mode == "restart" and flow is not None:
        start(work, box, row, flow, {"type": "stale", "payload": tap.payload, "at": row.at})
        return "stale_restart"
    elif mode == "ignore":
        return "stale_ignore"
    return _repeat(work, box, row)


def _run(work: Work, box: Box, tap: Tap) -> tuple[RunState, str] | None:
    """The contact's run that the button names, and its flow; also one that began in this very transaction."""
    here = next((r for r in box.runs if r.state.id == tap.run), None)
    if here is not None:
        return here.state, here.flow_id
    if not _ID(tap.run):
        return None  # PostgreSQL takes nothing else for an id
    found = work.tx.one("SELECT contact_id, flow_id, body FROM run WHERE run_id = ?", (tap.run,))
    if found is None or found[0] != box.contact.id:
        return None
    return RunState.from_json(orjson.loads(found[2])), found[1]


def _repeat(work: Work, box: Box, row: EventRow) -> str:
    """The current question again, else the account's sentence."""
    live = box.foreground
    if live is not None and take(work, box, row, live, Repeated()) == "reprompted":
        return "stale_repeat"
    sentence = box.account.setting("staleText")
    if sentence and live is None:
        say(work, box, row, sentence)
    return "stale"
