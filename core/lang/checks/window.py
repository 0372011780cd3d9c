"""IF401 to IF404, IF407, IF410: the window and the consent to a comment's private reply."""

from collections.abc import Iterable, Mapping

from core.lang.analysis import Analysis, Finding, analyse, witness
from core.lang.report import Place, Report
from core.model.program import Program

TOLD, SHOWN = 100, 10
"""So many findings of one flow come with their way, and with a conversation that shows them."""


def check_window(
    program: Program, starts: Iterable[str], others: Mapping[str, Program], report: Report, places: Mapping[str, Place]
) -> Analysis:
    """Adds what could not be proven; answers the analysis."""
    found = analyse(program, starts, others)
    for n, f in enumerate(found.findings):
        node = program.states[f.state].node
        path = _nodes(program, f) if n < TOLD else ()
        shown = witness(f) if n < SHOWN else None
        report.add(f.code, f.message, places.get(node, ()), node, f.hint, f.severity, path, witness=shown)
    return found


def _nodes(program: Program, finding: Finding) -> tuple[str, ...]:
    """The way as steps of this document; a single one is no way."""
    own = (s.program.states[s.state].node for s in finding.path if s.program is program)
    path = tuple(dict.fromkeys((*own, program.states[finding.state].node)))
    return path if len(path) > 1 else ()
