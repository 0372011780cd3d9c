"""IF301 to IF304: variables and attributes that may be empty where they are read, or are never read at all."""

from collections import deque
from collections.abc import Iterator, Mapping

from core.lang.checks.reads import Name, Touch, entered, name_of, taken
from core.lang.fixing.words import defaulted
from core.lang.report import Report
from core.model.flowdoc import NodeDoc
from core.model.program import Edge, Json, Program, State

RETURNED = "result"
"""The variable that a flow gives back to the flow that runs it: read by others."""
Facts = frozenset[Name]


def check_variables(program: Program, report: Report, nodes: Mapping[str, NodeDoc]) -> None:
    """Adds the findings; one for a name and a step."""
    flow = _Flow(program)
    sets = {id_: flow.sets(id_) for id_ in program.states}
    ever = {name for names in sets.values() for name in names}
    ever |= {("flow", str(p["name"])) for p in program.params}
    read: set[Name] = set()
    for state in program.states.values():
        touches = [flow.inside[state.id], *(t for _, t in flow.exits(state))]
        read |= {name for t in touches for name in t.reads}
        if state.id not in flow.facts:
            continue
        for touch in touches:
            for name, guarded in touch.reads.items():
                if not guarded and name not in flow.facts[state.id]:
                    _unset(flow, state, name, name in touch.shown, name in ever, report, nodes)
            for name in sorted(touch.tested - ever):
                if name[0] == "flow":
                    _unset(flow, state, name, False, False, report, nodes)
    for state in program.states.values():
        for name in sorted(sets[state.id] - read):
            if name[0] == "flow" and name[1] != RETURNED:
                said = f"the variable '{name[1]}' is set here and read nowhere"
                place = nodes[state.node].place if state.node in nodes else ()
                report.add("IF304", said, place, state.node, "use it, or leave it out")


def _unset(
    flow: "_Flow", state: State, name: Name, shown: bool, ever: bool, report: Report, nodes: Mapping[str, NodeDoc]
) -> None:
    node, (kind, word) = nodes.get(state.node), name
    place = node.place if node else ()
    if kind == "contact":
        if shown:
            said = f"contact.{word} may be empty: the text then has a gap"
            fix = defaulted(node, f"contact.{word}")
            report.add("IF303", said, place, state.node, f"write {{{{contact.{word}|default('…')}}}}", fix=fix)
        return
    if not ever:
        said = f"the variable '{word}' is never set"
        report.add("IF302", said, place, state.node, "set it before this step, or check the spelling")
        return
    path = flow.path_without(state.id, name)
    said = f"the variable '{word}' may not be set yet"
    report.add(
        "IF301", said, place, state.node, f"set it on every way, or write {{{{{word}|default('…')}}}}", path=path
    )


class _Flow:
    """Which names are certainly set on entering each state: the intersection over all ways."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self.inside: dict[str, Touch] = {s.id: entered(s) for s in program.states.values()}
        self._exits = {s.id: list(self._made(s)) for s in program.states.values()}
        start: Facts = frozenset(("flow", str(p["name"])) for p in program.params)
        self.facts: dict[str, Facts] = {program.entry: start}
        queue = deque([program.entry])
        while queue:
            state = program.states.get(queue.popleft())
            if state is None:
                continue
            for edge, touch in self._exits[state.id]:
                if edge.to is None:
                    continue
                after = self.facts[state.id] | self.inside[state.id].sets | touch.sets | _known(edge.when)
                before = self.facts.get(edge.to)
                joined = after if before is None else before & after
                if joined != before:
                    self.facts[edge.to] = joined
                    queue.append(edge.to)

    def exits(self, state: State) -> list[tuple[Edge, Touch]]:
        """The exits with what they read and set."""
        return self._exits[state.id]

    def sets(self, state: str) -> set[Name]:
        """Everything that a state or one of its exits sets."""
        return self.inside[state].sets.union(*(touch.sets for _, touch in self._exits[state]))

    def _made(self, state: State) -> Iterator[tuple[Edge, Touch]]:
        for edge in state.edges:
            touch = taken(state, edge)
            for name in self.inside[state.id].sets:
                touch.reads.pop(name, None)
            yield edge, touch

    def path_without(self, target: str, name: Name) -> tuple[str, ...]:
        """Steps of a shortest way to the state on which the name is not set."""
        came: dict[str, str | None] = {self._program.entry: None}
        queue = deque([self._program.entry])
        while queue:
            at = queue.popleft()
            if at == target:
                break
            state = self._program.states[at]
            for edge, touch in self._exits[at]:
                sets = self.inside[at].sets | touch.sets | _known(edge.when)
                if edge.to is not None and edge.to in self._program.states and edge.to not in came and name not in sets:
                    came[edge.to] = state.id
                    queue.append(edge.to)
        steps: list[str] = []
        at_: str | None = target if target in came else None
        while at_ is not None:
            steps.append(self._program.states[at_].node)
            at_ = came[at_]
        return tuple(dict.fromkeys(reversed(steps)))


def _known(guard: Json) -> Facts:
    """Names that are certainly there where the guard holds: ``x is set``, ``x == 3``, ``x is "a"``."""
    if not isinstance(guard, list | tuple) or not guard:
        return frozenset()
    if guard[0] == "and":
        return _known(guard[1]) | _known(guard[2])
    if guard[0] in ("isset", "==", "is", ">", ">=", "<", "<=", "has") and isinstance(guard[1], list | tuple):
        e = guard[1]
        name = name_of(tuple(e[1:])) if e and e[0] == "var" else None
        empty = guard[0] in ("==", "is") and guard[2] in (None, "")
        return frozenset() if name is None or empty else frozenset({name})
    return frozenset()
