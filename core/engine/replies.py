"""A reply to a run that waits for one: matched, offered to triggers first, asked again, or let go by the default exit."""

from core.engine.linked import LinkedState, LinkedWait
from core.engine.machine import Machine
from core.engine.match import EXPECTED, EXPLICIT, Match, match
from core.engine.walk import fall, perform, take
from core.model.event import Replied


def replied(machine: Machine, event: Replied) -> str:
    """The disposition; see the package's documentation for the order and for bursts."""
    if machine.wait_kind != "reply":
        return "ignored" if event.final else "unmatched"
    state = machine.state()
    wait = state.wait
    if wait is None or wait.kind != "reply":
        return "ignored" if event.final else "unmatched"
    machine.last_inbound = machine.now
    machine.hear(event.text, event.payload, list(event.media))
    found = match(wait, event, machine)
    early = _before(machine, event) and found.how != "tap"
    if found.how in EXPECTED and not early:
        return _accept(machine, state, wait, found)
    if not event.final and wait.interrupt != "never":
        return "unmatched"
    if early or _rest_of_burst(machine, event):
        return "early"
    return _unmatched(machine, state, wait, found)


def _before(machine: Machine, event: Replied) -> bool:
    """Written before the question was put: no answer to it."""
    return event.received is not None and event.received < machine.since


def _rest_of_burst(machine: Machine, event: Replied) -> bool:
    return event.received is not None and event.received < machine.since + machine.context.burst_ms


def _accept(machine: Machine, state: LinkedState, wait: LinkedWait, found: Match) -> str:
    edge = found.edge
    if found.how == "input" and wait.input is not None:
        where, name = wait.input.spec["save"]
        if where == "contact":
            machine.set_contact(name, found.value)
        else:
            machine.set_variable(name, found.value)
        edge = wait.default if edge is None else edge
    if edge is None:
        return _go_on(machine, state, wait, None)
    return _go_on(machine, state, wait, edge)


def _go_on(machine: Machine, state: LinkedState, wait: LinkedWait, edge: int | None) -> str:
    if wait.timed:
        machine.emit("timer.stop", {"wait": machine.wait})
    if edge is None:
        return fall(machine, (state.id, f"{state.node}#valid"))
    return take(machine, wait.edges[edge])


def _unmatched(machine: Machine, state: LinkedState, wait: LinkedWait, found: Match) -> str:
    edge = wait.default
    if wait.input is not None and found.how not in EXPLICIT:
        if machine.attempts < int(wait.input.spec.get("retries") or 0):
            return ask_again(machine, state, "retry")
        invalid = wait.input.spec.get("invalid")
        edge = edge if invalid is None else invalid
    elif machine.attempts < wait.reprompt_times:
        return ask_again(machine, state, "reprompt")
    return "ignored" if edge is None else _go_on(machine, state, wait, edge)


def ask_again(machine: Machine, state: LinkedState, why: str) -> str:
    """The retry text with the question's quick replies, or the question itself. The wait and its timers stay."""
    wait = state.wait
    said = None
    if wait is not None and why != "repeat":
        said = wait.input.message if wait.input is not None else wait.reprompt
        machine.attempts += 1
    machine.path.append((state.id, f"{state.node}#{why}"))
    if said is None:
        perform(machine, state.asks)
    else:
        message = {"text": said(machine)}
        shown = state.quick(machine) if state.quick is not None else None
        machine.send({**message, "buttons": shown} if shown else message)
    machine.since = machine.now
    return "reprompted"
