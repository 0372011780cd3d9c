"""What cannot be reached, and what cannot be left: IF105, IF207, IF108."""

from core.lang.checks.arcs import Graph, may_end_here
from core.lang.report import Report
from core.model.flowdoc import FlowDoc


def check_reach(graph: Graph, report: Report) -> None:
    """Steps that no way leads to (IF105) and, without an expiry, steps that no way leads out of (IF207)."""
    seen = {graph.state(s).node for s in graph.reached}
    for node in graph.doc.nodes:
        if node.id not in seen:
            hint = "connect it, or delete it"
            report.add("IF105", "no way from the start leads to this step", node.place, node.id, hint)
    if "expireSeconds" not in graph.doc.settings:
        _endless(graph, report)


def check_started(doc: FlowDoc, report: Report) -> None:
    """An active flow that nothing starts (IF108); only a document that brings its triggers can tell."""
    if doc.status == "active" and not doc.triggers:
        report.add("IF108", "an active flow without triggers runs only as a subflow or by the API")


def _endless(graph: Graph, report: Report) -> None:
    into: dict[str, list[str]] = {}
    for state in graph.reached:
        for arc in graph.arcs[state]:
            if arc.to is not None:
                into.setdefault(arc.to, []).append(state)
    stack = [s for s in graph.reached if may_end_here(graph, s)]
    ends = set(stack)
    while stack:
        for before in into.get(stack.pop(), ()):
            if before not in ends:
                ends.add(before)
                stack.append(before)
    stuck = [s for s in graph.reached if s not in ends]
    if stuck:
        node = graph.state(stuck[0]).node
        place = graph.places.get(node, ())
        message = f"the flow can never end once it gets here ({len(stuck)} steps)"
        report.add("IF207", message, place, node, "add an exit, or settings.expireSeconds")
