"""IF401 to IF404, IF407, IF410: the window and the consent; IF520, IF521: how much a flow says without being answered."""

from collections.abc import Iterable, Mapping

from core.lang.analysis import Analysis, analyse, bounds_of
from core.lang.report import Place, Report
from core.model.diagnostic import Severity
from core.model.limits import MESSAGES_PER_STEP
from core.model.program import Program, State

MANY = 5
"""Messages in a row that nobody has answered: more is a monologue."""


def check_window(
    program: Program, starts: Iterable[str], others: Mapping[str, Program], report: Report, places: Mapping[str, Place]
) -> Analysis:
    """Adds what could not be proven; answers the analysis."""
    found = analyse(program, starts, others)
    for f in found.findings:
        node = program.states[f.state].node
        path = tuple(dict.fromkeys(program.states[s].node for s, _ in (*f.path, (f.state, ""))))
        report.add(f.code, f.message, places.get(node, ()), node, f.hint, f.severity, path if len(path) > 1 else ())
    return found


def check_bounds(program: Program, report: Report, places: Mapping[str, Place]) -> None:
    """Adds what is said without an answer."""
    bounds = bounds_of(program)
    if bounds.per_step is not None and bounds.per_step > MESSAGES_PER_STEP:
        node = program.states[bounds.longest[-1]].node
        said = f"{bounds.per_step} messages without a wait between them; a run that sends more than {MESSAGES_PER_STEP} at once stops"
        report.add(
            "IF520", said, places.get(node, ()), node, "put a question, a button or a wait between them", Severity.ERROR
        )
    elif bounds.loop:
        states = [program.states[s] for s in bounds.loop]
        node = next(s.node for s in states if any(op[0] == "send" for op in s.do))
        severity = Severity.WARNING if _leaves(states) else Severity.ERROR
        path = tuple(dict.fromkeys(s.node for s in states))
        said = "this loop goes on sending although nobody answers"
        report.add(
            "IF521",
            said,
            places.get(node, ()),
            node,
            "let it wait for an answer, or end after some rounds",
            severity,
            path,
        )
    elif bounds.unanswered is not None and bounds.unanswered > MANY:
        node = (
            program.states[bounds.longest[MANY]].node
            if len(bounds.longest) > MANY
            else program.states[bounds.longest[-1]].node
        )
        path = tuple(dict.fromkeys(program.states[s].node for s in bounds.longest))
        said = f"up to {bounds.unanswered} messages in a row without an answer"
        report.add("IF520", said, places.get(node, ()), node, "ask something, or say less", path=path)


def _leaves(states: list[State]) -> bool:
    """A condition, an answer or a time-out can end the loop."""
    inside = {s.id for s in states}
    return any(e.to not in inside for s in states for e in ((s.wait or {}).get("edges") or s.next))
