"""Statements to nodes and connections: blocks become edges, labels become ids."""

from typing import Any, NamedTuple

from core.lang.order import arranged
from core.lang.report import Place
from core.lang.text.complaint import MISPLACED, SYNTAX, Complaints, quoted
from core.lang.text.ids import give_ids, nodes_of
from core.lang.text.tree import Exit, Piece, Step, Written
from core.lang.text.unwritten import unwritten


class Goal(NamedTuple):
    """Where a way leads: to the step ``id``, or to no step (END, HOLE). ``at`` = where that is written, if it is."""

    id: str
    at: Piece | None = None


END, HOLE = Goal("\0end"), Goal("\0hole")


class Graph:
    """The nodes of a text. ``places`` = where each part of the document stands in the text."""

    def __init__(self, written: Written, complaints: Complaints) -> None:
        self.written, self.complaints = written, complaints
        self.nodes: list[dict[str, Any]] = []
        self.places: dict[Place, Piece] = dict(written.at)
        self.exits: dict[int, list[tuple[Goal, Exit]]] = {}
        self.labels: dict[str, Goal] = {}

    def definition(self) -> dict[str, Any]:
        """The document's flowDefinition."""
        written = self.written
        give_ids(written.sections)
        for section in written.sections:
            self.labels.setdefault(section.label, self._sequence(section.body, END))
        steps = [s for section in written.sections for s in nodes_of(section.body)]
        start = self._start(steps)
        for step in steps:
            self._node(step)
        self._lay_out()
        ids = {n["id"] for n in self.nodes}
        out: dict[str, Any] = {"startNodeId": start, "nodes": self.nodes, **written.definition}
        if not start:
            del out["startNodeId"]
        if sections := [s.label for s in written.sections if s.label in ids]:
            out["sections"] = sections
        if notes := {s.label: s.notes for s in written.sections if s.notes}:
            more = out.get("sectionNotes")
            out["sectionNotes"] = {**(more if isinstance(more, dict) else {}), **notes}
        if written.notes:
            more = out.get("notes")
            out["notes"] = [*(more if isinstance(more, list) else ()), *written.notes]
        return out

    @property
    def automatic(self) -> frozenset[str]:
        """The ids that nobody wrote; the first step of a section has the section's name."""
        steps = (s for section in self.written.sections for s in nodes_of(section.body))
        return frozenset(s.id for s in steps if not s.pinned) - {s.label for s in self.written.sections}

    def _sequence(self, body: list[Step], behind: Goal) -> Goal:
        """What a body begins with; ``behind`` = where it goes on after its last step."""
        for step in reversed(body):
            behind = self._first(step, behind)
        return behind

    def _first(self, step: Step, behind: Goal) -> Goal:
        if step.kind == "goto":
            return self._goal(step.exits[0], behind)
        if step.kind == "pass":
            return behind
        if step.kind == "stop":
            return END
        ways = [(self._goal(way, behind), way) for way in step.exits]
        spare = unwritten(step.kind, step.data, [(way.condition, goal is not HOLE) for goal, way in ways])
        if spare is not None and not (behind is END and not spare and all(goal is HOLE for goal, _ in ways)):
            ways.append((behind, Exit(spare or None, "fall", step.place)))
        self.exits[id(step)] = arranged({**step.data, "type": step.kind}, ways, lambda w: w[1].condition)
        return Goal(step.id)

    def _goal(self, way: Exit, behind: Goal) -> Goal:
        if way.mode == "block":
            return self._sequence(way.body, behind)
        if way.mode == "jump":
            return Goal(way.target, way.target_at)
        return {"fall": behind, "end": END}.get(way.mode, HOLE)

    def _resolved(self, goal: Goal, way: Exit) -> Goal:
        """The node behind a label whose section begins with a jump."""
        seen = set()
        first = goal
        while goal.id in self.labels and self.labels[goal.id].id != goal.id:
            if goal.id in seen:
                message = f"{quoted(goal.id)} only leads back to itself"
                self.complaints.add(SYNTAX, message, *(first.at or way.at), "put a step in this section")
                return END
            seen.add(goal.id)
            goal = self.labels[goal.id]
        return goal if goal is END or goal is HOLE else Goal(goal.id, goal.at or first.at)

    def _node(self, step: Step) -> None:
        place: Place = ("flowDefinition", "nodes", len(self.nodes))
        self.places[place] = step.place
        if step.id_at:
            self.places[(*place, "id")] = step.id_at
        for inner, piece in step.at.items():
            self.places[(*place, *inner)] = piece
        node: dict[str, Any] = {"id": step.id, "type": step.kind}
        if step.name is not None:
            node["name"] = step.name
        node |= step.data
        if step.notes:
            node["notes"] = step.notes
        node["connections"] = self._connections(step, (*place, "connections"))
        self.nodes.append(node)

    def _connections(self, step: Step, place: Place) -> list[dict[str, Any]]:
        out: list[dict[str, Any]] = []
        for goal, way in self.exits.get(id(step), ()):
            goal = self._resolved(goal, way)
            if goal is HOLE:
                continue
            at: Place = (*place, len(out))
            self.places[at] = way.at
            if way.condition_at:
                self.places[(*at, "condition")] = way.condition_at
            if goal.at:
                self.places[(*at, "targetNodeId")] = goal.at
            out.append({"targetNodeId": None if goal is END else goal.id, "condition": way.condition})
        return out

    def _start(self, steps: list[Step]) -> str:
        """The start step: the named one, the written one, or one that is made and leads to the first section."""
        if self.written.entry is not None:
            return self.written.entry
        if found := next((s.id for s in steps if s.kind == "start"), None):
            return found
        ids = {s.id for s in steps}
        name = "start"
        while name in ids:
            name += "_"
        node: dict[str, Any] = {"id": name, "type": "start", "connections": []}
        if self.written.sections:
            first = self.written.sections[0]
            way = Exit(None, "jump", first.place, first.label)
            goal = self._resolved(Goal(first.label), way)
            self.places[("flowDefinition", "nodes", 0)] = first.place
            if goal is not END and goal is not HOLE:
                node["connections"] = [{"targetNodeId": goal.id, "condition": None}]
        self.nodes.append(node)
        return name

    def _lay_out(self) -> None:
        by_id = {n["id"]: n for n in self.nodes}
        for name, (more, piece) in self.written.layout.items():
            node = by_id.get(name)
            if node is None:
                self.complaints.add(MISPLACED, f"there is no step {quoted(name)} to place", *piece, "remove the line")
                continue
            connections, more = node.pop("connections"), dict(more)
            for connection, extra in zip(connections, _objects(more.pop("connections", None)), strict=False):
                connection |= {k: v for k, v in extra.items() if k not in connection}
            node |= more
            node["connections"] = connections


def _objects(given: Any) -> list[dict[str, Any]]:
    """What the layout says of each connection, in their order."""
    return [one if isinstance(one, dict) else {} for one in given] if isinstance(given, list) else []
