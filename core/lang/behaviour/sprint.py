"""From one rest to the next: what a program does at once, under assumptions about its conditions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.lang.behaviour.truth import Assumed, holds
from core.model.codec import canonical
from core.model.limits import STATES_PER_STEP
from core.model.program import Json, Program, State

CHANGES = frozenset({"tag", "untag", "set", "unset", "fx"})
"""Operations behind which a condition may be another one than before."""


@dataclass(frozen=True, slots=True)
class Rest:
    """``does`` = the operations in order; then the program rests in ``state``, or is over with ``outcome``."""

    does: tuple[Json, ...]
    state: State | None = None
    outcome: str = ""

    @property
    def wait(self) -> Mapping[str, Any] | None:
        """What it waits for."""
        return self.state.wait if self.state is not None else None


def sprint(program: Program, state_id: str | None, assumed: Assumed, before: tuple[Json, ...] = ()) -> Rest:
    """Runs from a state (None = the end). ``before`` = operations of the exit that led there. Raises truth.Open."""
    does = list(before)
    for _ in range(STATES_PER_STEP):
        if state_id is None:
            return Rest(tuple(does), outcome="end")
        state = program.states.get(state_id)
        if state is None:
            return Rest(tuple(does), outcome="fault")
        does += state.do
        if state.wait is not None:
            return Rest(tuple(does), state)
        if state.outcome is not None:
            return Rest(tuple(does), outcome=state.outcome)
        changed = canonical([op for op in does if op[0] in CHANGES]).decode()
        edge = next((e for e in state.next if holds(e.when, assumed, changed)), None)
        if edge is None:
            return Rest(tuple(does), outcome="end")
        does += edge.do
        state_id = edge.to
    return Rest(tuple(does), outcome="loop")
