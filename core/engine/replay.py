"""A recorded conversation on any version of its flow: what came is given to the engine again, nothing is sent."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.engine.explain import describe, sentence_of
from core.engine.result import UNCHANGED, Programs
from core.engine.script import Script
from core.engine.simulation import Simulation
from core.model.codec import canonical
from core.model.effect import Effect
from core.model.event import Cancelled, Repeated, Replied, ResultArrived, Retried, event_from_json
from core.model.limits import EVENTS_PER_RUN
from core.model.recording import Recording, Taken

Path = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """What came of one recorded event: ``came`` = a sentence; ``lines`` = what the contact met and what was done, in order; ``exact``
    = the same in every letter; ``path`` = the exits taken since the event before."""

    at: int
    came: str
    lines: tuple[str, ...]
    exact: tuple[str, ...]
    path: Path


@dataclass(frozen=True, slots=True)
class Parting:
    """Where two versions part: behind ``after`` (lines from the beginning), the first goes on with ``old``, the second with ``new``.
    ``event`` = the number of the recorded event, from 0."""

    event: int
    after: tuple[str, ...]
    old: tuple[str, ...]
    new: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """{event, after, old, new}."""
        return {"event": self.event, "after": list(self.after), "old": list(self.old), "new": list(self.new)}


def replayed(programs: Programs, program: str, recording: Recording) -> Iterator[Turn]:
    """The conversation on the program with that hash, event by event. Answers of calls are the recorded ones; timers fire when this
    version wants them to. Raises KeyError for a program that is not there."""
    programs.linked(program)
    simulation = fresh(programs, program, recording)
    for taken in recording.taken[:EVENTS_PER_RUN]:
        shown, stepped = len(simulation.transcript), len(simulation.steps)
        given(simulation, taken, recording)
        items = [i for i in simulation.transcript[shown:] if i["who"] != "contact" and _line(i)]
        lines, exact = tuple(map(_line, items)), tuple(map(_exact, items))
        path = tuple((s, e) for step in simulation.steps[stepped:] for s, e in step["path"])
        rest = _rest(simulation)
        yield Turn(taken.at, came(taken), (*lines, rest), (*exact, rest), path)


def recording_of(simulation: Simulation, flow: str = "") -> Recording:
    """A simulated conversation as a recording, as a server would have kept it."""
    steps = [s for s in simulation.steps if s["disposition"] not in UNCHANGED]
    taken = tuple(Taken(s["at"], s["event"], tuple((a, b) for a, b in s["path"])) for s in steps)
    script = simulation.script
    return Recording(
        simulation.program,
        script.ids,
        taken,
        dict(script.contact),
        tuple(sorted(script.tags)),
        dict(script.account),
        tuple(sorted(script.segments)),
        simulation.wrote_ago,
        flow,
    )


def fresh(programs: Programs, program: str, recording: Recording) -> Simulation:
    """The conversation before its first event."""
    now = recording.taken[0].at if recording.taken else 0
    tags, segments = frozenset(recording.tags), frozenset(recording.segments)
    script = Script(now, recording.contact, recording.account, tags, segments, who=recording.ids)
    return Simulation(programs, program, script)


def given(simulation: Simulation, taken: Taken, recording: Recording) -> None:
    """Gives one event to the conversation, at its time."""
    simulation.advance(max(taken.at, simulation.now))
    kind = str(taken.event.get("kind"))
    if kind in _GIVE and (simulation.run is not None or kind == "started"):
        _GIVE[kind](simulation, taken.event, recording)


def faithful(turns: list[Turn], recording: Recording) -> int | None:
    """The number of the first event behind which the flow went another way than it did then; None when it is the same way. It can
    be another one when something was changed from outside: an attribute, a subflow.

    A timer may have fired with the event before it: ways are compared as they have grown."""
    was: list[tuple[str, str]] = []
    now: list[tuple[str, str]] = []
    for n, (turn, taken) in enumerate(zip(turns, recording.taken, strict=False)):
        was += taken.path
        now += turn.path
        if was != now[: len(was)]:
            return n
    return None


def parted(old: list[Turn], new: list[Turn]) -> Parting | None:
    """The first difference of two replays of one recording."""
    after: list[str] = []
    for n, (a, b) in enumerate(zip(old, new, strict=True)):
        if a.exact != b.exact:
            pairs = zip(a.exact, b.exact, strict=False)
            same = next((i for i, (x, y) in enumerate(pairs) if x != y), min(len(a.exact), len(b.exact)))
            one, two = a.lines[same:], b.lines[same:]
            told = (one, two) if one != two else (a.exact[same:], b.exact[same:])
            return Parting(n, (*after, a.came, *a.lines[:same]), *told)
        after += [a.came, *a.lines[:-1]]
    return None


def came(taken: Taken) -> str:
    """A recorded event as a sentence."""
    try:
        return describe(event_from_json({k: v for k, v in taken.event.items() if k != "known"}))
    except (KeyError, TypeError):
        return "Something happened that is not known any more."


def _started(simulation: Simulation, event: Mapping[str, Any], recording: Recording) -> None:
    said: dict[str, Any] = {"type": "start", "trigger": dict(event.get("trigger") or {})}
    said["args"] = dict(event.get("args") or {})
    entry = event.get("entry")
    if entry and entry[1] == -1:
        said["at"] = entry[0]
    if recording.wrote_ago is not None:
        said["wroteAgo"] = recording.wrote_ago
    simulation.play(said)


def _replied(simulation: Simulation, event: Mapping[str, Any], recording: Recording) -> None:
    reply = event_from_json(event)
    assert isinstance(reply, Replied)
    simulation.hear(reply.text, reply.payload, reply.media)


def _result(simulation: Simulation, event: Mapping[str, Any], recording: Recording) -> None:
    result = event_from_json(event)
    assert isinstance(result, ResultArrived)
    outcome = {"outcome": result.outcome, "data": result.data, "error": result.error}
    simulation.play({"type": "result", **outcome})


_GIVE: Mapping[str, Callable[[Simulation, Mapping[str, Any], Recording], None]] = {
    "started": _started,
    "replied": _replied,
    "result": _result,
    "returned": lambda simulation, event, recording: simulation.play({"type": "return"}),
    "repeated": lambda simulation, event, recording: simulation.take(Repeated()),
    "retried": lambda simulation, event, recording: simulation.take(Retried()),
    "cancelled": lambda simulation, event, recording: simulation.take(Cancelled(str(event.get("reason")))),
}
"""What does not stand here (a timer, a turn) is only time that passes."""


def _line(item: Mapping[str, Any]) -> str:
    if item["who"] == "note":
        return str(item["text"])
    message = item["who"] == "flow"
    return sentence_of(Effect("send", {"message": item["message"]}) if message else Effect(item["kind"], item["data"]))


def _exact(item: Mapping[str, Any]) -> str:
    """All that is said and done; where a step stands and how it is called is none of it."""
    kept = {k: v for k, v in item.items() if k not in ("at", "node")}
    return canonical({**kept, "data": {k: v for k, v in kept.get("data", {}).items() if k != "wait"}}).decode()


def _rest(simulation: Simulation) -> str:
    run = simulation.run
    if run is None:
        return "Nothing has begun."
    if run.wait_kind:
        return f"Waits ({run.wait_kind})."
    return f"The run is {run.status}{f' ({run.outcome})' if run.outcome else ''}."
