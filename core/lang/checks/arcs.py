"""The program as a graph: which state can follow which, and whether something must happen in between."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from core.lang.report import Place
from core.model.flowdoc import FlowDoc, NodeDoc
from core.model.program import Edge, Program, State


@dataclass(frozen=True, slots=True)
class Arc:
    """``waits``: time passes or somebody acts before it is taken. ``to`` None = the flow ends."""

    source: str
    to: str | None
    waits: bool


@dataclass(frozen=True)
class Graph:
    """States, arcs and what can be reached from the entry."""

    doc: FlowDoc
    program: Program

    @cached_property
    def arcs(self) -> dict[str, list[Arc]]:
        """The arcs that leave each state, those that can never be taken left out."""
        targets = {n.id: [c.target for c in n.connections] for n in self.doc.nodes}
        return {s.id: list(_arcs(s, targets)) for s in self.program.states.values()}

    @cached_property
    def reached(self) -> list[str]:
        """States that a run can come to, in the order of discovery."""
        seen: dict[str, None] = {}
        stack = [self.program.entry]
        while stack:
            state = stack.pop()
            if state not in seen and state in self.arcs:
                seen[state] = None
                stack.extend(a.to for a in reversed(self.arcs[state]) if a.to is not None)
        return list(seen)

    @cached_property
    def places(self) -> dict[str, Place]:
        """Where each step stands in the document."""
        return {n.id: n.place for n in self.doc.nodes}

    @cached_property
    def nodes(self) -> dict[str, NodeDoc]:
        """The document's steps by their ids."""
        return {n.id: n for n in self.doc.nodes}

    def state(self, state_id: str) -> State:
        """The state of this id."""
        return self.program.states[state_id]


def _arcs(state: State, targets: Mapping[str, list[str | None]]) -> Iterator[Arc]:
    if (state.outcome or "").startswith("fault:"):
        for target in targets.get(state.node, ()):
            yield Arc(state.id, target, True)
    elif state.wait is None:
        yield from (Arc(state.id, e.to, False) for e in _takeable(state.next))
    else:
        instant = state.wait["kind"] == "timer" and state.wait.get("seconds") == 0
        yield from (Arc(state.id, e.to, not instant) for e in state.wait["edges"])
        if _may_just_end(state):
            yield Arc(state.id, None, True)


def _takeable(edges: Iterable[Edge]) -> Iterator[Edge]:
    for edge in edges:
        yield edge
        if edge.when is True:
            return


def _may_just_end(state: State) -> bool:
    """A wait that can end without any of its edges: an accepted answer, a result or a return that nothing is connected to."""
    wait = state.wait or {}
    if wait["kind"] == "reply":
        return "input" in wait and "valid" not in wait["input"]
    if wait["kind"] in ("result", "child", "human"):
        return "*" not in wait["outcome"] and not (wait["kind"] == "result" and "success" in wait["outcome"])
    return not wait["edges"]


def may_end_here(graph: Graph, state_id: str) -> bool:
    """True when a run can end in this state without going on to another one."""
    state = graph.state(state_id)
    if state.outcome is not None or any(a.to is None for a in graph.arcs[state_id]):
        return True
    return state.wait is None and not any(e.when is True for e in state.next)
