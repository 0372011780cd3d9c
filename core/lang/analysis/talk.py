"""A program with its subflows as one graph of what is said and called: for counting, not for time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from core.lang.analysis.exits import may_fall
from core.model.limits import SUBFLOW_DEPTH
from core.model.program import Edge, Json, Program, State

MOST = 3000
"""Points of a graph: subflows beyond are left out."""


class By(IntEnum):
    """What leads from one point to the next: nothing but the flow itself, a call's result, time, or somebody's answer."""

    ITSELF = 0
    RESULT = 1
    TIME = 2
    ANSWER = 3


@dataclass(slots=True, eq=False)
class Point:
    """A state in a place: ``own`` = the state of the flow itself in which it happens; ``sends`` and ``calls`` = how many."""

    own: str
    state: State
    sends: int
    calls: int
    leads: list[tuple["Point", By]] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Talk:
    """The points that can be reached, the entry first."""

    others: Mapping[str, Program]
    points: list[Point] = field(default_factory=list)

    @classmethod
    def of(cls, program: Program, others: Mapping[str, Program]) -> "Talk":
        """The graph of a program; ``others`` = the flows that it may run, by slug and id."""
        talk = cls(others)
        _Frame(talk, program, "", ()).enter()
        return talk


@dataclass(slots=True, eq=False)
class _Frame:
    """A program that runs in ``own`` ("" = the flow itself), with the frames that run it. ``back`` = where its end leads to."""

    talk: Talk
    program: Program
    own: str
    below: tuple["_Frame", ...]
    back: list[Point] = field(default_factory=list)
    known: dict[str, Point] = field(default_factory=dict)

    def enter(self) -> Point | None:
        """The entry's point, after all points of the frame are made."""
        stack = [self.program.entry]
        while stack:
            name = stack.pop()
            state = self.program.states.get(name)
            if state is None or name in self.known or len(self.talk.points) >= MOST:
                continue
            self.known[name] = point = Point(self.own or name, state, sends(state), calls(state))
            self.talk.points.append(point)
            stack.extend(e.to for e in reversed(state.edges) if e.to is not None)
        for point in list(self.known.values()):
            point.leads.extend(self._leads(point))
        return self.known.get(self.program.entry)

    def _leads(self, point: Point) -> Iterator[tuple[Point, By]]:
        state, wait = point.state, point.state.wait
        if wait is None:
            yield from self._after(state.next, By.ITSELF, state.outcome is not None or not _surely(state.next))
        elif wait["kind"] == "child":
            yield from self._run(point, wait)
        else:
            yield from self._waited(wait)

    def _waited(self, wait: Mapping[str, object]) -> Iterator[tuple[Point, By]]:
        edges: list[Edge] = wait["edges"]  # type: ignore[assignment]
        timeout = wait.get("timeout")
        for i, edge in enumerate(edges):
            late = isinstance(timeout, list | tuple) and timeout[1] == i
            yield from self._after([edge], By.TIME if late else _KINDS[str(wait["kind"])], False)
        if may_fall(wait):
            yield from ((back, _KINDS[str(wait["kind"])]) for back in self.back)

    def _after(self, edges: Iterable[Edge], by: By, ends: bool) -> Iterator[tuple[Point, By]]:
        for edge in edges:
            if edge.to in self.known:
                yield self.known[edge.to], by
            ends = ends or edge.to is None
        if ends:
            yield from ((back, by) for back in self.back)

    def _run(self, point: Point, wait: Mapping[str, object]) -> Iterator[tuple[Point, By]]:
        """Into the subflow, and from its end on behind this state; a subflow that is not known says nothing."""
        after = [p for p, _ in self._after(point.state.edges, By.ITSELF, True)]
        other = self.talk.others.get(str(wait.get("flow")))
        again = next((f for f in (self, *self.below) if other is not None and f.program is other), None)
        entry = again.known.get(again.program.entry) if again is not None else None
        if other is not None and again is None and len(self.below) + 2 <= SUBFLOW_DEPTH:
            entry = _Frame(self.talk, other, point.own, (self, *self.below), after).enter()
        yield from ((p, By.ITSELF) for p in ([entry] if entry is not None else after))


_KINDS = {"reply": By.ANSWER, "human": By.ANSWER, "timer": By.TIME, "result": By.RESULT}


def _surely(edges: tuple[Edge, ...]) -> bool:
    """One of the exits is always taken."""
    return any(e.when is True for e in edges)


def sends(state: State) -> int:
    """How many messages a state sends, with the exit that says most."""
    return _messages(state.do) + max((_messages(e.do) for e in state.edges if e.do), default=0)


def _messages(operations: tuple[Json, ...]) -> int:
    return [op[0] for op in operations].count("send")


def calls(state: State) -> int:
    """How many calls a state makes."""
    waits = bool(state.wait is not None and state.wait["kind"] == "result")
    return [op[0] for op in state.do].count("fx") + waits
