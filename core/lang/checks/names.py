"""Names of things outside the flow: actions of integrations (IF308)."""

from core.lang.catalog import Catalog
from core.lang.checks.arcs import Graph
from core.lang.fixing import meant
from core.lang.report import Report


def check_names(graph: Graph, catalog: Catalog, report: Report) -> None:
    """Every call names an action that an installed integration offers."""
    known = [name for i in catalog.integrations.values() for name in i.named]
    for state in graph.program.states.values():
        wait = state.wait
        if wait is None or wait["kind"] != "result" or wait["effect"] in known:
            continue
        node = graph.nodes.get(state.node)
        written = node.data.get("integration") if node is not None else None
        place = graph.places.get(state.node, ())
        at = (*place, "integration")
        hint, fix = meant(wait["effect"], known, at, f"known: {', '.join(sorted(known)) or 'none'}")
        said = f"no integration offers the action '{wait['effect']}'"
        fix = fix if written == wait["effect"] else None
        report.add("IF308", said, at if written else place, state.node, hint, fix=fix)
