"""The operations of a state, linked: each becomes one call of the machine."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from core.engine.evaluate import Closure, closure
from core.engine.linked import Operation
from core.engine.linkwait import arguments
from core.engine.message import message, text
from core.model.program import Json

if TYPE_CHECKING:
    from core.engine.machine import Machine


def operation(op: Json) -> Operation:
    """One operation as a function of the machine. ValueError when there is none of that name."""
    if op[0] not in _LINK:
        raise ValueError(f"the operation {op[0]!r} does not exist")
    return _LINK[op[0]](op)


def _send(op: Json) -> Operation:
    of = message(op[1])
    return lambda machine: machine.send(of(machine))


def _tag(op: Json) -> Operation:
    of = text(op[1])
    return lambda machine: machine.tag(of(machine))


def _untag(op: Json) -> Operation:
    of = text(op[1])
    return lambda machine: machine.untag(of(machine))


def _set(op: Json) -> Operation:
    _, where, name, value = op
    of: Closure = closure(value)
    if where == "contact":
        return lambda machine: machine.set_contact(name, of(machine))
    return lambda machine: machine.set_variable(name, of(machine))


def _unset(op: Json) -> Operation:
    _, where, name = op
    if where == "contact":
        return lambda machine: machine.unset_contact(name)
    return lambda machine: machine.unset_variable(name)


def _call(op: Json) -> Operation:
    kind, of = op[1], arguments(op[2])
    return lambda machine: machine.emit(kind, of(machine))


def _handover(op: Json) -> Operation:
    of = arguments(op[1])

    def run(machine: "Machine") -> None:
        machine.emit("conversation.handover", {k: v for k, v in of(machine).items() if v not in (None, "")})

    return run


_LINK: dict[str, Callable[[Json], Operation]] = {
    "send": _send,
    "tag": _tag,
    "untag": _untag,
    "set": _set,
    "unset": _unset,
    "fx": _call,
    "handover": _handover,
}
