"""All checks of a lowered flow, in order."""

from collections.abc import Callable, Iterable
from typing import Any

from core.lang.analysis import Bounds
from core.lang.catalog import Catalog
from core.lang.checks.arcs import Graph
from core.lang.checks.around import check_around
from core.lang.checks.bounds import check_bounds
from core.lang.checks.guards import check_guards
from core.lang.checks.loops import check_loops
from core.lang.checks.names import check_names
from core.lang.checks.reach import check_reach, check_started
from core.lang.checks.variables import check_variables
from core.lang.checks.waits import check_waits
from core.lang.report import Report
from core.lang.workspace import ALONE, Workspace
from core.model.diagnostic import Diagnostic
from core.model.flowdoc import FlowDoc
from core.model.program import Program


def run_checks(
    doc: FlowDoc, program: Program | None, catalog: Catalog, report: Report, around: Workspace = ALONE
) -> Bounds | None:
    """Adds what the checks find, a plugin's check that fails is IF114; answers how much the program can say."""
    bounds = None
    check_started(doc, report)
    if program is not None:
        graph = Graph(doc, program)
        check_reach(graph, report)
        check_loops(graph, report)
        check_waits(graph, report)
        check_names(graph, catalog, report)
        bounds = check_bounds(program, around.flows_of(program), report, graph.places)
        check_variables(program, report, graph.nodes)
        check_guards(program, report, graph.nodes)
        check_around(program, around, report, graph.nodes)
    for check in catalog.checks:
        _plugin_check(check, doc, report)
    return bounds


def _plugin_check(check: Callable[[FlowDoc], Iterable[Any]], doc: FlowDoc, report: Report) -> None:
    try:
        for d in check(doc):
            if isinstance(d, Diagnostic):
                report.add(
                    d.code, d.message, d.place, d.node, d.hint, d.severity, d.path, d.span, None, d.fix, d.related
                )
    except Exception as e:
        name = getattr(check, "__qualname__", "a check")
        report.add("IF114", f"the check '{name}' of a plugin failed: {type(e).__name__}: {e}")
