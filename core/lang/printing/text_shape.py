"""Which step another one goes on with in a text: what the graph's dominators say about a flow."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.lang.printing.text_paths import Id, backwards, dominators, order_from
from core.lang.text.unwritten import LAST, USUAL

Node = Mapping[str, Any]
Way = tuple[str | None, Any]
"""Target and condition of a connection."""
_ROOT, _EXIT = ("root",), ("exit",)


@dataclass(slots=True)
class Shape:
    """``nodes`` by id, in order; ``roots`` = where the text must begin sections: the entry, and what nothing leads to."""

    nodes: dict[str, Node]
    roots: list[str] = field(default_factory=list)
    size: dict[str, int] = field(default_factory=dict)
    _edges: dict[Id, list[Id]] = field(default_factory=dict)
    _above: dict[Id, Id] = field(default_factory=dict)
    _meets: dict[Id, list[str]] = field(default_factory=dict)
    _after: dict[Id, Id] = field(default_factory=dict)

    def join(self, id_: str, behind: str | None, heads: Iterable[str]) -> str | None:
        """The step that stands behind ``id_`` in the text; None = nothing does. ``behind`` = what its block goes on with.

        Where the ways of ``id_`` meet again; else what the block goes on with, when all ways come by there; else where it goes
        when all is well, unless another way would fall into it.
        """
        node = self.nodes[id_]
        ways = ways_of(node)
        if all(condition is None for _, condition in ways) and node.get("type") != "condition":
            return ways[0][0] if ways else None
        if meets := [m for m in self._meets.get(id_, ()) if m not in heads]:
            return meets[0]
        if behind is not None and self._after.get(id_) == behind:
            return behind
        usual = self._usual(node, ways)
        if usual is not None and usual not in heads and self._above.get(usual) == id_:
            others = [t for t, _ in ways if t != usual and t in self.nodes]
            if behind is None or not any(self._falls(o, behind, heads) for o in others):
                return usual
        return behind

    def _usual(self, node: Node, ways: Sequence[Way]) -> str | None:
        kind = str(node.get("type"))
        if kind not in USUAL and kind != "condition":
            return None
        wanted = USUAL.get(kind)
        found = [t for t, condition in ways if condition == wanted]
        alone = found and sum(t == found[0] for t, _ in ways) == 1
        return found[0] if alone and found[0] in self.nodes else None

    def _falls(self, id_: str, into: str, heads: Iterable[str]) -> bool:
        """Does a way lead from ``id_`` into a step without a jump?"""
        seen: set[Id] = set()
        stack: list[Id] = [id_]
        while stack:
            here = stack.pop()
            if here == into:
                return True
            if here not in seen and here in self.nodes and here not in heads:
                seen.add(here)
                stack += self._edges[here]
        return False


def ways_of(node: Node) -> list[Way]:
    """(target, condition) of each connection."""
    return [(c["targetNodeId"], c["condition"]) for c in node.get("connections", ())]


def shape_of(nodes: Mapping[str, Node], entry: str | None) -> Shape:
    """What the text's structure is found by; ``entry`` = the step that the flow begins with."""
    shape = Shape(dict(nodes))
    edges = shape._edges
    for id_, node in nodes.items():
        ways: list[Id] = [t if t in nodes else _EXIT for t, _ in ways_of(node)]
        edges[id_] = ways if ways and node.get("type") not in LAST else [*ways, _EXIT]
    edges[_EXIT] = []
    shape.roots = _roots(nodes, edges, entry)
    edges[_ROOT] = list(shape.roots)
    shape._above = dominators(edges, _ROOT)
    order = {there: i for i, there in enumerate(order_from(edges, _ROOT))}
    _measure(shape, order)
    back = backwards(edges, order)
    shape._after = dominators(back, _EXIT) if _EXIT in back else {}
    return shape


def _measure(shape: Shape, order: Mapping[Id, int]) -> None:
    """How many steps only one step leads to, and where the ways of each meet again, the last place first."""
    before = backwards(shape._edges, order)
    for id_ in sorted((n for n in shape.nodes if n in order), key=order.__getitem__):
        shape.size[id_] = shape.size.get(id_, 0) + 1
        over = shape._above[id_]
        if isinstance(over, str):
            shape.size[over] = shape.size.get(over, 0) + shape.size[id_]
        if len(before[id_]) > 1:
            shape._meets.setdefault(over, []).append(id_)


def _roots(nodes: Mapping[str, Node], edges: Mapping[Id, Sequence[Id]], entry: str | None) -> list[str]:
    led_to = {there for id_ in nodes for there in edges[id_]}
    roots: list[str] = []
    seen: set[Id] = {_EXIT}
    for id_ in (*([entry] if entry in nodes else []), *(n for n in nodes if n not in led_to), *nodes):
        if id_ in seen:
            continue
        roots.append(str(id_))
        stack: list[Id] = [id_]
        while stack:
            here = stack.pop()
            if here not in seen:
                seen.add(here)
                stack += edges[here]
    return roots
