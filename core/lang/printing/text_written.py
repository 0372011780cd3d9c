"""The document as what the text would say: header, sections, layout, and which ids must be written."""

from collections.abc import Mapping
from typing import Any

from core.lang.printing.text_entry import NOWHERE
from core.lang.printing.text_structure import sections_of
from core.lang.text.ids import give_ids, nodes_of
from core.lang.text.tree import Step, Written

Node = Mapping[str, Any]
_OURS = ("startNodeId", "nodes", "sections", "sectionNotes", "notes")


def written_of(envelope: Mapping[str, Any], plain: frozenset[str]) -> Written:
    """``envelope`` = a sound document in its normal form; ``plain`` = ids of steps that are written as ``do``."""
    inner = envelope["flowDefinition"]
    nodes = {n["id"]: n for n in inner["nodes"]}
    start = inner.get("startNodeId", "")
    made = _made_start(nodes, start)
    entry = nodes[start]["connections"][0]["targetNodeId"] if made else start
    shown = {id_: n for id_, n in nodes.items() if not made or id_ != start}
    out = Written({k: v for k, v in envelope.items() if k != "flowDefinition"})
    out.definition = {k: v for k, v in inner.items() if k not in _OURS}
    notes = _section_notes(inner, shown, out)
    wished = [s for s in _listed(inner.get("sections")) if isinstance(s, str)]
    out.sections = sections_of(shown, entry, list(dict.fromkeys([*wished, *notes])), plain)
    for section in out.sections:
        section.notes = notes.get(section.label, [])
    _pin(out)
    if not made and start != next((s.id for s in _steps(out) if s.kind == "start"), None):
        out.entry = start
    _notes(inner, out)
    for step in _steps(out):
        _lay_out(step, nodes[step.id], out)
    if made:
        _place(start, nodes[start], out, "position")
    return out


def _made_start(nodes: Mapping[str, Node], start: str) -> bool:
    """True when the start step is the one that a text has without saying so."""
    node = nodes.get(start, {})
    if node.get("type") != "start" or set(node) - {"id", "type", "connections", "position"}:
        return False
    name = "start"
    while name in nodes and name != start:
        name += "_"
    ways = node.get("connections", [])
    alone = len(ways) == 1 and set(ways[0]) == {"targetNodeId", "condition"} and ways[0]["condition"] is None
    others = (n for n in nodes.values() if n is not node)
    if name != start or not alone or any(n.get("type") == "start" for n in others):
        return False
    return ways[0]["targetNodeId"] in nodes and ways[0]["targetNodeId"] != start


def _steps(written: Written) -> list[Step]:
    return [step for section in written.sections for step in nodes_of(section.body)]


def _pin(written: Written) -> None:
    """Marks the ids that the text must say, since the step would be called otherwise."""
    steps = _steps(written)
    wanted = {id(step): step.id for step in steps}
    for step in steps:
        step.pinned = step.kind == "end" and step.word == "end" and "outcome" not in step.data
    while True:
        give_ids(written.sections)
        wrong = [step for step in steps if step.id != wanted[id(step)]]
        for step in steps:
            step.id = wanted[id(step)]
        for step in wrong:
            step.pinned = True
        if not wrong:
            return


def _listed(given: Any) -> list[Any]:
    return given if isinstance(given, list) else []


def _section_notes(inner: Node, shown: Mapping[str, Node], out: Written) -> dict[str, list[str]]:
    """The comments of the sections; what cannot be a comment stays a key of the definition."""
    given = inner.get("sectionNotes")
    if isinstance(given, Mapping) and all(k in shown and _comments(v) and v for k, v in given.items()):
        return {k: list(v) for k, v in given.items()}
    if given is not None:
        out.definition["sectionNotes"] = given
    return {}


def _notes(inner: Node, out: Written) -> None:
    if _comments(inner.get("notes", [])):
        out.notes = list(inner.get("notes", []))
    else:
        out.definition["notes"] = inner["notes"]


def _comments(notes: Any) -> bool:
    """True when these are notes that can stand behind ``#``."""
    return isinstance(notes, list) and all(isinstance(n, str) and _one_line(n) for n in notes)


def _one_line(text: str) -> bool:
    return text == text.strip() and "\n" not in text and "\r" not in text


def _lay_out(step: Step, node: Node, out: Written) -> None:
    """What a step's own lines do not say goes into the layout."""
    more: list[str] = ["position"]
    if "notes" in node and not _comments(node["notes"]):
        step.notes = []
        more.append("notes")
    if "name" in node and not (isinstance(node["name"], str) and _one_line(node["name"])):
        step.name = None
        more.append("name")
    if step.word == "if":
        more += list(step.data)
        step.data = {}
    _place(step.id, node, out, *more)


def _place(id_: str, node: Node, out: Written, *keys: str) -> None:
    more = {k: node[k] for k in keys if k in node}
    extra = [
        {k: v for k, v in c.items() if k not in ("targetNodeId", "condition")} for c in node.get("connections", ())
    ]
    if any(extra):
        more["connections"] = extra
    if more:
        out.layout[id_] = more, NOWHERE
