"""IF701 to IF704: the properties of a flow against the conversations that it can have."""

from collections.abc import Sequence
from dataclasses import replace

from core.lang.catalog import Catalog
from core.lang.expressions import ExpressionError
from core.lang.lowering.terms import Terms
from core.lang.properties.spell import either
from core.lang.report import Report
from core.lang.workspace import Workspace
from core.model.diagnostic import has_errors
from core.model.flowdoc import FlowDoc
from core.model.program import Program
from core.model.properties import Explored, Occurrence, Property


def check_properties(
    doc: FlowDoc, program: Program | None, catalog: Catalog, report: Report, around: Workspace
) -> None:
    """Adds what breaks them, each with a conversation. A flow with other errors is not looked at: they come first."""
    ready = [p for p in (_ready(p, catalog, report) for p in doc.properties) if p is not None]
    if program is None:
        return
    for of in ready:
        _steps(of, program, around, report)
    if not ready or has_errors(report.found):
        return
    starts = [str(t["type"]) for t in doc.triggers if t.get("type")]
    _tell(ready, catalog.explore(program, around.flows_of(program), ready, starts), report)


def _ready(of: Property, catalog: Catalog, report: Report) -> Property | None:
    """With plugins' filters expanded."""
    if of.condition is None:
        return of
    try:
        return replace(of, condition=Terms(catalog, lambda kind, name: None).checked(of.condition))
    except ExpressionError as e:
        report.add("IF703", f"the condition cannot be read: {e.message}", of.place, hint=e.hint)
        return None


def _tell(properties: Sequence[Property], found: Explored, report: Report) -> None:
    for one in found.broken:
        of = properties[one.number]
        message = f"'{of.text}' does not hold: {one.what}"
        hint = "the conversation shows it; change the flow, or say in the property when this is allowed"
        report.add("IF701", message, of.place, one.node or None, hint, path=_path(one.path), witness=one.script)
    kept = [p for n, p in enumerate(properties) if n not in {b.number for b in found.broken}]
    if found.whole:
        for n, event in found.unseen:
            if properties[n] in kept:
                _never(properties[n], event, report)
    elif kept:
        said = f"{found.steps} events were played, up to {found.events} in one conversation, and nothing breaks it"
        for of in kept:
            report.add(
                "IF702", f"'{of.text}': {said}; not everything was tried", of.place, hint="; ".join(found.why_not)
            )


def _path(path: tuple[str, ...]) -> tuple[str, ...]:
    return path if len(path) > 1 else ()


def _never(of: Property, event: Occurrence, report: Report) -> None:
    said = f"'{of.text}' counts after {either((event,))}, which never happens in this flow"
    report.add("IF704", said, of.place, hint="check the spelling")


def _steps(of: Property, program: Program, around: Workspace, report: Report) -> None:
    """A step that is named has to be there, in the flow or in one that it runs."""
    flows = around.flows_of(program)
    known = {s.node for s in program.states.values()}
    for name in program.uses.get("flows", ()):
        other = flows.get(name)
        known |= {s.node for s in other.states.values()} if other else set()
    for event in (*of.events, *of.first, *of.after, *of.until):
        if event.kind == "step" and not {"*", "?"} & set(event.value) and event.value not in known:
            report.add("IF704", f"'{of.text}' names the step '{event.value}', which does not exist", of.place)
