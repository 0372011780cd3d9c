"""A recorded run as a flow test that passes: played again, whole seconds, without personal values, with what it really did expected."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from core.engine.replay import faithful, fresh, given, replayed
from core.engine.script import DEFAULT_NOW
from core.engine.shelf import Shelf
from core.engine.simulation import Simulation
from core.lang.expressions.unparse import duration
from core.model.errors import InstaFlowError
from core.model.fold import plain
from core.model.program import Program
from core.model.recording import Recording, Taken
from core.testing.flowtest.masks import NAMES, Mask, of_attribute
from core.testing.flowtest.reading import read_suite
from core.testing.flowtest.recording import file_of, said, told_effect, told_message
from core.testing.flowtest.run import run_suite
from core.testing.flowtest.starts import start_of

TIMELESS = frozenset({"timer", "turn"})
LAST = frozenset({"repeated", "retried", "cancelled"})
"""Events that no test can write: the test ends before."""
TEXTS = 60
"""Texts and attributes that are tried to be left out, at most."""
OURS = frozenset({"type", "text", "ref", "payload", "emoji", "commentId", "mediaId", "live"})
"""Keys of a trigger that a test needs; ids of rows are none of them."""


class Unrecordable(InstaFlowError):
    """A conversation cannot be made a test; the message says why."""


def test_of(
    recording: Recording, program: Program, shelf: Shelf, file: str, name: str, also: tuple[str, ...] = ()
) -> str:
    """The text of the test file. ``shelf`` holds the program and the flows that it runs. Raises Unrecordable."""
    turns = list(replayed(shelf, program.hash, recording))
    left = faithful(turns, recording)
    if left is not None:
        raise Unrecordable(
            f"played again, the flow goes another way than it did then, behind event {left + 1} ({turns[left].came}); "
            "something was changed from outside meanwhile"
        )
    plain = _whole_seconds(recording)
    way = _way(plain, program, shelf)
    plain = _masked(plain, program, shelf, way)
    case = {"name": name, **_around(plain, program, shelf, way), **_Teller(plain, program, shelf).told()}
    text = file_of(file, case, also)
    report = run_suite(file, read_suite(text), program, shelf)
    problem = next((t.problem for t in report.tests if t.problem is not None), None)
    if problem is not None:
        raise Unrecordable(f"a test cannot say this conversation: {problem.message}")
    return text


test_of.__test__ = False  # type: ignore[attr-defined]


def _whole_seconds(recording: Recording) -> Recording:
    """As much of it as a test can say, at whole seconds, beginning when a simulation begins."""
    taken: list[Taken] = []
    first = recording.taken[0].at if recording.taken else 0
    for one in recording.taken:
        if one.event.get("kind") in LAST:
            break
        at = DEFAULT_NOW + (one.at - first) // 1000 * 1000
        event = {k: v for k, v in one.event.items() if k not in ("final", "received", "known")}
        if event.get("trigger"):
            event["trigger"] = {k: v for k, v in event["trigger"].items() if k in OURS and v is not None}
        taken.append(Taken(at, event, one.path))
    return replace(recording, taken=tuple(taken))


def _way(recording: Recording, program: Program, shelf: Shelf) -> list[tuple[str, str]]:
    return [p for turn in replayed(shelf, program.hash, recording) for p in turn.path]


def _masked(recording: Recording, program: Program, shelf: Shelf, way: list[tuple[str, str]]) -> Recording:
    """Without names and addresses; and without every text and attribute that changes nothing about the way."""
    trigger = recording.taken[0].event.get("trigger") or {} if recording.taken else {}
    mask = Mask(recording.contact, trigger.get("username"))
    kept = _kept_if_same(_over(recording, mask), recording, program, shelf, way)
    for change in list(_changes(kept))[:TEXTS]:
        kept = _kept_if_same(change(kept), kept, program, shelf, way)
    return kept


def _kept_if_same(
    new: Recording, old: Recording, program: Program, shelf: Shelf, way: list[tuple[str, str]]
) -> Recording:
    return new if _way(new, program, shelf) == way else old


def _over(recording: Recording, mask: Mask) -> Recording:
    taken = tuple(replace(t, event=_masked_event(t.event, mask)) for t in recording.taken)
    return replace(recording, contact=mask.over(recording.contact), taken=taken)


def _masked_event(event: Mapping[str, Any], mask: Mask) -> dict[str, Any]:
    out = {k: v if k in ("kind", "program", "outcome") else mask.over(v) for k, v in event.items()}
    if out.get("media"):
        out["media"] = [{"type": m.get("type", "image"), "url": "https://cdn.example/sent"} for m in out["media"]]
    if out.get("trigger"):
        fixed = {"commentId": "comment-1", "mediaId": "media-1"}
        out["trigger"] = {k: fixed.get(k, v) for k, v in out["trigger"].items()}
    return out


@dataclass(frozen=True, slots=True)
class _Text:
    """One text of the conversation by another one."""

    n: int
    text: str

    def __call__(self, recording: Recording) -> Recording:
        taken = list(recording.taken)
        event = dict(taken[self.n].event)
        if "trigger" in event:
            event["trigger"] = {**event["trigger"], "text": self.text}
        else:
            event["text"] = self.text
        taken[self.n] = replace(taken[self.n], event=event)
        return replace(recording, taken=tuple(taken))


@dataclass(frozen=True, slots=True)
class _Attribute:
    name: str

    def __call__(self, recording: Recording) -> Recording:
        value = of_attribute(self.name, recording.contact[self.name])
        return replace(recording, contact={**recording.contact, self.name: value})


def _changes(recording: Recording) -> Iterator[Any]:
    number = 0
    for n, taken in enumerate(recording.taken):
        event = taken.event
        if event["kind"] == "replied" and event.get("text") and event.get("payload") is None:
            number += 1
            yield _Text(n, f"text {number}")
    kept = {"timezone", "language", *NAMES}
    yield from (_Attribute(k) for k in recording.contact if k not in kept)


def _around(recording: Recording, program: Program, shelf: Shelf, way: list[tuple[str, str]]) -> dict[str, Any]:
    """Contact, account, segments, and how random splits fell."""
    contact: dict[str, Any] = {k: v for k, v in recording.contact.items() if v is not None}
    if recording.tags:
        contact["tags"] = list(recording.tags)
    out: dict[str, Any] = {"contact": contact} if contact else {}
    if recording.account:
        out["account"] = dict(recording.account)
    if recording.segments:
        out["segments"] = list(recording.segments)
    if split := _split(program, way):
        out["split"] = split
    return out


def _split(program: Program, way: list[tuple[str, str]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, exit_ in way:
        state = program.states.get(name)
        rolls = [e for e in state.next if isinstance(e.when, list | tuple) and e.when[:1] == ["roll"]] if state else []
        if state is not None and rolls:
            found.setdefault(state.node, 1 + [e.id for e in state.next].index(exit_))
    return found


@dataclass(slots=True)
class _Teller:
    """The steps of a test: what the contact does, how much time passes, what the flow does then."""

    recording: Recording
    program: Program
    shelf: Shelf
    steps: list[dict[str, Any]] = field(default_factory=list)
    seen: int = 0

    def told(self) -> dict[str, Any]:
        """{start, steps}."""
        simulation = fresh(self.shelf, self.program.hash, self.recording)
        start: dict[str, Any] = {}
        for taken in self.recording.taken:
            self._time(simulation, taken)
            kind, shown = taken.event["kind"], list(simulation.buttons)
            given(simulation, taken, self.recording)
            if kind == "started":
                event = taken.event
                ago = self.recording.wrote_ago
                start = {"start": start_of(event.get("trigger") or {}, event.get("args"), ago)}
            elif kind not in TIMELESS:
                self.steps.append(_act(simulation, taken.event, self.seen, shown))
            self._expected(simulation)
        return {**start, "steps": self.steps or [{"expect": "nothing"}]}

    def _time(self, simulation: Simulation, taken: Taken) -> None:
        passed = taken.at - simulation.now
        if passed > 0:
            simulation.advance(taken.at)
            self.steps.append({"advance": duration(passed // 1000)})
            self._expected(simulation)

    def _expected(self, simulation: Simulation) -> None:
        found: list[Any] = []
        for item in simulation.transcript[self.seen :]:
            if item["who"] == "flow":
                found.append(told_message(item["message"]))
            elif item["who"] == "effect" and (seen := told_effect(item)) is not None:
                found.append(seen)
            elif item["who"] == "note" and item["code"] == "unanswered":
                found.append("unanswered")
        self.seen = len(simulation.transcript)
        if found:
            self.steps.append({"expect": found[0] if len(found) == 1 else found})


def _act(simulation: Simulation, event: Mapping[str, Any], seen: int, shown: list[dict[str, Any]]) -> dict[str, Any]:
    if event["kind"] == "returned":
        return {"return": None}
    if event["kind"] == "result":
        return {"result": {k: event[k] for k in ("outcome", "data", "error") if event.get(k) not in (None, "")}}
    payload = event.get("payload")
    if payload is None:
        return said(next(i for i in simulation.transcript[seen:] if i["who"] == "contact"))
    titles = [b.get("text") for b in shown if b.get("payload") == payload]
    if not titles:  # Instagram filled the answer in
        return {"type": event.get("text") or payload}
    alike = sum(plain(b.get("text") or "") == plain(titles[0] or "") for b in shown)
    return {"tap": titles[0] if titles[0] and alike == 1 else {"payload": payload}}
