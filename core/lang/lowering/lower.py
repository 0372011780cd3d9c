"""Each node to its states, in order; a node that cannot be lowered becomes a state that faults, so that a draft previews."""

from core.lang.catalog import Catalog
from core.lang.fixing import meant, renamed
from core.lang.lowering.pen import MISSING, Job, Writer
from core.lang.report import Report
from core.model.codec import seal
from core.model.diagnostic import Severity
from core.model.flowdoc import FlowDoc, NodeDoc
from core.model.nodetype import NodeType
from core.model.program import Program, State


def lower(doc: FlowDoc, catalog: Catalog, report: Report) -> Program | None:
    """The sealed program; None when the document has no start to begin at."""
    job = Job(doc, catalog, report, frozenset(n.id for n in doc.nodes))
    for node in doc.nodes:
        _lower_node(job, node)
    if any(edge.to == MISSING for state in job.states.values() for edge in state.edges):
        job.states[MISSING] = State(MISSING, MISSING, outcome="fault:IF102")
    if doc.start not in job.ids:
        return None
    return seal(
        Program(
            entry=doc.start,
            states=job.states,
            params=tuple({k: p[k] for k in ("name", "type", "default") if k in p} for p in doc.params),
            settings=dict(doc.settings),
            uses={kind: tuple(sorted(names)) for kind, names in sorted(job.uses.items())},
        )
    )


def _lower_node(job: Job, node: NodeDoc) -> None:
    pen = Writer(job, node)
    kind = job.catalog.node_types.get(node.type)
    if kind is None:
        if node.type:
            otherwise = "install the plugin that provides it, or remove the step"
            place = (*node.place, "type")
            hint, fix = meant(node.type, job.catalog.node_types, place, otherwise)
            job.report.add("IF110", f"the step type '{node.type}' is not installed", place, node.id, hint, fix=fix)
        pen.state(outcome="fault:IF110" if node.type else "fault:IF006")
        return
    try:
        broken = _fields(job, node, kind)
        if not broken:
            kind.lower(node, pen)
    except Exception as e:
        job.report.add("IF114", f"the step type '{node.type}' failed: {type(e).__name__}: {e}", node.place, node.id)
        broken = "IF114"
    if not broken and node.id not in job.states:
        job.report.add("IF114", f"the step type '{node.type}' wrote no state '{node.id}'", node.place, node.id)
        broken = "IF114"
    if broken:
        for written in pen.written:
            job.states.pop(written, None)
        pen.state(outcome=f"fault:{broken}")
        _targets(pen, node)


def _fields(job: Job, node: NodeDoc, kind: NodeType) -> str:
    """Reports what is wrong with the fields; answers the code that forbids to lower the node, or nothing."""
    broken = ""
    for p in kind.problems(node):
        severity = Severity(p.severity)
        place = (*node.place, *p.place)
        fix = renamed(place, p.better) if p.better and p.code == "IF007" else None
        job.report.add(p.code, p.message, place, node.id, p.hint, severity, fix=fix)
        if severity is Severity.ERROR:
            broken = broken or p.code
    return broken


def _targets(pen: Writer, node: NodeDoc) -> None:
    """Dangling connections are told of also when the step itself is broken."""
    for connection in node.connections:
        name = connection.condition["type"] if connection.condition else "next"
        pen.edge(connection, name)
