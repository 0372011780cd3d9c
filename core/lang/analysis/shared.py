"""What all walks of one analysis share: the order of a program's states, where loops are widened to, subflows already walked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.lang.analysis.guards import narrow
from core.lang.analysis.value import INF, LIMIT, Value
from core.model.program import Program

if TYPE_CHECKING:
    from core.lang.analysis.walk import Walk

VISITS = 15_000
"""States that are visited in subflows; beyond, subflows count as unknown: a compiler may not take for ever."""
THRESHOLDS = 24


@dataclass(slots=True, eq=False)
class Shared:
    """``others`` = programs by slug and id; ``left`` counts the visits down."""

    others: Mapping[str, Program]
    left: int = VISITS
    walks: "dict[tuple[int, Value, int], Walk]" = field(default_factory=dict)
    _ranks: dict[int, dict[str, int]] = field(default_factory=dict)
    _steps: dict[int, list[int]] = field(default_factory=dict)

    def ranks(self, program: Program) -> dict[str, int]:
        """Each reachable state's place in an order in which a state comes after those that lead to it, loops left aside."""
        known = self._ranks.get(id(program))
        if known is None:
            known = self._ranks[id(program)] = {s: i for i, s in enumerate(reversed(list(_finished(program))))}
        return known

    def widened(self, program: Program, high: int) -> int:
        """Where a time that keeps growing in a loop is taken to next: to what guards ask about, then without end."""
        known = self._steps.get(id(program))
        if known is None:
            known = self._steps[id(program)] = _thresholds(program)
        return next((n for n in known if n >= high), INF)


def _finished(program: Program) -> Iterator[str]:
    """Depth first, each state after all that it leads to."""
    seen = {program.entry}
    stack = [(program.entry, _targets(program, program.entry))]
    while stack:
        state, targets = stack[-1]
        following = next((t for t in targets if t not in seen), None)
        if following is None:
            yield state
            stack.pop()
        else:
            seen.add(following)
            stack.append((following, _targets(program, following)))


def _targets(program: Program, state_id: str) -> Iterator[str]:
    state = program.states.get(state_id)
    return (e.to for e in state.edges if e.to is not None and e.to in program.states) if state else iter(())


def _thresholds(program: Program) -> list[int]:
    anything = Value(0, INF)
    found = {LIMIT - 1, LIMIT}
    for state in program.states.values():
        for edge in state.next:
            for holds in (True, False) if edge.when is not True else ():
                part = narrow(anything, edge.when, holds)
                found |= {part.high, part.low} if part is not None else set()
    return sorted(n for n in found if 0 < n < INF)[:THRESHOLDS]
