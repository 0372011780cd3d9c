"""Program to Linked: every guard, template and argument becomes a closure, every edge a reference."""

from collections.abc import Mapping
from typing import Any

from core.engine.cost import cost
from core.engine.evaluate import guard
from core.engine.linked import Linked, LinkedEdge, LinkedState, Tongues
from core.engine.linkwait import link_wait
from core.engine.message import quick_replies
from core.engine.operations import operation
from core.model.program import Edge, Program, State
from core.model.texts import in_language


def link(program: Program) -> Linked:
    """The program ready to run; do it once per process and hash. ValueError for an operator that does not exist.

    An edge to a state that is not there leads to one that faults with IFR03.
    """
    states = {k: LinkedState(k, s.node) for k, s in program.states.items()}
    missing = LinkedState("!missing", "!missing")
    missing.outcome = "fault:IFR03"
    for state_id, state in program.states.items():
        _fill(states[state_id], state, _Edges(states, missing, state_id))
    _translate(program, states, missing)
    return Linked(program, states)


def _translate(program: Program, states: Mapping[str, LinkedState], missing: LinkedState) -> None:
    """Each state speaks every language of the program; all edges lead to the states of the flow's own."""
    if not program.locales:
        return
    languages = {language: language for language in program.locales}
    if own := program.settings.get("language"):
        languages[own] = ""
    for state_id, state in program.states.items():
        states[state_id].tongues = _tongues(program, state, states, missing, languages)


def _tongues(
    program: Program,
    state: State,
    states: Mapping[str, LinkedState],
    missing: LinkedState,
    languages: Mapping[str, str],
) -> Tongues:
    base = states[state.id]

    def speak(language: str) -> LinkedState:
        other = in_language(program, state, language)
        if other == state:
            return base
        linked = LinkedState(state.id, state.node)
        _fill(linked, other, _Edges(states, missing, state.id))
        return linked

    return Tongues(languages, speak)


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
