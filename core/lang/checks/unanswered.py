"""IF408 beyond the private reply: what a flow that a comment starts decides by the profile before the person has answered."""

from collections.abc import Iterator, Mapping

from core.lang.analysis import Analysis
from core.lang.analysis.value import Phase
from core.lang.checks.private_reply import KNOWN_FROM_COMMENT
from core.lang.expressions import variables
from core.lang.report import Place, Report
from core.model.context import PROFILE_FIELDS
from core.model.program import Json, Program, State
from core.model.starts import COMMENTS

PRIVATE = PROFILE_FIELDS - KNOWN_FROM_COMMENT


def check_unanswered(program: Program, found: Analysis, report: Report, places: Mapping[str, Place]) -> None:
    """Adds what is read of the profile where nobody who has only commented has one."""
    reached = {
        state
        for kind, values in found.values.items()
        if kind in COMMENTS
        for state, phase in values
        if phase in (Phase.UNUSED, Phase.USED)
    }
    for state in (program.states[s] for s in program.states if s in reached):
        fields = {path[1] for e in _read(state) for path, guarded in variables(e) if not guarded and _private(path)}
        for name in sorted(fields):
            said = f"contact.{name} is asked about, and is not known of somebody who has only commented"
            hint = "ask something first: the answer allows to read the profile"
            report.add("IF408", said, places.get(state.node, ()), state.node, hint)


def _private(path: tuple[str, ...]) -> bool:
    return len(path) > 1 and path[0] == "contact" and path[1] in PRIVATE


def _read(state: State) -> Iterator[Json]:
    """What a state decides by, keeps and hands on; what it says is looked at with the private reply."""
    yield from (edge.when for edge in state.next)
    for operation in state.do:
        if operation[0] == "set":
            yield operation[3]
        elif operation[0] == "fx":
            yield from operation[2].values()
    if state.wait is not None:
        yield from (state.wait.get("args") or {}).values()
