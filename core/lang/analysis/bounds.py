"""How much a flow can say: messages in one step, without an answer, in a whole run; calls in one step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.lang.components import components
from core.model.program import Edge, Program, State

Weight = Callable[[State], int]
Moves = Callable[[State], list[str]]


@dataclass(frozen=True, slots=True)
class Bounds:
    """None = without bound: a loop. ``per_step`` = between two waits; ``unanswered`` = until the contact writes; ``per_run`` =
    from beginning to end; ``calls_per_step`` = calls of integrations that wait for each other. ``loop`` = a loop that talks
    without being answered."""

    per_step: int | None
    unanswered: int | None
    per_run: int | None
    calls_per_step: int | None
    loop: tuple[str, ...] = ()
    longest: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """As the compiler's answer has it."""
        return {
            "messagesPerStep": self.per_step,
            "messagesWithoutAnswer": self.unanswered,
            "messagesPerRun": self.per_run,
            "callsPerStep": self.calls_per_step,
        }


def bounds_of(program: Program) -> Bounds:
    """The bounds of a program by itself; what its subflows say is not counted."""
    unanswered = _Longest(program, sends, _unanswered)
    return Bounds(
        _Longest(program, sends, _at_once).most,
        unanswered.most,
        _Longest(program, sends, _any).most,
        _Longest(program, calls, _calling).most,
        unanswered.loop,
        unanswered.path(),
    )


def sends(state: State) -> int:
    """How many messages a state sends."""
    return sum(op[0] == "send" for op in state.do)


def calls(state: State) -> int:
    """How many calls a state makes."""
    waits = bool(state.wait is not None and state.wait["kind"] == "result")
    made: int = sum(op[0] == "fx" for op in state.do)
    return made + waits


def _targets(edges: list[Edge] | tuple[Edge, ...]) -> list[str]:
    return [e.to for e in edges if e.to is not None]


def _any(state: State) -> list[str]:
    return _targets(state.wait["edges"] if state.wait is not None else state.next)


def _at_once(state: State) -> list[str]:
    return _targets(state.next) if state.wait is None else []


def _calling(state: State) -> list[str]:
    """A call follows on a call without anybody doing anything."""
    return _any(state) if state.wait is None or state.wait["kind"] == "result" else []


def _unanswered(state: State) -> list[str]:
    """All exits but those that an answer takes."""
    if state.wait is None or state.wait["kind"] not in ("reply", "human"):
        return _any(state)
    timeout = state.wait.get("timeout")
    return _targets([state.wait["edges"][timeout[1]]]) if timeout else []


class _Longest:
    """The heaviest path: over the components of the graph, since a loop with weight in it has no bound."""

    def __init__(self, program: Program, weight: Weight, moves: Moves) -> None:
        self._states: Mapping[str, State] = program.states
        self._weight, self._moves = weight, moves
        self._best: dict[str, int] = {}
        self._next: dict[str, str | None] = {}
        self.loop: tuple[str, ...] = ()
        for group in components(self._reached(program), self._after):
            self._take(group)
        self.most: int | None = None if self.loop else max(self._best.values(), default=0)

    def _after(self, state: str) -> list[str]:
        return [t for t in self._moves(self._states[state]) if t in self._states]

    def _reached(self, program: Program) -> list[str]:
        seen: dict[str, None] = {}
        stack = [program.entry]
        while stack:
            state = stack.pop()
            if state in self._states and state not in seen:
                seen[state] = None
                stack.extend(_any(self._states[state]))
        return list(seen)

    def _take(self, group: list[str]) -> None:
        inside = set(group)
        own = sum(self._weight(self._states[s]) for s in group)
        goes_round = len(group) > 1 or group[0] in self._after(group[0])
        if goes_round and own and not self.loop:
            self.loop = tuple(reversed(group))
        beyond = [t for s in group for t in self._after(s) if t not in inside]
        after = max(beyond, key=lambda t: self._best[t], default=None)
        for state in group:
            self._best[state] = own + (self._best[after] if after is not None else 0)
            self._next[state] = after

    def path(self) -> tuple[str, ...]:
        """The states of the heaviest path that have weight."""
        if not self._best:
            return ()
        state: str | None = max(self._best, key=lambda s: self._best[s])
        found: list[str] = []
        while state is not None and state not in found:
            found.append(state)
            state = self._next[state]
        return tuple(s for s in found if self._weight(self._states[s]))
