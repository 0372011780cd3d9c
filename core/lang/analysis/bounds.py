"""How much a flow can say: messages in one step, without an answer, in a whole run; calls in one step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.lang.analysis.talk import By, Point, Talk
from core.lang.components import components
from core.model.program import Program

Weight = Callable[[Point], int]


@dataclass(frozen=True, slots=True)
class Bounds:
    """None = without bound: a loop. ``per_step`` = between two waits; ``unanswered`` = until the contact writes; ``per_run`` =
    from beginning to end; ``calls_per_step`` = calls that follow on one another without anybody doing anything. What subflows
    say and call counts. ``loop`` = the states of a loop that talks without being answered; ``calling`` = of one that goes on
    calling; ``longest`` = the states that say the most without an answer, one for each message or more."""

    per_step: int | None
    unanswered: int | None
    per_run: int | None
    calls_per_step: int | None
    loop: tuple[Point, ...] = ()
    calling: tuple[Point, ...] = ()
    longest: tuple[Point, ...] = ()
    burst: tuple[Point, ...] = ()

    def as_json(self) -> dict[str, object]:
        """As the compiler's answer has it."""
        return {
            "messagesPerStep": self.per_step,
            "messagesWithoutAnswer": self.unanswered,
            "messagesPerRun": self.per_run,
            "callsPerStep": self.calls_per_step,
        }


def bounds_of(program: Program, others: Mapping[str, Program] | None = None) -> Bounds:
    """The bounds of a program; ``others`` = the flows that it may run, by slug and id: one that is not known says nothing."""
    talk = Talk.of(program, others or {})
    step = _Longest(talk, _sends, (By.ITSELF,))
    unanswered = _Longest(talk, _sends, (By.ITSELF, By.RESULT, By.TIME))
    calling = _Longest(talk, _calls, (By.ITSELF, By.RESULT))
    return Bounds(
        step.most,
        unanswered.most,
        _Longest(talk, _sends, tuple(By)).most,
        calling.most,
        unanswered.loop,
        calling.loop,
        unanswered.path(),
        step.path(),
    )


def _sends(point: Point) -> int:
    return point.sends


def _calls(point: Point) -> int:
    return point.calls


class _Longest:
    """The heaviest path along the exits that ``by`` allows: over the components of the graph, since a loop with weight in it has
    no bound."""

    def __init__(self, talk: Talk, weight: Weight, by: tuple[By, ...]) -> None:
        self._points, self._weight = talk.points, weight
        self._after = _numbered(talk, by)
        self._best: dict[str, int] = {}
        self._next: dict[str, str | None] = {}
        self.loop: tuple[Point, ...] = ()
        for group in components([str(i) for i in range(len(self._points))], lambda n: self._after[int(n)]):
            self._take(group)
        self.most: int | None = None if self.loop else max(self._best.values(), default=0)

    def _take(self, group: list[str]) -> None:
        inside = set(group)
        own = sum(self._weight(self._points[int(n)]) for n in group)
        goes_round = len(group) > 1 or group[0] in self._after[int(group[0])]
        if goes_round and own and not self.loop:
            self.loop = tuple(self._points[int(n)] for n in reversed(group))
        beyond = [t for n in group for t in self._after[int(n)] if t not in inside]
        after = max(beyond, key=lambda t: self._best[t], default=None)
        for n in group:
            self._best[n] = own + (self._best[after] if after is not None else 0)
            self._next[n] = after

    def path(self) -> tuple[Point, ...]:
        """The points of the heaviest path that have weight."""
        if not self._best:
            return ()
        n: str | None = max(self._best, key=lambda s: self._best[s])
        found: dict[str, None] = {}
        while n is not None and n not in found:
            found[n] = None
            n = self._next[n]
        return tuple(p for p in (self._points[int(n)] for n in found) if self._weight(p))


def _numbered(talk: Talk, by: tuple[By, ...]) -> list[list[str]]:
    number = {id(p): str(i) for i, p in enumerate(talk.points)}
    return [[number[id(p)] for p, how in point.leads if how in by] for point in talk.points]
