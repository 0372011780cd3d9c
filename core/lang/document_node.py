"""One node of the document: id, type, name, notes, position, connections; everything else belongs to its node type."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.lang.conditions import KINDS, complaints
from core.lang.reading.flat_step import VERBS
from core.lang.report import Place, Report
from core.model.flowdoc import Connection, NodeDoc
from core.model.limits import ID_CHARS

BASE = frozenset({"id", "type", "name", "connections", "notes", "position"})
_FORBIDDEN = frozenset("/#\n\r\t")


@dataclass(frozen=True, slots=True)
class NodeReader:
    """``known(type)`` answers the keys that a node type reads, or None when it is not installed (then all are kept)."""

    known: Callable[[str], frozenset[str] | None]
    report: Report

    def read(self, raw: Any, place: Place) -> NodeDoc | None:
        """The node, or None when it has no id that others could name."""
        if not isinstance(raw, Mapping):
            self.report.add("IF006", "a step must be an object", place)
            return None
        node_id: Any = raw.get("id")
        if wrong := _bad_id(node_id):
            self.report.add("IF006", wrong, (*place, "id") if "id" in raw else place)
            return None
        kind = self._type(raw.get("type"), node_id, place)
        keys = self.known(kind)
        own = {k: v for k, v in raw.items() if k not in BASE}
        return NodeDoc(
            id=node_id,
            type=kind,
            name=self._name(raw.get("name"), node_id, place),
            data=own if keys is None else {k: v for k, v in own.items() if k in keys},
            connections=self._connections(raw.get("connections"), node_id, place),
            notes=self._notes(raw.get("notes"), node_id, place),
            position=self._position(raw.get("position"), node_id, place),
            extra={} if keys is None else {k: v for k, v in own.items() if k not in keys},
            place=place,
        )

    def _type(self, kind: Any, node: str, place: Place) -> str:
        if isinstance(kind, str) and kind:
            return kind
        message = "type is missing" if kind is None else "type must be a text"
        if isinstance(kind, Mapping) and "verbs" in kind:
            seen = ", ".join(kind["verbs"]) or "none"
            message = f"a step has exactly one of: {', '.join(VERBS)}; this one has {seen}"
        self.report.add("IF006", message, (*place, "type"), node)
        return ""

    def _name(self, name: Any, node: str, place: Place) -> str | None:
        if name is not None and not isinstance(name, str):
            self.report.add("IF006", "name must be a text", (*place, "name"), node)
            return None
        return name

    def _notes(self, notes: Any, node: str, place: Place) -> tuple[str, ...]:
        given = [notes] if isinstance(notes, str) else notes or []
        if not isinstance(given, list) or not all(isinstance(n, str) for n in given):
            self.report.add("IF006", "notes must be a list of texts", (*place, "notes"), node)
            return ()
        return tuple(given)

    def _position(self, at: Any, node: str, place: Place) -> tuple[float, float] | None:
        if at is None:
            return None
        if isinstance(at, Mapping) and _number(at.get("x")) and _number(at.get("y")):
            return at["x"], at["y"]
        self.report.add("IF006", "position must be an object with the numbers x and y", (*place, "position"), node)
        return None

    def _connections(self, raw: Any, node: str, place: Place) -> tuple[Connection, ...]:
        if raw is not None and not isinstance(raw, list):
            self.report.add("IF006", "connections must be a list", (*place, "connections"), node)
            return ()
        found = (self._connection(one, node, (*place, "connections", i)) for i, one in enumerate(raw or ()))
        return tuple(c for c in found if c is not None)

    def _connection(self, raw: Any, node: str, place: Place) -> Connection | None:
        if not isinstance(raw, Mapping):
            self.report.add("IF006", "a connection must be an object", place, node)
            return None
        target = raw.get("targetNodeId")
        if target is not None and not isinstance(target, str):
            self.report.add("IF006", "targetNodeId must be the id of a step, or null", (*place, "targetNodeId"), node)
            return None
        if "targetNodeId" not in raw:
            hint = "write null to end the flow here"
            self.report.add("IF006", "targetNodeId is missing", place, node, hint)
            return None
        condition = raw.get("condition")
        if condition is None:
            return Connection(target, None, place)
        return self._conditional(target, condition, node, place)

    def _conditional(self, target: str | None, condition: Any, node: str, place: Place) -> Connection | None:
        at = (*place, "condition")
        if not isinstance(condition, Mapping) or not isinstance(condition.get("type"), str):
            self.report.add("IF006", "a condition is null or an object with a type", at, node)
            return None
        wrong = complaints(condition)
        for field, message in wrong:
            self.report.add(
                "IF006", f"the condition's {field} {message}", (*at, field) if field in condition else at, node
            )
        if wrong and condition["type"] in KINDS:
            return None
        return Connection(target, condition, place)


def _bad_id(node_id: Any) -> str:
    if not isinstance(node_id, str) or not node_id:
        return "a step needs an id that is a text"
    if len(node_id) > ID_CHARS:
        return f"the id of a step may have {ID_CHARS} characters"
    if _FORBIDDEN & set(node_id) or node_id.startswith("!"):
        return "the id of a step may not begin with '!' and may not hold '/', '#' or line breaks"
    return ""


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
