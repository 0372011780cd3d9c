"""Program to Linked: every guard, template and argument becomes a closure, every edge a reference."""

from collections.abc import Mapping
from typing import Any

from core.engine.cost import cost
from core.engine.evaluate import guard
from core.engine.linked import Linked, LinkedEdge, LinkedState
from core.engine.linkwait import link_wait
from core.engine.message import quick_replies
from core.engine.operations import operation
from core.model.program import Edge, Program, State


def link(program: Program) -> Linked:
    """The program ready to run; do it once per process and hash. ValueError for an operator that does not exist.

    An edge to a state that is not there leads to one that faults with IFR03.
    """
    states = {k: LinkedState(k, s.node) for k, s in program.states.items()}
    missing = LinkedState("!missing", "!missing")
    missing.outcome = "fault:IFR03"
    for state_id, state in program.states.items():
        _fill(states[state_id], state, _Edges(states, missing, state_id))
    return Linked(program, states)


class _Edges:
    """Links the edges of one state."""

    def __init__(self, states: Mapping[str, LinkedState], missing: LinkedState, owner: str) -> None:
        self.states, self.missing, self.owner = states, missing, owner

    def __call__(self, edge: Edge) -> LinkedEdge:
        linked = LinkedEdge((self.owner, edge.id), guard(edge.when), tuple(operation(o) for o in edge.do))
        linked.goto = None if edge.to is None else self.states.get(edge.to, self.missing)
        return linked


def _fill(linked: LinkedState, state: State, edge: _Edges) -> None:
    linked.do = tuple(operation(o) for o in state.do)
    linked.next = tuple(edge(e) for e in state.next)
    linked.outcome = state.outcome
    linked.cost = cost([list(state.do), [[e.when, list(e.do)] for e in state.next]])
    if state.wait is not None:
        edges = tuple(edge(e) for e in state.wait["edges"])
        linked.wait = link_wait(state.wait, edges)
        linked.cost += cost(_evaluated(state.wait))
    sends = [o for o in state.do if o[0] == "send"]
    linked.asks = tuple(operation(o) for o in sends)
    linked.quick = quick_replies(sends[-1][1]) if sends else None


def _evaluated(wait: Mapping[str, Any]) -> list[Any]:
    return [wait.get("args"), [list(e.do) for e in wait["edges"]]]
