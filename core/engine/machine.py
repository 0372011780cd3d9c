"""One step under way: the run's parts, copied only when they change, and the effects so far."""

from collections.abc import MutableMapping
from copy import copy
from typing import Any

from core.engine.fault import Fault
from core.engine.linked import Linked, LinkedState
from core.engine.result import Programs
from core.engine.scope import Scope
from core.engine.values import bounded, cut, weight
from core.model.context import Context
from core.model.effect import Effect
from core.model.limits import ATTRIBUTE_CHARS, EXPRESSION_FUEL, MESSAGES_PER_STEP, RUN_VARS_CHARS, TAG_CHARS
from core.model.run import Frame, RunState, RunStatus

HEAVY = 256
"""Values lighter than this are not weighed one by one: their number is bounded by the program."""


class Machine(Scope):
    """The scope of the run's top frame, plus what changes in this step. ``below`` = the frames under the top one."""

    __slots__ = (
        "asked",
        "attempts",
        "below",
        "context",
        "effects",
        "entered",
        "here",
        "node",
        "outcome",
        "own_contact",
        "own_vars",
        "path",
        "program",
        "programs",
        "run",
        "sends",
        "since",
        "status",
        "wait",
        "wait_kind",
    )

    def __init__(self, programs: Programs, run: RunState, context: Context) -> None:
        self.programs, self.run, self.context = programs, run, context
        self.now, self.last_inbound = context.now, context.last_inbound
        self.contact, self.account = context.contact, context.account
        self.tags, self.segments = context.tags, context.segments
        self.trigger, self.last = run.trigger, run.last
        self.contact_id, self.run_id = run.contact, run.id
        self.fuel = EXPRESSION_FUEL
        self.effects: list[Effect] = []
        self.path: list[tuple[str, str]] = []
        self.entered = self.sends = 0
        self.node = self.here = self.program = ""
        self.own_contact = self.own_vars = False
        self.status, self.outcome = run.status, run.outcome
        self.wait, self.wait_kind, self.attempts = run.wait, run.wait_kind, run.attempts
        self.since, self.asked = run.since, run.asked
        self.below: list[Frame] = run.frames[:-1]
        if run.frames:
            self.stand(run.frames[-1])

    def stand(self, frame: Frame) -> None:
        """Makes a frame the top one."""
        self.program, self.here, self.vars = frame.program, frame.state, frame.vars
        self.own_vars = False

    def linked(self, program: str) -> Linked:
        """The program of that hash; IFR03 when it is gone."""
        try:
            return self.programs.linked(program)
        except KeyError:
            raise Fault("IFR03", f"the version {program} of the flow no longer exists") from None

    def state(self) -> LinkedState:
        """The state that the top frame rests in."""
        found = self.linked(self.program).states.get(self.here)
        if found is None:
            raise Fault("IFR03", f"the step '{self.here}' is not in this version of the flow")
        self.node = found.node
        return found.spoken(self)

    def emit(self, kind: str, data: dict[str, Any]) -> None:
        """Wishes something of the world."""
        self.effects.append(Effect(kind, data, self.node))

    def send(self, message: dict[str, Any] | None) -> None:
        """A message to the contact; one in which nothing is left is not sent."""
        if not message:
            return
        self.sends += 1
        if self.sends > MESSAGES_PER_STEP:
            raise Fault("IFR02", f"more than {MESSAGES_PER_STEP} messages in one step, without waiting for the contact")
        self.effects.append(Effect("send", {"message": message}, self.node))

    def tag(self, name: str) -> None:
        """Adds a tag that is not there yet."""
        name = name.strip()[:TAG_CHARS]
        if name and name not in self.tags:
            self.tags = self.tags | {name}
            self.emit("contact.tag", {"name": name})

    def untag(self, name: str) -> None:
        """Takes a tag away that is there."""
        name = name.strip()[:TAG_CHARS]
        if name in self.tags:
            self.tags = self.tags - {name}
            self.emit("contact.untag", {"name": name})

    def set_contact(self, name: str, value: Any) -> None:
        """Sets an attribute of the contact, for the world and for the rest of this step."""
        kept = bounded(value)
        if isinstance(kept, str):
            kept = kept[:ATTRIBUTE_CHARS]
        self._contact()[name] = kept
        self.emit("contact.set", {"name": name, "value": kept})

    def unset_contact(self, name: str) -> None:
        """Takes an attribute away."""
        self._contact().pop(name, None)
        self.emit("contact.unset", {"name": name})

    def _contact(self) -> MutableMapping[str, Any]:
        if not self.own_contact:
            self.contact, self.own_contact = copy(self.contact), True
        assert isinstance(self.contact, MutableMapping)
        return self.contact

    def set_variable(self, name: str, value: Any) -> None:
        """Sets a variable of the top frame. IFR10 when the run would hold too much."""
        kept = bounded(value)
        held = self.own()
        held[name] = kept
        if type(kept) in (str, list, dict) and weight(kept) > HEAVY and self._held() > RUN_VARS_CHARS:
            raise Fault("IFR10", f"the variables of this run hold more than {RUN_VARS_CHARS // 1024} KiB")

    def unset_variable(self, name: str) -> None:
        """Takes a variable of the top frame away."""
        self.own().pop(name, None)

    def own(self) -> dict[str, Any]:
        """The top frame's variables, copied before the first change."""
        if not self.own_vars:
            self.vars, self.own_vars = dict(self.vars), True
        assert isinstance(self.vars, dict)
        return self.vars

    def _held(self) -> int:
        return weight(self.vars) + sum(weight(f.vars) for f in self.below)

    def hear(self, text: str, payload: str | None, media: list[dict[str, Any]]) -> None:
        """What the contact said last, as flows read it."""
        self.last = {"text": cut(text), "payload": payload, "media": media}

    def finish(self) -> RunState:
        """The run as the step leaves it."""
        run = self.run
        top = [Frame(self.program, self.here, self.vars)] if self.program else []  # type: ignore[arg-type]
        return RunState(
            run.id,
            run.contact,
            self.status,
            self.below + top,
            self.wait,
            self.wait_kind if self.status is RunStatus.WAITING else "",
            self.attempts,
            run.seq + 1,
            run.events + 1,
            self.trigger,  # type: ignore[arg-type]
            self.last,  # type: ignore[arg-type]
            self.outcome,
            None,
            self.since,
            self.asked,
        )
