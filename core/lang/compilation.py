"""The compiler's two entrances: parsed JSON for the API, text for files; the same way from there on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from types import MappingProxyType
from typing import Any

from core.lang.analysis import Analysis, Bounds
from core.lang.catalog import Catalog
from core.lang.checks.properties import check_properties
from core.lang.checks.run import run_checks
from core.lang.document import read_document
from core.lang.fixing import with_edits
from core.lang.locales import localised, with_files
from core.lang.lowering import lower
from core.lang.reading import Source, read
from core.lang.reading.unreadable import Unreadable
from core.lang.report import Locate, Place, Report
from core.lang.triggers import look_at_triggers
from core.lang.upgrade import bring_up, refuse_newer
from core.lang.vet import unfit
from core.lang.workspace import ALONE, Workspace
from core.model.diagnostic import Diagnostic, has_errors
from core.model.flowdoc import FlowDoc
from core.model.program import Program
from core.model.span import Span

NONE: Mapping[str, str | bytes] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Compilation:
    """What came out. A draft with errors has a program too when it could be lowered: it plays up to the faulty step.

    ``bounds`` = how much it can say, ``window`` = what is known of the messaging window in each state; None without a program.
    """

    doc: FlowDoc | None
    program: Program | None
    diagnostics: tuple[Diagnostic, ...]
    bounds: Bounds | None = None
    window: Analysis | None = None

    @property
    def ok(self) -> bool:
        """True when it may be activated."""
        return self.program is not None and not has_errors(self.diagnostics)


def compile_definition(definition: Mapping[str, Any], registry: Catalog, around: Workspace = ALONE) -> Compilation:
    """Compiles parsed JSON: a definition, or the envelope {name, description, status, triggers, flowDefinition}.

    ``around`` = the account's other flows and names. Never raises for what an author wrote. Diagnostics have places, not
    spans: there is no text.
    """
    return _compile(definition, registry, around)


def compile_text(
    text: str | bytes,
    registry: Catalog,
    format: str | None = None,
    source: str = "<flow>",
    around: Workspace = ALONE,
    locales: Mapping[str, str | bytes] = NONE,
) -> Compilation:
    """Compiles JSON (comments and trailing commas allowed), YAML or the text language, told apart by ``format``, the ending of
    ``source``, or how it begins. ``locales`` = the texts of the locale files beside it, by language. Never raises for what an
    author wrote; diagnostics and the program's source map have lines."""
    report = Report()
    try:
        origin = read(text, format, source)
    except Unreadable as e:
        for one in (e, *e.others):
            report.add(one.code, one.message, hint=one.hint, span=one.span, fix=one.fix, related=one.related)
        if e.rest is None:
            return Compilation(None, None, report.sorted())
        origin = e.rest
    data = with_files(origin.data, locales, (PurePath(source).stem,), report)
    done = _compile(data, registry, around, _inside(origin), report)
    done = replace(done, diagnostics=with_edits(done.diagnostics, origin))
    if done.program is None or done.doc is None:
        return done
    spans = ((n.id, origin.span(n.place)) for n in done.doc.nodes)
    lines = {node: [s.line, s.column, s.end_line, s.end_column] for node, s in spans if s}
    return replace(done, program=replace(done.program, source_map=lines))


def _inside(origin: Source) -> Locate:
    """Spans of places in the text itself: translations of files beside it have none."""

    def locate(place: Place) -> Span | None:
        return None if "locales" in place[:2] and not _holds(origin.data, place) else origin.span(place)

    return locate


def _holds(data: Any, place: Place) -> bool:
    for key in place:
        if not isinstance(data, Mapping) or key not in data:
            return False
        data = data[key]
    return True


def _compile(
    data: Any, registry: Catalog, around: Workspace, locate: Locate | None = None, report: Report | None = None
) -> Compilation:
    report = report or Report()
    if wrong := unfit(data):
        report.add("IF001", wrong[0], wrong[1])
        return Compilation(None, None, report.sorted(locate))
    if refuse_newer(data, report):
        return Compilation(None, None, report.sorted(locate))
    doc = read_document(bring_up(data), _known(registry), report)
    if doc is None:
        return Compilation(None, None, report.sorted(locate))
    program = localised(doc, lower(doc, registry, report), registry, report)
    bounds = run_checks(doc, program, registry, report, around)
    nodes = {n.id: n for n in doc.nodes}
    window = look_at_triggers(doc.triggers, program, registry, report, nodes, around)
    check_properties(doc, program, registry, report, around)
    return Compilation(doc, program, report.sorted(locate), bounds, window)


def _known(registry: Catalog) -> Any:
    """The keys that a node type reads, from its JSON Schema; None when it is not installed or takes any key."""
    seen: dict[str, frozenset[str] | None] = {}

    def known(kind: str) -> frozenset[str] | None:
        if kind not in seen:
            seen[kind] = _keys(registry, kind)
        return seen[kind]

    return known


def _keys(registry: Catalog, kind: str) -> frozenset[str] | None:
    node_type = registry.node_types.get(kind)
    if node_type is None:
        return None
    try:
        schema = node_type.json_schema()
        return None if schema.get("additionalProperties") else frozenset(schema.get("properties", ()))
    except Exception:
        return None
