"""What the runtime asks before it offers an event: who wants this reply, and where does a stale button lead."""

from core.engine.fault import Fault
from core.engine.linked import LinkedWait
from core.engine.machine import Machine
from core.engine.match import EXPLICIT, match
from core.engine.result import Programs
from core.model.context import Context
from core.model.event import Replied, Started
from core.model.run import RunState, RunStatus

NOBODY = Context(now=0)


def _waiting(programs: Programs, run: RunState, context: Context) -> tuple[Machine, LinkedWait] | None:
    if run.status is not RunStatus.WAITING or run.wait_kind != "reply":
        return None
    machine = Machine(programs, run, context)
    try:
        wait = machine.state().wait
    except Fault:
        return None
    return None if wait is None or wait.kind != "reply" else (machine, wait)


def reply_interest(programs: Programs, run: RunState, event: Replied, context: Context = NOBODY) -> str:
    """Whether the run's question expects this reply: ``explicit`` (button, typed title, keyword, pattern, media), ``input``
    (a valid answer, or any answer where any is expected) or ``none``.

    ``context`` decides only about answers whose reading depends on it (a phone's country, a day's time zone). What was
    written before the question is of no interest unless it is a tap.
    """
    found = _waiting(programs, run, context)
    if found is None:
        return "none"
    machine, wait = found
    answer = match(wait, event, machine)
    if answer.how != "tap" and event.received is not None and event.received < run.since:
        return "none"
    if answer.how in EXPLICIT:
        return "explicit"
    return "input" if answer.how in ("any", "input") else "none"


def interrupt_mode(programs: Programs, run: RunState) -> str:
    """``never`` (unmatched answers do not go to triggers) · ``keywords`` (the default: triggers are asked about what the
    question does not expect) · ``always`` (triggers are asked first). Of a run that waits for no reply: ``keywords``."""
    found = _waiting(programs, run, NOBODY)
    return found[1].interrupt if found is not None else "keywords"


def stale_mode(programs: Programs, run: RunState) -> str | None:
    """The flow's ``settings.stale`` (repeat, continue, restart, ignore); None = not set: the kind of button decides."""
    try:
        mode = programs.linked(run.frames[0].program).settings.get("stale") if run.frames else None
    except KeyError:
        return None
    return mode if mode in ("repeat", "continue", "restart", "ignore") else None


def revive(programs: Programs, run: RunState, wait: int, payload: str) -> Started | None:
    """How a new run begins behind a button of an earlier question of ``run`` (decision 14, ``continue``): same program, same
    variables, same trigger. None when the question is not known any more or has no such button."""
    place = next((a for a in run.asked if a[0] == wait), None)
    if place is None:
        return None
    _, state_id, program = place
    try:
        state = programs.linked(program).states.get(state_id)
    except KeyError:
        return None
    edge = state.wait.payload.get(payload) if state is not None and state.wait is not None else None
    if edge is None:
        return None
    held = next((f.vars for f in run.frames if f.program == program), {})
    return Started(program, run.trigger, dict(held), (state_id, edge))
