"""The fixed point: values are carried along the exits of a program until nothing changes."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from core.lang.analysis.exits import exits
from core.lang.analysis.value import INF, Phase, Value
from core.model.limits import SUBFLOW_DEPTH
from core.model.program import Edge, Json, Program, State

ROUNDS = 9
"""A state whose time grew so often is in a loop without an answer: from then on it may be any."""
DONE = "end"

Key = tuple[str, Phase]
"""A state in a phase."""
Step = tuple[str, str]
"""(state, exit)."""


class Trail(NamedTuple):
    """How a run came somewhere: the last step, and the trail before it."""

    step: Step
    before: "Trail | None"


@dataclass(slots=True, eq=False)
class Walk:
    """One program from one beginning. ``values`` = by state and phase, before the state's messages; ``outcomes`` = how it can end,
    with the value then; ``children`` = the walks of the subflows that a state runs."""

    program: Program
    others: Mapping[str, Program]
    depth: int = 0
    values: dict[Key, Value] = field(default_factory=dict)
    outcomes: dict[tuple[str, Phase], Value] = field(default_factory=dict)
    children: dict[str, list["Walk"]] = field(default_factory=dict)
    _trails: dict[Key, Trail | None] = field(default_factory=dict)
    _grown: dict[Key, int] = field(default_factory=dict)
    _known: dict[tuple[str, Value], "Walk"] = field(default_factory=dict)

    def run(self, start: Value) -> "Walk":
        """Fills the values."""
        entry = self.program.entry, start.phase
        self.values[entry], self._trails[entry] = start, None
        queue = deque([entry])
        while queue:
            key = queue.popleft()
            state = self.program.states.get(key[0])
            if state is None:
                continue
            for edge, after in self._after(state, key):
                if edge.to is None:
                    self._end(state.outcome or DONE, after)
                elif self._grow(key, edge, after):
                    queue.append((edge.to, after.phase))
        return self

    def _after(self, state: State, key: Key) -> list[tuple[Edge, Value]]:
        value = self.values[key]
        if any(op[0] == "send" for op in state.do):
            value = value.sent()
        found = list(exits(state, value, partial(self._child, state)))
        if state.outcome is not None or not found:
            self._end(state.outcome or DONE, value)
        return found

    def _grow(self, source: Key, edge: Edge, after: Value) -> bool:
        assert edge.to is not None
        target = edge.to, after.phase
        known = self.values.get(target)
        joined = after if known is None else known.join(after)
        if joined == known:
            return False
        if known is None or joined.high > known.high or joined.old > known.old:
            self._grown[target] = self._grown.get(target, 0) + 1
            self._trails[target] = Trail((source[0], edge.id), self._trails[source])
            if self._grown[target] > ROUNDS:
                joined = joined.wide
        self.values[target] = joined
        return True

    def _end(self, outcome: str, value: Value) -> None:
        known = self.outcomes.get((outcome, value.phase))
        self.outcomes[outcome, value.phase] = value if known is None else known.join(value)

    def _child(self, state: State, wait: Mapping[str, Json], value: Value) -> list[tuple[str, Value]]:
        """A subflow is walked with the value that it begins with: its summary is exact, not a blanket doubt."""
        name = wait.get("flow")
        program = self.others.get(name) if isinstance(name, str) else None
        if program is None or self.depth >= SUBFLOW_DEPTH:
            return [("*", Value(0, INF, value.young, INF, value.phase, True)), ("*", Value(0, INF, doubt=True))]
        walk = self._known.get((program.hash, value))
        if walk is None:
            walk = Walk(program, self.others, self.depth + 1).run(value)
            self._known[program.hash, value] = walk
            self.children.setdefault(state.id, []).append(walk)
        return [(outcome, after) for (outcome, _), after in walk.outcomes.items()]

    def path(self, key: Key) -> tuple[Step, ...]:
        """How the longest time comes to a state: (state, exit) from the entry on."""
        steps: list[Step] = []
        trail = self._trails.get(key)
        while trail is not None:
            steps.append(trail.step)
            trail = trail.before
        return tuple(reversed(steps))
