"""Walking a program: from state to state until the run rests, ends, or one of its limits is reached."""

from core.engine.fault import Fault
from core.engine.linked import LinkedEdge, LinkedState, LinkedWait, Operation
from core.engine.machine import Machine
from core.engine.values import bounded
from core.model.limits import ASKED_KEPT, STATES_PER_STEP, SUBFLOW_DEPTH
from core.model.run import Frame, RunStatus

CALL_SLACK_SECONDS = 60
"""How much longer than all its tries a call may take before it counts as timed out (the queue's share)."""


def take(machine: Machine, edge: LinkedEdge) -> str:
    """Follows an edge and goes on from its target. Answers the disposition, as ``go`` does."""
    machine.path.append(edge.trail)
    if edge.do:
        perform(machine, edge.do)
    return go(machine, edge.goto)


def fall(machine: Machine, trail: tuple[str, str]) -> str:
    """Leaves a state without an edge: the frame ends."""
    machine.path.append(trail)
    return go(machine, None)


def perform(machine: Machine, operations: tuple[Operation, ...]) -> None:
    """Runs operations in order while the fuel lasts."""
    for operation in operations:
        operation(machine)
        if machine.fuel < 0:
            raise Fault("IFR09", "the expressions of this step cost too much: shorter texts and lists are needed")


def go(machine: Machine, state: LinkedState | None) -> str:
    """Runs states until one waits (``handled``), must wait for its turn (``turn``), or the run is over (``handled``)."""
    if state is None:
        state = leave(machine, "end")
    while state is not None:
        state = state.spoken(machine)
        wait = state.wait
        _count(machine, state)
        if wait is not None and wait.kind == "reply" and machine.context.foreground_held:
            return rest_for_turn(machine)
        if state.do:
            perform(machine, state.do)
        if wait is None:
            state = _next(machine, state) if state.outcome is None else _final(machine, state)
        elif wait.kind == "child":
            state = _call(machine, state, wait)
        else:
            return rest(machine, state, wait)
    return "handled"


def _count(machine: Machine, state: LinkedState) -> None:
    machine.entered += 1
    machine.here, machine.node = state.id, state.node
    machine.fuel -= state.cost
    if machine.entered > STATES_PER_STEP:
        raise Fault("IFR01", f"more than {STATES_PER_STEP} steps without waiting: the flow goes round in a circle")
    if machine.fuel < 0:
        raise Fault("IFR09", "the expressions of this step cost too much: shorter texts and lists are needed")


def _next(machine: Machine, state: LinkedState) -> LinkedState | None:
    for edge in state.next:
        if edge.when is None or edge.when(machine):
            machine.path.append(edge.trail)
            if edge.do:
                perform(machine, edge.do)
            return edge.goto if edge.goto is not None else leave(machine, "end")
    machine.path.append(state.exit)
    return leave(machine, "end")


def _final(machine: Machine, state: LinkedState) -> LinkedState | None:
    outcome = state.outcome or "end"
    if outcome.startswith("fault:"):
        raise Fault(outcome[6:], f"the flow is not finished at the step '{state.node}'")
    machine.path.append(state.exit)
    return leave(machine, outcome)


def leave(machine: Machine, outcome: str) -> LinkedState | None:
    """Ends the top frame: the caller's next state, or None when the run is over.

    A person took over inside a subflow: the callers end as well, unless one has an exit for it.
    """
    while machine.below:
        value = machine.vars.get("result")
        machine.stand(machine.below.pop())
        state = machine.state()
        wait = state.wait
        if wait is None or wait.kind != "child":
            raise Fault("IFR03", f"the step '{state.id}' does not call a flow in this version")
        if wait.save is not None:
            machine.set_variable(wait.save, value)
        if outcome == "handover" and outcome not in wait.outcome:
            continue
        index = wait.outcome.get(outcome, wait.outcome.get("*"))
        outcome = "end"
        if index is None:
            machine.path.append(state.exit)
            continue
        edge = wait.edges[index]
        machine.path.append(edge.trail)
        perform(machine, edge.do)
        if edge.goto is not None:
            return edge.goto
    machine.status, machine.outcome = RunStatus.DONE, outcome
    machine.emit("run.ended", {"outcome": outcome})
    return None


def _call(machine: Machine, state: LinkedState, wait: LinkedWait) -> LinkedState:
    if len(machine.below) + 1 >= SUBFLOW_DEPTH:
        raise Fault("IFR04", f"more than {SUBFLOW_DEPTH} flows run inside one another")
    program = machine.programs.active(wait.flow)
    if program is None:
        raise Fault("IFR05", f"the flow '{wait.flow}' is not active")
    child = machine.linked(program)
    entry = child.states.get(child.entry)
    if entry is None:
        raise Fault("IFR03", f"the flow '{wait.flow}' has no start")
    variables = wait.args(machine) if wait.args is not None else {}
    fill(variables, child.params)
    machine.below.append(Frame(machine.program, state.id, machine.vars))  # type: ignore[arg-type]
    machine.program, machine.vars, machine.own_vars = program, variables, True
    return entry


def fill(variables: dict[str, object], params: object) -> None:
    """Defaults for the parameters that were not given."""
    for param in params:  # type: ignore[attr-defined]
        if variables.get(param["name"]) is None and "default" in param:
            variables[param["name"]] = bounded(param["default"])


def rest_for_turn(machine: Machine) -> str:
    """Suspends the run before the operations of a question, until the foreground is free (decision 2)."""
    machine.wait += 1
    machine.attempts, machine.wait_kind, machine.status = 0, "turn", RunStatus.WAITING
    machine.since = machine.now
    return "turn"


def rest(machine: Machine, state: LinkedState, wait: LinkedWait) -> str:
    """Suspends the run in a state, with a new wait number and the timer or call that belongs to it."""
    machine.wait = number = machine.wait + 1
    machine.attempts, machine.wait_kind, machine.status = 0, wait.kind, RunStatus.WAITING
    machine.since = machine.now
    if wait.kind == "reply":
        if wait.payload:
            machine.asked = [*machine.asked[1 - ASKED_KEPT :], [number, state.id, machine.program]]
        if wait.timeout is not None:
            machine.emit("timer.start", {"wait": number, "seconds": wait.timeout[0]})
    elif wait.kind == "timer":
        assert wait.spec is not None
        machine.emit("timer.start", {"wait": number, **wait.spec(machine)})
    elif wait.kind == "result":
        args = wait.args(machine) if wait.args is not None else {}
        call = {"effect": wait.effect, "args": args, "wait": number, "seconds": wait.seconds, "retries": wait.retries}
        machine.emit("call", call)
        longest = wait.seconds * (wait.retries + 1) + CALL_SLACK_SECONDS
        machine.emit("timer.start", {"wait": number, "seconds": longest})
    return "handled"
