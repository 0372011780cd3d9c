"""A finding as a conversation: what has to happen, and when, so that the message is refused (``core.engine.simulate`` plays it)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.lang.analysis.answers import answer
from core.lang.analysis.clock import BEGIN, ZONE, due
from core.lang.analysis.clock import worst as worst_of
from core.lang.analysis.durations import reply_seconds, result_seconds
from core.lang.analysis.guards import narrow
from core.lang.analysis.proof import Finding
from core.lang.analysis.value import DAY, INF, Value
from core.lang.analysis.walk import Step, edge_of
from core.lang.analysis.wishes import Wishes
from core.model.answers import WORD
from core.model.limits import EVENTS_PER_RUN
from core.model.program import Json
from core.model.starts import COMMENTS, opens_window

STEPS = 400
"""A longer way is told in words only; a script may not have many more events either."""
BEGINS, LOOPS = 8, 4
"""How many beginnings and loops are tried."""
FAR = 30 * 86400
"""Seconds to wait where any time will do."""
LONGEST = 300 * 86400
"""How far one event of a script may go on."""
HOUR = 3600


def witness(finding: Finding) -> dict[str, Any] | None:
    """A script {now, contact, events}: the start, then for each exit on the way what makes the run take it, as late as it can be.

    Of conditions on the contact, tags and attributes are given to them; a way that hangs on what is said, or on chance, may go
    elsewhere when it is played. None when the way is too long.
    """
    path = list(finding.path)
    if len(path) > STEPS:
        return None
    best = max(_played(path, finding), key=lambda one: (one.fits, one.since))
    if best.since <= DAY:
        best = max((best, *_longer(path, finding, best)), key=lambda one: (one.fits, one.since > DAY, -len(one.events)))
    return best.script()


def _played(path: list[Step], finding: Finding) -> "Iterator[_Play]":
    """The way, begun so that one of its waits for a time of day takes longest."""
    first = _Play(finding, BEGIN).over(path)
    yield first
    begins = {worst - passed for wait, passed in first.clocks for worst in worst_of(wait)}
    yield from (_Play(finding, begin).over(path) for begin in sorted(begins)[-BEGINS:])


def _longer(path: list[Step], finding: Finding, best: "_Play") -> "Iterator[_Play]":
    """A slow loop on the way has to go round for a day: the way with one of its last loops repeated as often as is needed."""
    for begin, end in _loops([*path, finding.last])[-LOOPS:]:
        cycle = path[begin:end]
        once = _Play(finding, best.begin).over([*path[:end], *cycle, *path[end:]]).since - best.since
        if once > 0:
            wanted = (DAY - best.since) // once + 1
            waits = sum(s.program.states[s.state].wait is not None for s in cycle)
            more: list[Step | int] = [*cycle] * min(wanted, STEPS // len(cycle))
            if all(map(_quiet, cycle)):  # only time passes: one event says it
                more = [once * min(wanted, EVENTS_PER_RUN // max(waits, 1))]
            yield _Play(finding, best.begin).over([*path[:end], *more, *path[end:]])


def _quiet(step: Step) -> bool:
    """Nobody does anything so that this exit is taken, and it always takes equally long."""
    wait = step.program.states[step.state].wait
    if wait is None or wait["kind"] == "child":
        return True
    return "seconds" in wait if wait["kind"] == "timer" else _late(step, wait)


def _late(step: Step, wait: Mapping[str, Json]) -> bool:
    """The exit is a question's time-out."""
    timeout = wait.get("timeout") if wait["kind"] == "reply" else None
    return timeout is not None and wait["edges"][timeout[1]].id == step.exit


def _loops(steps: list[Step]) -> list[tuple[int, int]]:
    """From where to where the way comes back to a state; the last round of each loop."""
    places: dict[tuple[int, str], int] = {}
    found: dict[tuple[int, str], tuple[int, int]] = {}
    for end, step in enumerate(steps):
        place = id(step.program), step.state
        if place in places:
            found.pop(place, None)
            found[place] = places[place], end
        places[place] = end
    return list(found.values())


