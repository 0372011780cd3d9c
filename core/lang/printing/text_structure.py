"""From the graph to blocks: sections, steps under steps, and jumps only where the graph needs them."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.lang.order import arranged
from core.lang.printing.text_entry import NOWHERE
from core.lang.printing.text_shape import Node, Shape, Way, shape_of, ways_of
from core.lang.printing.text_steps import WORDS, fits
from core.lang.text.tree import Exit, Section, Step
from core.lang.text.unwritten import LAST, unwritten

DEPTH = 12
"""Blocks are not nested deeper."""
INLINE = 12
"""A way with more steps becomes a section; each level halves it. Not in a text that had sections: its author knows."""
_FIELDS = frozenset({"id", "type", "name", "notes", "position", "connections"})


def sections_of(
    nodes: Mapping[str, Node], entry: str | None, wished: Sequence[str], plain: frozenset[str]
) -> list[Section]:
    """The sections that say ``nodes``, the one with ``entry`` first. ``wished`` = ids that begin sections, in their order;
    ``plain`` = ids of steps that are written as ``do``."""
    shape = shape_of(nodes, entry)
    heads = list(dict.fromkeys([*shape.roots[:1], *(w for w in wished if w in nodes)]))
    more: list[str] = [r for r in shape.roots if r not in heads]
    while True:
        ordered = _ordered(heads, more, wished, entry)
        weaver = Weaver(shape, set(ordered), plain, free=bool(wished))
        sections = weaver.sections(ordered)
        if not weaver.wanted:
            return sections
        heads += weaver.wanted


def _ordered(heads: list[str], more: list[str], wished: Sequence[str], entry: str | None) -> list[str]:
    if not wished:
        return [*heads, *more]
    ranks = {id_: i for i, id_ in enumerate(wished)}
    return sorted([*heads, *more], key=lambda h: -1 if h == entry else ranks.get(h, len(ranks)))


class Weaver:
    """One try with the given section heads. ``wanted`` = steps that must be heads too, since something jumps to them: the next try
    knows them from the beginning."""

    def __init__(self, shape: Shape, heads: set[str], plain: frozenset[str], free: bool) -> None:
        self.shape, self.heads, self.plain, self.free = shape, heads, plain, free
        self.wanted: list[str] = []
        self.told: set[str] = set()

    def sections(self, heads: Sequence[str]) -> list[Section]:
        """The sections of ``heads``, and of the steps that are wanted meanwhile, so that few tries are needed."""
        queue, out = list(heads), []
        for head in queue:
            known = len(self.wanted)
            out.append(self.section(head))
            new = [w for w in self.wanted[known:] if w not in self.told]
            self.heads.update(new)
            queue += new
        return out

    def section(self, head: str) -> Section:
        """The section that begins with the step ``head``."""
        body, _ = self._sequence(head, None, 0, top=True)
        return Section(head, NOWHERE, body, [])

    def _want(self, id_: str) -> None:
        if id_ in self.shape.nodes and id_ not in self.heads and id_ not in self.wanted:
            self.wanted.append(id_)

    def _sequence(self, here: str | None, behind: str | None, depth: int, top: bool = False) -> tuple[list[Step], bool]:
        """The steps from ``here`` on, up to ``behind`` (None = the end of the flow); True when the last one goes on there."""
        out: list[Step] = []
        while here != behind:
            if here is None:
                out.append(Step("stop", "end", NOWHERE))
                return out, False
            if here not in self.shape.nodes or here in self.told or (here in self.heads and not top):
                self._want(here)
                out.append(Step("goto", "goto", NOWHERE, exits=[Exit(None, "jump", NOWHERE, here)]))
                return out, False
            top = False
            self.told.add(here)
            last = self.shape.nodes[here].get("type") in LAST
            join = behind if last else self.shape.join(here, behind, self.heads)
            step, falls = self._step(self.shape.nodes[here], join, depth)
            out.append(step)
            if last or (join is None and not falls):
                return out, falls
            here = join
        return out, True

    def _step(self, node: Node, behind: str | None, depth: int) -> tuple[Step, bool]:
        """The step; True when something of it goes on behind it."""
        step = blank_step(node, node["id"] in self.plain)
        ways = ways_of(node)
        usual = unwritten(step.kind, step.data, [(c, True) for _, c in ways if c is not None and c != _usual(step, c)])
        left_out = _left_out(node, ways, usual, behind)
        falls = left_out is not None
        for i, (target, condition) in enumerate(ways):
            if i != left_out:
                way, through = self._exit(target, condition, behind, depth, needs_arm=step.word == "if")
                step.exits.append(way)
                falls = falls or through
        if left_out is None and usual is not None and (ways or behind is not None or usual):
            open_ = all(way.condition != (usual or None) for way in step.exits)
            step.exits += [Exit(usual or None, "hole", NOWHERE)] if open_ else []
        falls = falls or (not ways and behind is None)
        if not fits(step):
            step.word = "do"
        return step, falls

    def _exit(
        self, target: str | None, condition: Any, behind: str | None, depth: int, needs_arm: bool
    ) -> tuple[Exit, bool]:
        if target == behind and target is not None:
            body = [Step("pass", "pass", NOWHERE)] if needs_arm else []
            return Exit(condition, "block" if needs_arm else "fall", NOWHERE, body=body), True
        if target is None:
            return Exit(condition, "end", NOWHERE), False
        if self._jumps(target, depth):
            self._want(target)
            return Exit(condition, "jump", NOWHERE, target), False
        body, through = self._sequence(target, behind, depth + 1)
        return Exit(condition, "block", NOWHERE, body=body), through

    def _jumps(self, target: str, depth: int) -> bool:
        if target not in self.shape.nodes or target in self.heads or target in self.told or depth >= DEPTH:
            return True
        return not self.free and self.shape.size.get(target, 1) > INLINE >> depth


def blank_step(node: Node, plain: bool) -> Step:
    """A node as a step without its exits."""
    kind = str(node.get("type"))
    notes = node.get("notes", [])
    return Step(
        kind,
        "do" if plain else WORDS.get(kind, "do"),
        NOWHERE,
        {k: v for k, v in node.items() if k not in _FIELDS},
        id=node["id"],
        name=node.get("name"),
        notes=list(notes) if isinstance(notes, list) else [],
    )


def _usual(step: Step, condition: Any) -> Any:
    """``condition`` when it is the one that a step of its kind has anyway."""
    spare = unwritten(step.kind, {}, [])
    return condition if spare is not None and condition == spare else None


def _left_out(node: Node, ways: Sequence[Way], usual: Mapping[str, Any] | None, behind: str | None) -> int | None:
    """Which way needs no words, since the step goes on behind itself anyway and the reader puts it where it is."""
    if usual is None or ways == [(None, None)]:
        return None
    alike = [i for i, (_, condition) in enumerate(ways) if condition == (usual or None)]
    if len(alike) != 1 or ways[alike[0]][0] != behind:
        return None
    found = alike[0]
    read = arranged(node, [*ways[:found], *ways[found + 1 :], ways[found]], lambda way: way[1])
    return found if read == list(ways) else None
