"""Which things come back to each other: the strongly connected components of a graph."""

from collections.abc import Callable, Iterable


def components(states: Iterable[str], successors: Callable[[str], Iterable[str]]) -> list[list[str]]:
    """Strongly connected components (Tarjan), successors before predecessors, without recursion."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    out: list[list[str]] = []
    for root in states:
        if root in index:
            continue
        work = [(root, iter(successors(root)))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            state, rest = work[-1]
            for other in rest:
                if other not in index:
                    index[other] = low[other] = len(index)
                    stack.append(other)
                    on_stack.add(other)
                    work.append((other, iter(successors(other))))
                    break
                if other in on_stack:
                    low[state] = min(low[state], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[state])
                if low[state] == index[state]:
                    out.append(_popped(stack, on_stack, state))
    return out


def _popped(stack: list[str], on_stack: set[str], until: str) -> list[str]:
    found: list[str] = []
    while not found or found[-1] != until:
        found.append(stack.pop())
        on_stack.discard(found[-1])
    return found
