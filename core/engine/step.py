"""``step``: a run and an event to the run's next state and what it wants from the world. Pure and total."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from core.engine.fault import Fault
from core.engine.linked import LinkedWait
from core.engine.machine import Machine
from core.engine.replies import ask_again, replied
from core.engine.result import UNCHANGED, Programs, Result
from core.engine.values import bounded
from core.engine.walk import fall, fill, go, rest_for_turn, take
from core.model.context import Context
from core.model.effect import Effect
from core.model.event import (
    Cancelled,
    Event,
    Repeated,
    Replied,
    ResultArrived,
    Retried,
    Returned,
    Started,
    TimerFired,
    TurnCame,
    event_from_json,
    event_json,
)
from core.model.limits import EVENTS_PER_RUN
from core.model.run import Frame, RunState, RunStatus

FAILED = (RunStatus.PAUSED, RunStatus.ERRORED)
WHOLE_STATE = -1
OVER = (RunStatus.DONE, RunStatus.CANCELLED)


def step(programs: Programs, run: RunState, event: Event, context: Context) -> Result:
    """The run after the event. ``run`` is never changed; mistakes of authors, contacts and the world never raise: they are
    dispositions, or the run's status with the effect ``run.failed``. What ``programs`` raises (other than KeyError) goes through.
    """
    machine = Machine(programs, run, context)
    try:
        disposition = _HANDLERS[type(event)](machine, event)
    except Fault as fault:
        return _failed(machine, run, event, fault)
    if disposition in UNCHANGED:
        return Result(run, [], [], disposition)
    return Result(machine.finish(), machine.effects, machine.path, disposition)


def _failed(machine: Machine, run: RunState, event: Event, fault: Fault) -> Result:
    """The last good state with a status: paused when a retry can help, errored when something must be changed first."""
    error: dict[str, Any] = {"code": fault.code, "message": fault.message, "state": machine.here}
    again = event if not isinstance(event, Retried) else _failed_event(run)
    if again is not None and fault.code != "IFR07":
        error["event"] = bounded(event_json(again))
    frames = run.frames
    if not frames and isinstance(event, Started):
        frames = [Frame(event.program, machine.here, {})]
    failed = replace(
        run,
        status=RunStatus.PAUSED if fault.retry else RunStatus.ERRORED,
        frames=frames,
        seq=run.seq + 1,
        events=run.events + 1,
        error=error,
    )
    told = {k: error[k] for k in ("code", "message", "state")}
    return Result(failed, [Effect("run.failed", told, machine.node)], machine.path, "handled")


def _failed_event(run: RunState) -> Event | None:
    data = (run.error or {}).get("event")
    return event_from_json(data) if data else None


def _started(machine: Machine, event: Started) -> str:
    run = machine.run
    if run.status is not RunStatus.RUNNING or run.frames:
        return "stale"
    machine.program = event.program
    machine.trigger = event.trigger or run.trigger
    machine.last = {k: event.trigger[k] for k in ("text", "payload", "media") if event.trigger.get(k)} or run.last
    linked = machine.linked(event.program)
    variables = {str(k): bounded(v) for k, v in event.args.items()}
    fill(variables, linked.params)
    machine.vars, machine.own_vars, machine.here = variables, True, linked.entry
    if event.entry is not None:
        return _behind(machine, *event.entry)
    return go(machine, machine.state())


def _behind(machine: Machine, state_id: str, index: int) -> str:
    machine.here = state_id
    state = machine.state()
    if index == WHOLE_STATE:
        return go(machine, state)
    wait = state.wait
    if wait is None or not 0 <= index < len(wait.edges):
        raise Fault("IFR03", f"the step '{state_id}' has no such exit in this version of the flow")
    return take(machine, wait.edges[index])


def _replied(machine: Machine, event: Replied) -> str:
    if machine.run.status is not RunStatus.WAITING:
        return _not_waiting(machine)
    _spend(machine)
    return replied(machine, event)


def _not_waiting(machine: Machine) -> str:
    return "ignored" if machine.run.status in FAILED else "stale"


def _spend(machine: Machine) -> None:
    if machine.run.events >= EVENTS_PER_RUN:
        raise Fault("IFR06", f"more than {EVENTS_PER_RUN} events in one run")


def _of_this_wait(machine: Machine, wait: int) -> str | None:
    """The disposition when the event is not for the wait that the run is in."""
    if wait != machine.run.wait or machine.run.status in OVER:
        return "stale"
    if machine.run.status is not RunStatus.WAITING:
        return _not_waiting(machine)
    _spend(machine)
    return None


def _timer(machine: Machine, event: TimerFired) -> str:
    if (refused := _of_this_wait(machine, event.wait)) is not None:
        return refused
    if machine.wait_kind == "turn":
        return "stale"
    state = machine.state()
    wait = state.wait
    if wait is None:
        return "stale"
    if wait.kind == "timer":
        return take(machine, wait.edges[0]) if wait.edges else fall(machine, state.exit)
    if wait.kind == "reply" and wait.timeout is not None:
        return take(machine, wait.edges[wait.timeout[1]])
    if wait.kind == "result":
        return _came(machine, wait, state.exit, ResultArrived(event.wait, "timeout", error="no answer in time"))
    return "stale"


def _result(machine: Machine, event: ResultArrived) -> str:
    if (refused := _of_this_wait(machine, event.wait)) is not None:
        return refused
    if machine.wait_kind != "result":
        return "stale"
    state = machine.state()
    if state.wait is None or state.wait.kind != "result":
        return "stale"
    machine.emit("timer.stop", {"wait": machine.wait})
    return _came(machine, state.wait, state.exit, event)


def _came(machine: Machine, wait: LinkedWait, exit: tuple[str, str], event: ResultArrived) -> str:
    """Takes a call's exit: its own word, for a time-out also failure, else any; a failure without an exit pauses the run."""
    table = wait.outcome
    index = table.get(event.outcome)
    if index is None and event.outcome == "timeout":
        index = table.get("failure")
    if index is None:
        index = table.get("*")
    if index is None and event.outcome != "success":
        why = event.error or event.outcome
        raise Fault("IFR07", f"{wait.effect or 'the call'} failed and has no exit for it: {why[:300]}", retry=True)
    if wait.save is not None:
        machine.set_variable(wait.save, event.data)
    return fall(machine, exit) if index is None else take(machine, wait.edges[index])


