"""Three-way merge of documents: by step, by field of a step, by exit; what cannot be put together is named."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.lang.printing.normal import enveloped, normal
from core.lang.revisions.carry import carried, free_id, placed, renamed
from core.lang.revisions.lists import ABSENT, keyed, order, replaced

Document = dict[str, Any]
Path = tuple[str, ...]
Sides = tuple[Any, Any, Any]
"""Base, ours, theirs."""
_SILENT = frozenset({"position", "sections"})
"""Where one side is taken without a word: places on the canvas, and what belongs to the text language."""
_LISTS = frozenset(
    {"nodes", "connections", "buttons", "cards", "media", "notes", "triggers", "params", "tagNames", "options"}
) | {"sections", "properties"}


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both sides changed one thing in different ways. ``path``: names of steps and fields; ``step`` = the step it is about, if any.

    ``base``, ``ours``, ``theirs`` = the three values; ``ABSENT`` where a side has none.
    """

    path: Path
    base: Any
    ours: Any
    theirs: Any
    step: str | None = None

    @property
    def where(self) -> str:
        """The path for people."""
        return " › ".join(p for p in self.path if p != "flowDefinition")


@dataclass(frozen=True, slots=True)
class Merged:
    """The document, in which ours stands where there is a conflict."""

    document: Document
    conflicts: list[Conflict] = field(default_factory=list)


def merged(
    base: Mapping[str, Any],
    ours: Mapping[str, Any],
    theirs: Mapping[str, Any],
    automatic: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset()),
) -> Merged:
    """The changes from ``base`` to ``ours`` and from ``base`` to ``theirs`` in one document, in its normal form.

    ``automatic`` = ids of ours and of theirs that nobody wrote: they are told by what the steps say, and a new step of both sides with
    one such id is two steps.
    """
    old, mine, other = (enveloped(normal(d)) for d in (base, ours, theirs))
    mine = _renamed(mine, old, automatic[0])
    other = _renamed(other, old, automatic[1])
    other = _apart(old, mine, other, automatic[1])
    weaver = _Weaver()
    document = weaver.value((), (old, mine, other))
    weaver.loose_ends(document, (old, mine, other))
    bare = all("flowDefinition" not in d for d in (base, ours, theirs))
    return Merged(document["flowDefinition"] if bare else document, weaver.conflicts)


def _renamed(new: Document, old: Document, automatic: frozenset[str]) -> Document:
    definition = carried(new["flowDefinition"], old["flowDefinition"], automatic)
    return {**new, "flowDefinition": placed(definition, old["flowDefinition"])}


def _apart(old: Document, mine: Document, other: Document, automatic: frozenset[str]) -> Document:
    """Theirs with other ids for new steps that have by chance the id of a new one of ours."""
    known, ours, theirs = (_by_id(d["flowDefinition"]) for d in (old, mine, other))
    both = (ours.keys() & theirs.keys()) - known.keys()
    clash = [i for i in theirs if i in both and ours[i] != theirs[i] and (i in automatic or _numbered(i))]
    taken = {*known, *ours, *theirs}
    names = {}
    for id_ in clash:
        names[id_] = free_id(id_, taken)
        taken.add(names[id_])
    return {**other, "flowDefinition": renamed(other["flowDefinition"], names)} if names else other


def _numbered(id_: str) -> bool:
    """Automatic ids as ``carried`` makes them new."""
    return "." in id_ and id_[-1:].isdigit()


def _by_id(definition: Mapping[str, Any]) -> dict[str, Any]:
    nodes = definition.get("nodes")
    return {n["id"]: n for n in nodes if isinstance(n, Mapping) and "id" in n} if isinstance(nodes, list) else {}


class _Weaver:
    def __init__(self) -> None:
        self.conflicts: list[Conflict] = []

    def value(self, path: Path, sides: Sides, step: str | None = None) -> Any:
        """One thing of three versions; ``step`` = the step that it is a part of."""
        base, ours, theirs = sides
        if ours == theirs or base == theirs:
            return ours
        if base == ours:
            return theirs
        name = path[-1] if path else ""
        if name in _SILENT:
            return ours if ours is not ABSENT else theirs
        there = ours is not ABSENT and theirs is not ABSENT
        if there and all(isinstance(s, Mapping) or s is ABSENT for s in sides):
            return self._mapping(path, sides, step)
        if there and name in _LISTS and all(isinstance(s, list) or s is ABSENT for s in sides):
            found = self._list(path, sides, step)
            if found is not None:
                return found
        self.conflicts.append(Conflict(path, *sides, step=step))
        return ours if ours is not ABSENT else theirs

    def _mapping(self, path: Path, sides: Sides, step: str | None) -> Document:
        out: Document = {}
        _, ours, theirs = sides
        for key in dict.fromkeys((*ours, *theirs)):
            value = self.value((*path, key), _part(sides, key), step)
            if value is not ABSENT:
                out[key] = value
        return out

    def _list(self, path: Path, sides: Sides, step: str | None) -> list[Any] | None:
        """Item by item; None when the items cannot be told apart, or when both sides put other ones into the place of one, or all
        into another order."""
        name = path[-1]
        old, ours, theirs = (keyed(name, [] if s is ABSENT else s) for s in sides)
        if old is None or ours is None or theirs is None:
            return None
        if name != "nodes" and replaced(old, ours, theirs):
            return None
        wanted = order(list(old), list(ours), list(theirs), strict=name == "connections")
        if wanted is None:
            return None
        out = []
        for key in wanted:
            about = str(key) if name == "nodes" else step
            value = self.value((*path, str(key)), _part((old, ours, theirs), key), about)
            if value is not ABSENT:
                out.append(value)
        return out

    def loose_ends(self, document: Document, sides: Sides) -> None:
        """Names the connections to steps that one side removed and the other one still, or newly, leads to; of a conflict both
        answers are looked at, whichever stands in the document for now."""
        here = _by_id(document["flowDefinition"])
        known = [_by_id(s["flowDefinition"]) for s in sides]
        loose = [_loose(k) for k in known[1:]]
        sides_of = ((c, side) for c in self.conflicts if c.step for side in (c.ours, c.theirs))
        said = ((str(c.step), t) for c, side in sides_of for t in _led(c.path, side) if t not in here)
        for id_, target in dict.fromkeys((*_loose(here), *said)):
            if not any((id_, target) in side for side in loose):
                base, ours, theirs = (target if target in k else ABSENT for k in known)
                path = ("flowDefinition", "nodes", id_, "connections", target)
                self.conflicts.append(Conflict(path, base, ours, theirs, id_))


def _loose(nodes: Mapping[str, Any]) -> dict[tuple[str, str], None]:
    """(step, target) of the connections that lead to no step."""
    ways = ((id_, w.get("targetNodeId")) for id_, n in nodes.items() for w in n.get("connections", ()))
    return {(id_, target): None for id_, target in ways if target is not None and target not in nodes}


def _led(path: Path, value: Any) -> list[str]:
    """The steps that a value in conflict leads to: a target, a connection or all connections of a step."""
    if isinstance(value, str):
        return [value] if path[-1] == "targetNodeId" else []
    ways = value if isinstance(value, list) else [value]
    targets = [w.get("targetNodeId") for w in ways if isinstance(w, Mapping) and "connections" in path]
    return [t for t in targets if isinstance(t, str)]


def _part(sides: Sides, key: Any) -> Sides:
    """What each side has under a key."""
    base, ours, theirs = (ABSENT if s is ABSENT else s.get(key, ABSENT) for s in sides)
    return base, ours, theirs
