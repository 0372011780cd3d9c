"""Names of things outside the flow: actions of integrations (IF308)."""

import difflib

from core.lang.catalog import Catalog
from core.lang.checks.arcs import Graph
from core.lang.report import Report


def check_names(graph: Graph, catalog: Catalog, report: Report) -> None:
    """Every call names an action that an installed integration offers."""
    known = [f"{i.name}.{a.name.removeprefix(i.name + '.')}" for i in catalog.integrations.values() for a in i.actions]
    for state in graph.program.states.values():
        wait = state.wait
        if wait is None or wait["kind"] != "result" or wait["effect"] in known:
            continue
        near = difflib.get_close_matches(wait["effect"], known, 1, 0.6)
        hint = f"did you mean '{near[0]}'?" if near else f"known: {', '.join(sorted(known)) or 'none'}"
        place = graph.places.get(state.node, ())
        report.add("IF308", f"no integration offers the action '{wait['effect']}'", place, state.node, hint)