def _returned(machine: Machine, event: Returned) -> str:
    if machine.run.status is not RunStatus.WAITING or machine.wait_kind != "human":
        return "stale"
    _spend(machine)
    state = machine.state()
    if state.wait is None:
        return "stale"
    index = state.wait.outcome.get("return", state.wait.outcome.get("*"))
    return fall(machine, state.exit) if index is None else take(machine, state.wait.edges[index])


def _turn(machine: Machine, event: TurnCame) -> str:
    if machine.run.status is not RunStatus.WAITING or machine.wait_kind != "turn":
        return "stale"
    if machine.context.foreground_held:
        return "ignored"
    _spend(machine)
    return go(machine, machine.state())


def _repeated(machine: Machine, event: Repeated) -> str:
    if machine.run.status is not RunStatus.WAITING or machine.wait_kind != "reply":
        return "ignored"
    _spend(machine)
    return ask_again(machine, machine.state(), "repeat")


def _retried(machine: Machine, event: Retried) -> str:
    run = machine.run
    if run.status not in FAILED:
        return "stale"
    machine.outcome = None
    again = _failed_event(run)
    if again is not None:
        return _again(machine, again)
    state = machine.state()
    if state.wait is not None and state.wait.timed:
        machine.emit("timer.stop", {"wait": machine.wait})
    return go(machine, state)


def _again(machine: Machine, event: Event) -> str:
    """The event that failed, on the last good state; one that leads nowhere now leaves the run waiting there.

    A question can only be answered in the foreground: while another run holds it, the question waits for its turn instead.
    """
    started = isinstance(event, Started)
    machine.run = replace(
        machine.run,
        status=RunStatus.RUNNING if started else RunStatus.WAITING,
        frames=[] if started else machine.run.frames,
        error=None,
        events=min(machine.run.events, EVENTS_PER_RUN - 1),
    )
    machine.status = machine.run.status
    if machine.wait_kind == "reply" and machine.context.foreground_held and not started:
        return rest_for_turn(machine)
    if isinstance(event, Replied):
        event = replace(event, final=True, received=None)
    disposition = _HANDLERS[type(event)](machine, event)
    return "handled" if disposition in UNCHANGED else disposition


def _cancelled(machine: Machine, event: Cancelled) -> str:
    run = machine.run
    if run.status in OVER:
        return "stale"
    if run.wait_kind in ("reply", "timer", "result"):
        machine.emit("timer.stop", {"wait": machine.wait})
    machine.status, machine.outcome = RunStatus.CANCELLED, event.reason
    machine.emit("run.ended", {"outcome": event.reason})
    return "handled"


_HANDLERS: dict[type, Callable[[Machine, Any], str]] = {
    Started: _started,
    Replied: _replied,
    TimerFired: _timer,
    ResultArrived: _result,
    Returned: _returned,
    TurnCame: _turn,
    Repeated: _repeated,
    Retried: _retried,
    Cancelled: _cancelled,
}
