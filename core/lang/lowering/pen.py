"""The pen that a node type writes its states with; everything that is wrong on the way becomes a diagnostic."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.lang.catalog import Catalog
from core.lang.expressions import ExpressionError
from core.lang.fixing import meant, removed, reworded
from core.lang.lowering.find import place_of
from core.lang.lowering.guard import guard_of
from core.lang.lowering.message import message_of
from core.lang.lowering.reply import reply_wait_of
from core.lang.lowering.terms import Terms
from core.lang.report import Place, Report
from core.model.fix import Related
from core.model.flowdoc import Connection, FlowDoc, NodeDoc
from core.model.program import Edge, Json, State

MISSING = "!missing"
"""The state that a connection without a target leads to: it faults, so that a draft can be played up to there."""


@dataclass(slots=True)
class Job:
    """What all pens of one compilation share."""

    doc: FlowDoc
    catalog: Catalog
    report: Report
    ids: frozenset[str]
    states: dict[str, State] = field(default_factory=dict)
    uses: dict[str, set[str]] = field(default_factory=dict)
    terms: Terms = field(init=False)

    def __post_init__(self) -> None:
        self.terms = Terms(self.catalog, self.use)

    def use(self, kind: str, name: str) -> None:
        """Notes a use once."""
        self.uses.setdefault(kind, set()).add(name)


class Writer:
    """The Pen of ``core.model.nodetype`` for one node."""

    def __init__(self, job: Job, node: NodeDoc) -> None:
        self.job, self.node = job, node
        self.written: list[str] = []

    def state(
        self,
        suffix: str = "",
        do: Sequence[Json] = (),
        wait: Mapping[str, Json] | None = None,
        next: Sequence[Edge] = (),
        outcome: str | None = None,
    ) -> str:
        """See ``Pen.state``."""
        state_id = f"{self.node.id}/{suffix}" if suffix else self.node.id
        self.job.states[state_id] = State(state_id, self.node.id, tuple(do), wait, tuple(next), outcome)
        self.written.append(state_id)
        return state_id

    def edge(self, connection: Connection, exit: str, when: Json = True, do: Sequence[Json] = ()) -> Edge:
        """See ``Pen.edge``: a target that does not exist is IF102."""
        to = connection.target
        if to is not None and to not in self.job.ids:
            message = f"the connection '{exit}' leads to '{to}', which does not exist"
            place = (*connection.place, "targetNodeId") if connection.place else self.node.place
            hint, fix = meant(to, self.job.ids, place, "add the step, or connect to another one")
            self.job.report.add("IF102", message, place, self.node.id, hint, fix=fix)
            to = MISSING
        return Edge(f"{self.node.id}#{exit}", to, when, tuple(do))

    def edges(self, node: NodeDoc) -> tuple[Edge, ...]:
        """See ``Pen.edges``."""
        out = [
            self.edge(c, f"if{i}", self.guard(c.condition))
            for i, c in enumerate(node.connections)
            if c.condition is not None
        ]
        if default := self.default(node):
            out.append(self.edge(default, "next"))
        return tuple(out)

    def default(self, node: NodeDoc) -> Connection | None:
        """The connection without a condition; a second one is never taken (IF204)."""
        found = [c for c in node.connections if c.condition is None]
        for extra in found[1:]:
            first = Related("the first connection without a condition", found[0].place)
            fix = removed(extra.place, "remove the connection that is never taken")
            said = "this second connection without a condition is never taken"
            self.job.report.add("IF204", said, extra.place, node.id, fix=fix, related=(first,))
        return found[0] if found else None

    def text(self, source: str) -> Json:
        """See ``Pen.text``."""
        return self._readable(source, self.job.terms.template)

    def value(self, source: Json) -> Json:
        """See ``Pen.value``."""
        return self._readable(source, self.job.terms.value)

    def _readable(self, source: Any, read: Callable[[Any], Json]) -> Json:
        try:
            return read(source)
        except ExpressionError as e:
            self.unreadable(e, (*self.node.place, *place_of(self.node.data, source)), source)
            return source if isinstance(source, str) else None

    def unreadable(self, e: ExpressionError, place: Place, source: Any = None) -> None:
        """Reports an expression that cannot be read; ``source`` = the text in which it stands."""
        fix = None
        if e.wrong and e.better and isinstance(source, str):
            fix = reworded(place, source, e.wrong, e.better)
        self.job.report.add(e.code, e.message, place, self.node.id, e.hint, fix=fix)

    def guard(self, condition: Mapping[str, Any] | None) -> Json:
        """See ``Pen.guard``."""
        return guard_of(self, condition)

    def message(self, data: Mapping[str, Any]) -> Json:
        """See ``Pen.message``."""
        return message_of(self, data)

    def reply_wait(self, node: NodeDoc, **more: Json) -> dict[str, Json]:
        """See ``Pen.reply_wait``."""
        return reply_wait_of(self, node, more)

    def use(self, kind: str, name: str) -> None:
        """See ``Pen.use``."""
        self.job.use(kind, name)

    def problem(self, code: str, message: str, place: Place = (), hint: str = "") -> None:
        """See ``Pen.problem``: ``place`` is relative to the step."""
        self.job.report.add(code, message, (*self.node.place, *place), self.node.id, hint)

    def condition_place(self, condition: Mapping[str, Any]) -> Place:
        """Where one of this node's conditions stands."""
        found = next((c.place for c in self.node.connections if c.condition is condition), None)
        if found is not None:
            return (*found, "condition")
        return (*self.node.place, *place_of(self.node.data, condition))
