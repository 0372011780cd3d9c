"""The 24-hour proof and the consent check: which messages Instagram could refuse, on which path (product promises 1 and 2)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from core.lang.analysis.problems import LIVE, Problem, problem
from core.lang.analysis.shared import Shared
from core.lang.analysis.value import INF, Value, begin
from core.lang.analysis.walk import Key, Step, Trail, Walk, says, steps
from core.model.diagnostic import Severity
from core.model.program import Json, Program, State

INSIDE = 3
"""So many findings inside of a subflow are told for each state that runs it."""
MESSAGE = "dm_keyword"
"""How a flow is taken to begin about whose triggers nothing is known."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A message that is not proven. ``state`` sends it, or runs the subflow whose state ``child`` does; ``start`` = the kind of
    trigger of the run; ``last`` = where it is said: a state, with an exit when the exit itself speaks."""

    code: str
    severity: Severity
    message: str
    hint: str
    state: str
    start: str
    last: Step
    child: str = ""
    trails: tuple[Trail | None, ...] = ()

    @property
    def path(self) -> tuple[Step, ...]:
        """The exits taken from the start of the flow to the message, on the way that takes longest; those inside of subflows
        included."""
        return tuple(step for trail in self.trails for step in steps(trail))


@dataclass(frozen=True, slots=True)
class Analysis:
    """``values`` = {kind of trigger: {(state, phase): value before its messages}}; ``colour`` = {state: "proven", "guarded" or
    "refused"} of the states that send."""

    findings: tuple[Finding, ...]
    values: Mapping[str, Mapping[Key, Value]]
    colour: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """For the canvas: colours, and the least and most seconds since the contact wrote last (null = without end). The least is
        that of people who write only when they are asked."""
        spans = {kind: _spans(values) for kind, values in self.values.items()}
        return {"colours": dict(self.colour), "sinceLastMessage": spans}


def _spans(values: Mapping[Key, Value]) -> dict[str, list[int | None]]:
    spans: dict[str, list[int]] = {}
    for (state, _), v in values.items():
        least = v.low if v.calm is None else v.calm
        known = spans.get(state, [least, v.high])
        spans[state] = [min(known[0], least), max(known[1], v.high)]
    return {state: [n if n < INF else None for n in span] for state, span in spans.items()}


def analyse(program: Program, starts: Iterable[str] = (), others: Mapping[str, Program] | None = None) -> Analysis:
    """What can be proven of the program when ``starts`` (kinds of triggers; none = a message) begin it. ``others`` = the flows
    that it may run, by slug and id.

    Never raises; a finding is there for every message that is not proven.
    """
    shared = Shared(others or {})
    found: dict[tuple[str, str, str, str], Finding] = {}
    values: dict[str, Mapping[Key, Value]] = {}
    colour: dict[str, str] = {}
    for (value, _), kinds in _alike(sorted({*starts}) or [MESSAGE]).items():
        walk = Walk(program, shared).run(value)
        mine = _looked(walk, kinds[0], {})
        for one in mine:
            found.setdefault((one.code, one.state, one.child, one.last.exit), one)
        values |= dict.fromkeys(kinds, walk.values)
        _paint(walk, mine, colour)
    return Analysis(tuple(found.values()), values, colour)


def _alike(kinds: list[str]) -> dict[tuple[Value, bool], list[str]]:
    """Kinds of triggers that begin in the same way are looked at once; live comments have another limit than the others."""
    groups: dict[tuple[Value, bool], list[str]] = {}
    for kind in kinds:
        groups.setdefault((begin(kind), kind == LIVE), []).append(kind)
    return groups


def _looked(walk: Walk, start: str, known: dict[int, list[Finding]]) -> list[Finding]:
    """The findings of a walk, the first of those in a subflow for each state that runs it. ``known`` = by walk: several may
    share a subflow."""
    if id(walk) in known:
        return known[id(walk)]
    found = [*_own(walk, start)]
    for key, inner in walk.children.items():
        state = walk.program.states[key[0]]
        said = {(f.code, id(f.last.program), f.last.state, f.last.exit): f for f in _looked(inner, start, known)}
        for f in islice(said.values(), INSIDE):
            step = f.last.program.states[f.last.state].node
            message = (
                f.message
                if f.child
                else f"in the subflow '{(state.wait or {}).get('flow')}', step '{step}': {f.message}"
            )
            trails = (walk.trail(key), *f.trails)
            found.append(Finding(f.code, f.severity, message, f.hint, state.id, start, f.last, f.last.state, trails))
    known[id(walk)] = found
    return found


def _own(walk: Walk, start: str) -> Iterator[Finding]:
    for key, value in walk.values.items():
        state = walk.program.states.get(key[0])
        if state is not None:
            for exit_, one in _problems(walk, state, key, value, start):
                yield Finding(*one, state.id, start, Step(walk.program, state.id, exit_), "", (walk.trail(key),))


def _problems(walk: Walk, state: State, key: Key, value: Value, start: str) -> Iterator[tuple[str, Problem]]:
    """The messages of a state, then those of its exits."""
    yield from (("", p) for p in _in_a_row(state.do, value, start))
    for edge in state.edges if walk.behind else ():
        after = walk.behind.get((key, edge.id))
        if after is not None:
            yield from ((edge.id, p) for p in _in_a_row(edge.do, after, start))


def _in_a_row(operations: Iterable[Json], value: Value, start: str) -> Iterator[Problem]:
    for _ in (op for op in operations if op[0] == "send"):
        found = problem(value, start)
        if found is not None:
            yield found
        value = value.sent()


def _paint(walk: Walk, found: Iterable[Finding], colour: dict[str, str]) -> None:
    """The worst of all beginnings counts."""
    rank = ("proven", "guarded", "refused")
    for state, _ in walk.values:
        if state in walk.program.states and says(walk.program.states[state].do):
            colour.setdefault(state, "proven")
    for one in found:
        now = "refused" if one.severity is Severity.ERROR else "guarded"
        colour[one.state] = max(colour.get(one.state, "proven"), now, key=rank.index)
