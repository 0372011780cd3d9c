"""IF520, IF521: how much a flow says, and calls, without anybody answering."""

from collections.abc import Iterable, Mapping

from core.lang.analysis import Bounds, bounds_of
from core.lang.analysis.talk import Point
from core.lang.report import Place, Report
from core.model.diagnostic import Severity
from core.model.limits import MESSAGES_PER_STEP
from core.model.program import Program

MANY = 5
"""Messages in a row that nobody has answered: more is a monologue."""


def check_bounds(
    program: Program, others: Mapping[str, Program], report: Report, places: Mapping[str, Place]
) -> Bounds:
    """Adds what is too much; answers the bounds. ``others`` = the flows that it may run."""
    bounds = bounds_of(program, others)
    if bounds.per_step is not None and bounds.per_step > MESSAGES_PER_STEP:
        said = f"{bounds.per_step} messages without a wait between them; a run that sends more than {MESSAGES_PER_STEP} at once stops"
        _add(program, "IF520", said, "put a question, a button or a wait between them", bounds.burst, report, places)
    elif bounds.loop:
        _loop(program, bounds.loop, "sending although nobody answers", report, places)
    elif bounds.unanswered is not None and bounds.unanswered > MANY:
        said = f"up to {bounds.unanswered} messages in a row without an answer"
        severity = Severity.WARNING
        _add(program, "IF520", said, "ask something, or say less", bounds.longest, report, places, severity)
    if bounds.calling:
        _loop(program, bounds.calling, "calling although nothing happens in between", report, places)
    return bounds


def _add(
    program: Program,
    code: str,
    said: str,
    hint: str,
    points: tuple[Point, ...],
    report: Report,
    places: Mapping[str, Place],
    severity: Severity = Severity.ERROR,
) -> None:
    """At the message that is one too many; the way holds the others."""
    most = MESSAGES_PER_STEP if severity is Severity.ERROR else MANY
    node = program.states[points[min(most, len(points) - 1)].own].node
    report.add(code, said, places.get(node, ()), node, hint, severity, _nodes(program, points))


def _loop(program: Program, points: tuple[Point, ...], what: str, report: Report, places: Mapping[str, Place]) -> None:
    node = next(program.states[p.own].node for p in points if p.sends or p.calls)
    ends = _leaves(points) or bool(program.settings.get("expireSeconds"))
    hint = "let it wait for an answer, or end after some rounds"
    severity = Severity.WARNING if ends else Severity.ERROR
    message = f"this loop goes on {what}"
    report.add("IF521", message, places.get(node, ()), node, hint, severity, _nodes(program, points))


def _nodes(program: Program, points: Iterable[Point]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(program.states[p.own].node for p in points))


def _leaves(points: tuple[Point, ...]) -> bool:
    """Something else than an answer can end the loop: a condition, a time-out, how a call went."""
    inside = {p.state.id for p in points}
    for state in (p.state for p in points):
        wait = state.wait
        timeout = wait.get("timeout") if wait is not None and wait["kind"] == "reply" else None
        edges = [wait["edges"][timeout[1]]] if wait is not None and timeout else state.edges
        asks = wait is not None and wait["kind"] in ("reply", "human") and not timeout
        if not asks and (any(e.to not in inside for e in edges) or state.outcome is not None):
            return True
    return False
