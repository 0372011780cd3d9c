"""Triggers against the program that they start: what only both together can tell."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.lang.analysis import Analysis
from core.lang.catalog import Catalog
from core.lang.checks.private_reply import check_private_reply
from core.lang.checks.unanswered import check_unanswered
from core.lang.checks.window import check_window
from core.lang.fixing import meant, renamed
from core.lang.report import Place, Report
from core.lang.workspace import ALONE, Workspace
from core.model.diagnostic import Diagnostic, Severity
from core.model.flowdoc import NodeDoc
from core.model.program import Program
from core.model.starts import COMMENTS


def check_triggers(
    triggers: Sequence[Mapping[str, Any]], program: Program | None, registry: Catalog, around: Workspace = ALONE
) -> list[Diagnostic]:
    """Findings about ``triggers`` (camelCase objects as the API has them) and about the program that they start.

    IF113 unknown type; wrong fields by the trigger type's own check; IF406 a public reply without a comment; IF405 and IF408
    about the private reply of a flow that a comment starts; IF401 to IF410 about the window. ``program`` may be None: then only the triggers are looked at.
    """
    report = Report()
    look_at_triggers(triggers, program, registry, report, around=around)
    return list(report.sorted())


def look_at_triggers(
    triggers: Sequence[Mapping[str, Any]],
    program: Program | None,
    registry: Catalog,
    report: Report,
    nodes: Mapping[str, NodeDoc] | None = None,
    around: Workspace = ALONE,
) -> Analysis | None:
    """The same for a report that is already begun; ``nodes`` = the steps by their ids. Answers what is known of the window."""
    for i, trigger in enumerate(triggers):
        _fields(trigger, ("triggers", i), registry, report)
    if program is None:
        return None
    nodes, others = nodes or {}, around.flows_of(program)
    places = {id_: n.place for id_, n in nodes.items()}
    kinds = [t["type"] for t in triggers if isinstance(t, Mapping) and isinstance(t.get("type"), str)]
    window = check_window(program, kinds, others, report, places)
    if COMMENTS.isdisjoint(kinds):
        _without_comment(bool(kinds), program, report, places)
    else:
        check_private_reply(program, report, nodes, others)
        check_unanswered(program, window, report, places)
    return window


def _without_comment(started: bool, program: Program, report: Report, places: Mapping[str, Place]) -> None:
    """What a program does that its triggers do not allow; without any it may be a subflow."""
    if started:
        for state in program.states.values():
            if any(operation[:2] == ["fx", "comment_reply"] for operation in state.do):
                message = "no trigger of this flow brings a comment; the public reply will not be sent"
                report.add(
                    "IF406", message, places.get(state.node, ()), state.node, "add a comment trigger, or use a message"
                )


def _fields(trigger: Any, place: Place, registry: Catalog, report: Report) -> None:
    if not isinstance(trigger, Mapping):
        report.add("IF006", "a trigger must be an object", place)
        return
    kind = trigger.get("type")
    known = registry.trigger_types.get(kind) if isinstance(kind, str) else None
    if known is None:
        message = f"the trigger type '{kind}' does not exist" if isinstance(kind, str) else "a trigger needs a type"
        otherwise = f"known: {', '.join(sorted(registry.trigger_types)) or 'none'}"
        at = (*place, "type") if "type" in trigger else place
        hint, fix = meant(str(kind), registry.trigger_types, at, otherwise)
        report.add("IF113", message, at, hint=hint, fix=fix)
        return
    try:
        for p in known.problems(trigger):
            at = (*place, *p.place)
            fix = renamed(at, p.better) if p.better and p.code == "IF007" else None
            report.add(p.code, p.message, at, hint=p.hint, severity=Severity(p.severity), fix=fix)
    except Exception as e:
        report.add("IF114", f"the trigger type '{kind}' failed: {type(e).__name__}: {e}", place)
