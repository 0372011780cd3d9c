"""Tags in a program: those that it sets, those that its conditions ask for."""

from collections.abc import Iterator

from core.lang.expressions import walk
from core.model.program import Json, Program, State


def tags_set(program: Program) -> frozenset[str] | None:
    """The tags that a program gives to contacts; None when a name is made at run time, so that it could be any."""
    found: set[str] = set()
    for state in program.states.values():
        for operation in _operations(state):
            if operation[0] == "tag":
                if not isinstance(operation[1], str):
                    return None
                found.add(operation[1].strip())
    return frozenset(found)


def tags_asked(program: Program) -> dict[str, str]:
    """The tags that conditions ask for, each with the first step that does."""
    found: dict[str, str] = {}
    for state in program.states.values():
        for guard in _guards(state):
            for e in walk(guard):
                if e[0] == "tagged" and isinstance(e[1], str):
                    found.setdefault(e[1], state.node)
    return found


def _operations(state: State) -> Iterator[Json]:
    yield from state.do
    for edge in state.edges:
        yield from edge.do


def _guards(state: State) -> Iterator[Json]:
    yield from (edge.when for edge in state.edges)
    for operation in state.do:
        if operation[0] == "send":
            yield from (button.get("if", True) for button in operation[1].get("buttons") or ())
