"""The fixed point: values are carried along the exits of a program until nothing changes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from heapq import heappop, heappush
from typing import NamedTuple

from core.lang.analysis.exits import Ends, Exit, exits
from core.lang.analysis.shared import Shared
from core.lang.analysis.value import INF, Phase, Value
from core.model.limits import SUBFLOW_DEPTH
from core.model.program import Edge, Json, Program, State

ROUNDS = 9
"""A loop whose time grew so often has no end of its own: from then on it grows in leaps."""

Key = tuple[str, Phase]
"""A state in a phase."""


class Step(NamedTuple):
    """``exit`` of a state of ``program`` was taken; "" = the frame ended there."""

    program: Program
    state: str
    exit: str


class Trail(NamedTuple):
    """How a run came somewhere: the last step, the trail before it, and how the subflow went that this step ran."""

    step: Step
    before: "Trail | None"
    inside: "Trail | None" = None


@dataclass(slots=True, eq=False)
class Walk:
    """One program from one beginning. ``values`` = by state and phase, before the state's messages; ``behind`` = by state, phase
    and exit, before the messages of the exit itself; ``ends`` = how it can end, with the value then; ``children`` = the walk of
    the subflow that a state runs."""

    program: Program
    shared: Shared
    depth: int = 0
    values: dict[Key, Value] = field(default_factory=dict)
    behind: dict[tuple[Key, str], Value] = field(default_factory=dict)
    ends: dict[tuple[str, Phase], tuple[Value, Trail | None]] = field(default_factory=dict)
    children: dict[Key, "Walk"] = field(default_factory=dict)
    _trails: dict[Key, Trail | None] = field(default_factory=dict)
    _grown: dict[Key, int] = field(default_factory=dict)

    def run(self, start: Value) -> "Walk":
        """Fills the values; in an order in which most states are visited once."""
        ranks = self.shared.ranks(self.program)
        entry = self.program.entry, start.phase
        self.values[entry], self._trails[entry] = start, None
        waiting, queue = {entry}, [(0, start.phase, entry[0])]
        while queue:
            rank, phase, name = heappop(queue)
            waiting.discard((name, phase))
            state = self.program.states.get(name)
            if state is None:
                continue
            for exit_ in self._ways(state, (name, phase)):
                target = self._arrive(state, (name, phase), exit_, rank, ranks)
                if target is not None and target not in waiting:
                    waiting.add(target)
                    heappush(queue, (ranks[target[0]], target[1], target[0]))
        return self

    def _ways(self, state: State, key: Key) -> Iterator[Exit]:
        value = self.values[key]
        if self.depth:
            self.shared.left -= 1
        if says(state.do):
            value = value.sent()
        return exits(state, value, partial(self._child, key))

    def _arrive(self, state: State, key: Key, exit_: Exit, rank: int, ranks: Mapping[str, int]) -> Key | None:
        """Takes an exit; the target when it has to be looked at again."""
        edge, value = exit_.edge, exit_.value
        trail = Trail(Step(self.program, state.id, edge.id if edge else ""), self._trails[key], exit_.inside)
        if edge is not None and says(edge.do):
            self.behind[key, edge.id] = value
            value = value.sent()
        if edge is None or edge.to is None:
            self._end(exit_.outcome, value, trail)
        elif edge.to in ranks and self._grow((edge.to, value.phase), value, trail, ranks[edge.to] <= rank):
            return edge.to, value.phase
        return None

    def _grow(self, target: Key, value: Value, trail: Trail, back: bool) -> bool:
        known = self.values.get(target)
        joined = value if known is None else known.join(value)
        if joined == known:
            return False
        if known is None or joined.high > known.high or joined.old > known.old:
            self._trails[target] = trail
            self._grown[target] = self._grown.get(target, 0) + back
            if self._grown[target] > ROUNDS and known is not None:
                joined = self._leap(known, joined)
        self.values[target] = joined
        return True

    def _leap(self, known: Value, joined: Value) -> Value:
        high = self.shared.widened(self.program, joined.high) if joined.high > known.high else joined.high
        return joined._replace(high=high, old=INF if joined.old > known.old else joined.old)

    def _end(self, outcome: str, value: Value, trail: Trail) -> None:
        known = self.ends.get((outcome, value.phase))
        if known is None:
            self.ends[outcome, value.phase] = value, trail
            return
        joined = known[0].join(value)
        longer = joined.high > known[0].high or joined.old > known[0].old
        self.ends[outcome, value.phase] = joined, trail if longer else known[1]

    def _child(self, key: Key, wait: Mapping[str, Json], value: Value) -> Ends:
        """A subflow is walked with the value that it begins with: its summary is exact, not a blanket doubt."""
        name = wait.get("flow")
        program = self.shared.others.get(name) if isinstance(name, str) else None
        if program is None or self.shared.left <= 0:
            return _anything(value)
        if self.depth + 2 > SUBFLOW_DEPTH:
            return ()  # the engine stops the run
        known = id(program), value, self.depth + 1
        walk = self.shared.walks.get(known)
        if walk is None:
            walk = self.shared.walks[known] = Walk(program, self.shared, self.depth + 1).run(value)
        self.children[key] = walk
        return [(outcome, after, trail) for (outcome, _), (after, trail) in walk.ends.items()]

    def trail(self, key: Key) -> Trail | None:
        """How the longest time comes to a state."""
        return self._trails[key]


def says(operations: tuple[Json, ...]) -> bool:
    """One of the operations is a message."""
    return any(op[0] == "send" for op in operations)


def _anything(value: Value) -> Ends:
    """What an unknown subflow can have done: taken any time, said something, been answered."""
    phases = {value.phase, value.sent().phase, Phase.WARM}
    return [("*", Value(0, INF, old=INF, phase=phase, doubt=True), None) for phase in sorted(phases)]


def steps(trail: Trail | None) -> list[Step]:
    """A trail from its beginning on; what happened inside subflows stands before the step that ran them."""
    found: list[Step] = []
    while trail is not None:
        found.append(trail.step)
        if trail.inside is not None:
            found.extend(reversed(steps(trail.inside)))
        trail = trail.before
    found.reverse()
    return found


def edge_of(step: Step) -> Edge | None:
    """The exit that a step took."""
    return next((e for e in step.program.states[step.state].edges if e.id == step.exit), None)
