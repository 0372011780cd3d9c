"""Loops in which nothing happens: IF201."""

from core.lang.checks.arcs import Graph
from core.lang.components import components
from core.lang.report import Report
from core.model.diagnostic import Severity
from core.model.fix import Related


def check_loops(graph: Graph, report: Report) -> None:
    """A loop without a wait is an error when there is no way out, a warning when only a condition ends it."""
    at_once = {s: [a.to for a in graph.arcs[s] if a.to is not None and not a.waits] for s in graph.reached}
    for loop in components(graph.reached, lambda s: at_once[s]):
        inside = set(loop)
        if len(loop) == 1 and loop[0] not in at_once[loop[0]]:
            continue
        leaves = any(a.to not in inside for s in loop for a in graph.arcs[s])
        path = _one_round(at_once, inside, loop[-1])
        if leaves:
            message = "this loop does not wait; it only ends when a condition changes on the way"
        else:
            message = "this loop never waits and never ends"
        nodes = tuple(graph.state(s).node for s in path)
        place = graph.places.get(nodes[0], ())
        hint = "put a wait, a question or a button into the loop"
        others = tuple(Related(f"then '{n}'", graph.places.get(n, ())) for n in dict.fromkeys(nodes[1:-1]))
        severity = Severity.WARNING if leaves else None
        report.add("IF201", message, place, nodes[0], hint, severity, nodes, related=others)


def _one_round(at_once: dict[str, list[str]], inside: set[str], start: str) -> list[str]:
    path: list[str] = []
    state = start
    while state not in path:
        path.append(state)
        state = next(s for s in at_once[state] if s in inside)
    return [*path[path.index(state) :], state]
