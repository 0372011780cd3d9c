"""The ways through a flow's graph: who comes by whom, and where ways meet again."""

from collections.abc import Hashable, Iterable, Mapping, Sequence

Id = Hashable
Edges = Mapping[Id, Sequence[Id]]


def order_from(edges: Edges, root: Id) -> list[Id]:
    """What ``root`` reaches, each behind everything that it leads to (postorder)."""
    order: list[Id] = []
    seen = {root}
    stack = [(root, iter(edges[root]))]
    while stack:
        here, ways = stack[-1]
        for there in ways:
            if there not in seen:
                seen.add(there)
                stack.append((there, iter(edges[there])))
                break
        else:
            order.append(here)
            stack.pop()
    return order


def dominators(edges: Edges, root: Id) -> dict[Id, Id]:
    """Each reached node with the last one that every way from ``root`` to it comes by
    (Cooper, Harvey, Kennedy: A Simple, Fast Dominance Algorithm, 2001).

    >>> dominators({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}, "a")
    {'a': 'a', 'c': 'a', 'b': 'a', 'd': 'a'}
    """
    order = order_from(edges, root)
    number = {node: i for i, node in enumerate(order)}
    before = backwards(edges, order)
    found = {root: root}
    changed = True
    while changed:
        changed = False
        for node in reversed(order[:-1]):
            new = _common([p for p in before[node] if p in found], found, number)
            if found.get(node) != new:
                found[node], changed = new, True
    return found


def _common(nodes: Sequence[Id], found: Mapping[Id, Id], number: Mapping[Id, int]) -> Id:
    here = nodes[0]
    for other in nodes[1:]:
        while here != other:
            while number[here] < number[other]:
                here = found[here]
            while number[other] < number[here]:
                other = found[other]
    return here


def backwards(edges: Edges, nodes: Iterable[Id]) -> dict[Id, list[Id]]:
    """The edges the other way round, among ``nodes``."""
    out: dict[Id, list[Id]] = {node: [] for node in nodes}
    for node in out:
        for there in edges[node]:
            if there in out:
                out[there].append(node)
    return out
