"""From the value in a state to the values behind its exits, as the engine takes them (``core.engine.walk``)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from core.lang.analysis.durations import reply_seconds, result_seconds, timer_seconds
from core.lang.analysis.guards import narrow
from core.lang.analysis.value import INF, Value
from core.model.program import Edge, Json, State

END = "end"
HANDOVER = "handover"
"""How a flow ends in which a person took over: its callers end as well, unless they have an exit for it."""


class Exit(NamedTuple):
    """``edge`` None = the frame ends with ``outcome``; so it does behind an edge that leads nowhere. ``inside`` = how the subflow
    went that was run."""

    edge: Edge | None
    value: Value
    outcome: str = END
    inside: Any = None


Ends = Iterable[tuple[str, Value, Any]]
"""How a subflow can end, with the value then and its trail; the outcome "*" = in any way."""
Child = Callable[[Mapping[str, Json], Value], Ends]


def exits(state: State, value: Value, child: Child) -> Iterator[Exit]:
    """Each way out of a state. ``value`` = after the state's own messages."""
    wait = state.wait
    if wait is None:
        yield from _final(state, value) if state.outcome is not None else _guarded(state.next, value)
    elif wait["kind"] == "reply":
        yield from _reply(wait, wait["edges"], value)
    elif wait["kind"] == "timer":
        edges = wait["edges"]
        yield Exit(edges[0] if edges else None, value.later(*timer_seconds(wait)))
    elif wait["kind"] == "child":
        yield from _child(wait, wait["edges"], value, child)
    else:
        most = result_seconds(wait) if wait["kind"] == "result" else INF
        after = value.later(0, most)
        yield from (Exit(edge, after) for edge in wait["edges"])
        if may_fall(wait):
            yield Exit(None, after)


def _final(state: State, value: Value) -> Iterator[Exit]:
    if not str(state.outcome).startswith("fault:"):
        yield Exit(None, value, str(state.outcome))


def _guarded(edges: tuple[Edge, ...], value: Value) -> Iterator[Exit]:
    """In order: an exit is only reached where those before it do not hold."""
    for edge in edges:
        taken = narrow(value, edge.when)
        if taken is not None:
            yield Exit(edge, taken)
        rest = narrow(value, edge.when, False)
        if rest is None:
            return
        value = rest
    yield Exit(None, value)


def _reply(wait: Mapping[str, Json], edges: list[Edge], value: Value) -> Iterator[Exit]:
    timeout = wait.get("timeout")
    most = reply_seconds(wait)
    if timeout:
        yield Exit(edges[timeout[1]], value.later(most, most))
    said = value.answered(most)
    wanted = {n for n in _answers(wait) if isinstance(n, int)}
    yield from (Exit(edges[i], said) for i in sorted(wanted))
    if may_fall(wait):
        yield Exit(None, said)


def may_fall(wait: Mapping[str, Json]) -> bool:
    """A valid answer, a call that went well, a return, a time that has come: nothing is connected to it, and the frame ends."""
    if wait["kind"] == "reply":
        given = wait.get("input") or {"valid": 0}
        return given.get("valid") is None and wait.get("default") is None
    usual = {"result": "success", "human": "return"}.get(wait["kind"])
    if usual is None:
        return not wait["edges"]
    return usual not in wait["outcome"] and "*" not in wait["outcome"]


def _answers(wait: Mapping[str, Json]) -> Iterator[Json]:
    """The exits that an answer can take."""
    given = wait.get("input") or {}
    yield from (wait.get("media"), wait.get("any"), wait.get("default"), given.get("valid"), given.get("invalid"))
    yield from (wait.get("payload") or {}).values()
    yield from (wait.get("title") or {}).values()
    yield from (n for _, n in (*(wait.get("keyword") or ()), *(wait.get("regex") or ())))


def _child(wait: Mapping[str, Json], edges: list[Edge], value: Value, child: Child) -> Iterator[Exit]:
    outcomes: Mapping[str, int] = wait["outcome"]
    for name, after, trail in child(wait, value):
        if name == "*":
            yield from (Exit(edge, after, inside=trail) for edge in edges)
            yield Exit(None, after, inside=trail)
        elif name == HANDOVER and name not in outcomes:
            yield Exit(None, after, HANDOVER, trail)
        else:
            i = outcomes.get(name, outcomes.get("*"))
            yield Exit(None if i is None else edges[i], after, inside=trail)
