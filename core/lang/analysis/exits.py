"""From the value in a state to the values behind its exits."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from core.lang.analysis.guards import narrow
from core.lang.analysis.value import ANSWERED, INF, Value
from core.model.program import Edge, Json, State

HOUR = 3600
UNTIL = 25 * HOUR
"""The longest wait until a time of day: a day, and the hour of a change to winter time (decision 20)."""
CALL_SLACK = 60
RETRY_LONGEST = 900
"""Seconds between two tries of a call at most (``core.runtime.results``)."""
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Child = Callable[[Mapping[str, Json], Value], Iterable[tuple[str, Value]]]
"""What a subflow makes of a value, by outcome; "*" = any outcome."""


def exits(state: State, value: Value, child: Child) -> Iterator[tuple[Edge, Value]]:
    """Each exit that can be taken with the value behind it. ``value`` = after the state's own messages."""
    if state.wait is None:
        yield from _guarded(state.next, value)
        return
    kind = state.wait["kind"]
    edges: list[Edge] = state.wait["edges"]
    if kind == "reply":
        yield from _reply(state.wait, edges, value)
    elif kind == "timer":
        low, high = _timer(state.wait)
        for edge in edges:
            yield edge, value.later(low, high)
    elif kind == "result":
        most = int(state.wait.get("seconds") or 0) + CALL_SLACK
        most += int(state.wait.get("retries") or 0) * (most + RETRY_LONGEST)
        for edge in edges:
            yield edge, value.later(0, most)
    elif kind == "child":
        yield from _child(state.wait, edges, value, child)
    else:
        for edge in edges:  # a person gives the conversation back, whenever they like
            yield edge, Value(0, INF, doubt=value.doubt)


def _guarded(edges: tuple[Edge, ...], value: Value) -> Iterator[tuple[Edge, Value]]:
    """In order: an exit is only reached where those before it do not hold."""
    for edge in edges:
        taken = narrow(value, edge.when)
        if taken is not None:
            yield edge, taken
        rest = narrow(value, edge.when, False)
        if rest is None:
            return
        value = rest


def _reply(wait: Mapping[str, Json], edges: list[Edge], value: Value) -> Iterator[tuple[Edge, Value]]:
    timeout = wait.get("timeout")
    for i, edge in enumerate(edges):
        if timeout and timeout[1] == i:
            yield edge, value.later(int(timeout[0]), int(timeout[0]))
        if not timeout or timeout[1] != i or _also_reply(wait, i):
            yield edge, ANSWERED


def _also_reply(wait: Mapping[str, Json], i: int) -> bool:
    """The exit of the time-out is one for answers too."""
    given = wait.get("input") or {}
    singles = (wait.get("media"), wait.get("any"), wait.get("default"), given.get("valid"), given.get("invalid"))
    tables = (
        *(wait.get("payload") or {}).values(),
        *(n for _, n in (*wait.get("keyword", ()), *wait.get("regex", ()))),
    )
    return i in singles or i in tables


def _timer(wait: Mapping[str, Json]) -> tuple[int, int]:
    if "hours" in wait:
        return 0, min(closed(wait["hours"].get("days") or {}) + HOUR, INF)
    if "until" in wait:
        return (0, UNTIL) if "time" in wait["until"] else (0, INF)
    seconds = wait.get("seconds", 0)
    return (int(seconds), int(seconds)) if isinstance(seconds, int | float) else (0, INF)


def closed(days: Mapping[str, Json]) -> int:
    """The longest stretch of a week in which nothing is open, in seconds.

    >>> closed({"mon": [["09:00", "17:00"]]}) == (7 * 24 - 8) * 3600
    True
    """
    spans = []
    for n, day in enumerate(DAYS):
        for start, end in days.get(day) or ():
            begin, stop = n * 1440 + _minute(start), n * 1440 + _minute(end)
            spans.append((begin, stop if stop > begin else stop + 1440))
    if not spans:
        return INF
    spans.sort()
    longest, until = 0, max(s[1] for s in spans) - 7 * 1440
    for begin, stop in spans:
        longest, until = max(longest, begin - until), max(until, stop)
    return longest * 60


def _minute(text: str) -> int:
    hours, _, minutes = str(text).partition(":")
    return int(hours) * 60 + int(minutes or 0) if hours.isdecimal() and (minutes or "0").isdecimal() else 0


def _child(wait: Mapping[str, Json], edges: list[Edge], value: Value, child: Child) -> Iterator[tuple[Edge, Value]]:
    outcomes: Mapping[str, int] = wait["outcome"]
    for name, after in child(wait, value):
        wanted = set(outcomes.values()) if name == "*" else {outcomes.get(name, outcomes.get("*"))}
        for i in sorted(n for n in wanted if n is not None):
            yield edges[i], after