@dataclass(slots=True, eq=False)
class _Play:
    """Time and events of a way. ``since`` = seconds since the contact wrote last; ``fits`` = the window guards on it can hold;
    ``clocks`` = the waits for a time of day, with the seconds until they began."""

    finding: Finding
    begin: int
    now: int = 0
    since: int = 0
    fits: bool = True
    first: dict[str, Any] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    wishes: Wishes = field(default_factory=Wishes)
    clocks: list[tuple[Mapping[str, Json], int]] = field(default_factory=list)

    def over(self, path: Sequence[Step | int]) -> "_Play":
        """Goes along the exits of a way; a number = so many seconds pass."""
        kind = self.finding.start
        self.now = self.begin
        self.first = {
            "type": "start",
            "trigger": {"type": kind, **({"commentId": "witness"} if kind in COMMENTS else {})},
        }
        allowed = self._allowed(path, 0)
        self.since = 0 if opens_window(kind) else allowed[1]
        if not opens_window(kind) and self.since < INF:
            self.first["wroteAgo"] = self.since
        self.fits = allowed[0] <= self.since
        for n, step in enumerate(path):
            if isinstance(step, int):
                self._advance(step)
            else:
                self._take(step, n, path)
        return self

    def script(self) -> dict[str, Any]:
        """For ``core.engine.simulate``."""
        contact = {"timezone": ZONE, **self.wishes.contact()}
        return {"now": self.begin * 1000, "contact": contact, "events": [self.first, *self.events]}

    def _allowed(self, path: Sequence[Step | int], n: int) -> tuple[int, int]:
        """What the window guards from the ``n``-th step on, up to the next wait, ask of the time since the last message."""
        value: Value | None = Value(0, INF)
        for step in path[n:]:
            if isinstance(step, int):
                break
            state = step.program.states[step.state]
            if state.wait is not None and state.wait["kind"] != "child":
                break
            for edge in state.next:
                taken = edge.id == step.exit
                value = value and narrow(value, edge.when, taken)
                self.wishes.add(edge.when, taken)
                if taken:
                    break
        return (value.low, value.high) if value else (INF, 0)

    def _take(self, step: Step, n: int, path: Sequence[Step | int]) -> None:
        wait = step.program.states[step.state].wait
        if wait is None or wait["kind"] == "child":
            return
        edge = edge_of(step)
        allowed = self._allowed(path, n + 1)
        if wait["kind"] == "reply" and not _late(step, wait):
            self.events += answer(wait, edge)
            self.since = 0
        else:
            self._pass(self._seconds(wait), allowed[1], wait["kind"] != "reply")
            self.events += _then(wait, edge)
        self.fits = self.fits and allowed[0] <= self.since <= allowed[1]

    def _seconds(self, wait: Mapping[str, Json]) -> int:
        if wait["kind"] == "timer":
            if "seconds" not in wait:
                self.clocks.append((wait, self.now - self.begin))
            return due(wait, self.now)
        if wait["kind"] == "result":
            return result_seconds(wait) - 1
        return FAR if wait["kind"] == "human" else reply_seconds(wait)

    def _pass(self, seconds: int, most: int, may_write: bool) -> None:
        """Time passes. When the window must be open then, the contact writes on the way, as early as that allows."""
        if min(self.since + seconds, INF) > most and may_write:
            after = min(most, seconds)
            self._advance(seconds - after)
            self.events.append({"type": "text", "text": WORD})
            self.since = 0
            seconds = after
        self._advance(seconds)

    def _advance(self, seconds: int) -> None:
        last = self.events[-1] if self.events else {}
        if seconds and last.get("type") == "advance" and last["seconds"] + seconds <= LONGEST:
            last["seconds"] += seconds
        elif seconds:
            self.events.append({"type": "advance", "seconds": seconds})
        self.now += seconds
        self.since = min(self.since + seconds, INF)


def _then(wait: Mapping[str, Json], edge: Any) -> Iterator[dict[str, Any]]:
    """What ends the wait when time alone does not."""
    if wait["kind"] == "human":
        yield {"type": "return"}
    elif wait["kind"] == "result":
        i = wait["edges"].index(edge) if edge in wait["edges"] else None
        named = [name for name, n in wait["outcome"].items() if n == i and name != "*"]
        if named[:1] == ["timeout"]:
            yield {"type": "advance", "seconds": 1}
        else:
            yield {
                "type": "result",
                "outcome": (named or ["success" if "success" not in wait["outcome"] else "other"])[0],
            }
