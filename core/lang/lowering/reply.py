"""The dispatch tables of a step that waits for an answer."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from core.lang.conditions import KINDS, words_of
from core.lang.fixing import removed
from core.lang.lowering import patterns
from core.lang.lowering.guard import bad_pattern, misplaced
from core.lang.lowering.inputs import resolve_input
from core.lang.lowering.message import payload_of
from core.model.fix import Related
from core.model.flowdoc import Connection, NodeDoc
from core.model.fold import plain
from core.model.program import Edge, Json

if TYPE_CHECKING:
    from core.lang.lowering.pen import Writer


def reply_wait_of(pen: "Writer", node: NodeDoc, more: Mapping[str, Json]) -> dict[str, Json]:
    """Inside one event: payload, then a typed title, keyword, pattern, media, any, input, and last the default exit.

    Buttons without a connection of their own take the exit for any answer, else the default one. Conditions that look at the
    contact (an attribute, a tag, an expression) decide about the answers that nothing else expects.
    """
    if "input" in more:
        resolve_input(pen, more["input"])
    tables = _Tables(pen, node, dict(more))
    for connection in node.connections:
        if connection.condition is not None and not tables.is_guard(connection.condition):
            tables.take(connection, connection.condition)
    tables.default()
    tables.buttons()
    wait = tables.wait
    if reprompt := node.data.get("reprompt"):
        wait["reprompt"] = {"times": reprompt["times"]}
        if reprompt.get("text"):
            wait["reprompt"]["text"] = pen.text(reprompt["text"])
    wait["interrupt"] = node.data.get("interrupt") or pen.job.doc.settings.get("interrupt") or "keywords"
    return {k: v for k, v in wait.items() if v not in (None, [], {}) or k == "edges"}


def buttons_of(node: NodeDoc) -> Iterator[Mapping[str, Any]]:
    """The buttons that a node shows, those of its cards included."""
    content = node.content
    yield from content.get("buttons") or ()
    for card in content.get("cards") or ():
        yield from card.get("buttons") or ()


class _Tables:
    def __init__(self, pen: "Writer", node: NodeDoc, more: dict[str, Json]) -> None:
        self.pen, self.node = pen, node
        self.first: dict[str, Connection] = {}
        self.wait: dict[str, Any] = {
            "kind": "reply",
            "payload": {},
            "title": {},
            "keyword": [],
            "regex": [],
            "edges": [],
            **more,
        }

    def is_guard(self, condition: Mapping[str, Any]) -> bool:
        kind = KINDS.get(condition["type"])
        if kind is not None:
            return kind.place == "guard"
        return condition["type"] in self.pen.job.catalog.language.conditions

    def _edge(self, connection: Connection, exit: str) -> int:
        return self.add(self.pen.edge(connection, exit))

    def add(self, edge: Edge) -> int:
        self.wait["edges"].append(edge)
        return len(self.wait["edges"]) - 1

    def take(self, connection: Connection, condition: Mapping[str, Any]) -> None:
        kind, value = condition["type"], condition.get("value")
        if kind == "button_payload":
            self._once("payload", str(value), connection, f"payload:{value}")
        elif kind == "keyword":
            words = [plain(w) for w in words_of(condition["value"])]
            self.wait["keyword"].append([words, self._edge(connection, f"keyword:{','.join(words)}")])
        elif kind == "regex":
            self._regex(connection, condition)
        elif kind == "media":
            self.wait["media"] = self._edge(connection, "media")
        elif kind == "any_reply":
            self.wait["any"] = self._edge(connection, "any")
        elif kind == "timeout":
            self.wait["timeout"] = [condition["seconds"], self._edge(connection, "timeout")]
        elif kind == "input_valid" and "input" in self.wait:
            self._once("input", "valid" if value else "invalid", connection, "valid" if value else "invalid")
        else:
            misplaced(self.pen, condition, "on this step")

    def _once(self, table: str, key: str, connection: Connection, exit: str) -> None:
        if key in self.wait[table]:
            self._twice(exit, connection, "IF203" if table == "payload" else "IF204")
            return
        self.first[exit] = connection
        self.wait[table][key] = self._edge(connection, exit)

    def _twice(self, exit: str, connection: Connection, code: str) -> None:
        message = f"the exit '{exit}' is connected twice; the second connection is never taken"
        fix = removed(connection.place, "remove the connection that is never taken", sure=code == "IF204")
        first = self.first.get(exit)
        related = (Related("the connection that is taken", first.place),) if first else ()
        self.pen.job.report.add(code, message, connection.place, self.node.id, fix=fix, related=related)

    def _regex(self, connection: Connection, condition: Mapping[str, Any]) -> None:
        try:
            pattern = patterns.normal(condition["value"])
        except patterns.BadPattern as e:
            bad_pattern(self.pen, condition, e)
            return
        self.wait["regex"].append([pattern, self._edge(connection, f"regex:{condition['value']}")])

    def default(self) -> None:
        """The default exit; guards come before it, in a state of their own."""
        last = self.pen.default(self.node)
        guards = [c for c in self.node.connections if c.condition is not None and self.is_guard(c.condition)]
        if guards:
            self.wait["default"] = self.add(Edge(f"{self.node.id}#unmatched", self._decide(guards, last)))
        elif last:
            self.wait["default"] = self._edge(last, "else")

    def _decide(self, guards: list[Connection], last: Connection | None) -> str:
        edges = [self.pen.edge(c, f"if{i}", self.pen.guard(c.condition)) for i, c in enumerate(guards)]
        if last:
            edges.append(self.pen.edge(last, "else"))
        return self.pen.state("unmatched", next=edges)

    def buttons(self) -> None:
        """Titles typed by hand count as taps; unconnected buttons take the exit for any answer or the default one."""
        spare = self.wait.get("any", self.wait.get("default"))
        for button in buttons_of(self.node):
            payload = payload_of(button)
            if payload is None:
                continue
            exit = self.wait["payload"].get(payload, spare)
            if exit is None:
                continue
            self.wait["payload"].setdefault(payload, exit)
            title = button.get("text") or ""
            if title and "{{" not in title:
                self.wait["title"].setdefault(plain(title), exit)
