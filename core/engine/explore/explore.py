"""Bounded exploration: every conversation that a program tells apart, the shortest first, until the budget is used up."""

from collections import deque
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from core.engine.explore.happen import Happening
from core.engine.explore.inputs import Event, beginnings, nexts
from core.engine.explore.samples import Samples
from core.engine.explore.shown import shows
from core.engine.explore.unknown import Fact, OpenContact, OpenSet, Unknown
from core.engine.explore.watch import Mark, Watch
from core.engine.script import Script
from core.engine.shelf import Shelf
from core.engine.simulation import Simulation
from core.model.codec import canonical
from core.model.limits import EXPLORED_EVENTS, EXPLORED_STEPS
from core.model.program import Program
from core.model.properties import Broken, Explored, Property
from core.model.run import RunStatus

QUIET = {"type": "advance", "seconds": 30 * 86400}
"""The silence at the end of a conversation that rests for ever."""

DEAR = 8
"""So many steps of the flow at once cost as much as an event."""


def explore(
    program: Program,
    others: Mapping[str, Program],
    properties: Sequence[Property],
    starts: Sequence[str],
    steps: int = EXPLORED_STEPS,
) -> Explored:
    """Looks for a conversation that breaks each property. ``others`` = the flows that it may run, by slug and id; ``starts`` = the
    kinds of triggers that begin it (none = a message); ``steps`` = so many events are played at most.

    What is found replays: ``script`` has been played by ``core.engine.simulation`` from its beginning. Nothing found is no proof
    unless ``whole``, and then for the values that the program's conditions tell apart.
    """
    return _Search(program, others, properties, starts or ["dm_keyword"], steps).run()


@dataclass(slots=True)
class _Place:
    """A conversation that rests. ``facts`` = what has been decided about the contact."""

    simulation: Simulation
    marks: list[Mark | None]
    facts: dict[Fact, Any] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    path: tuple[str, ...] = ()
    seed: int = 0


class _Search:
    def __init__(
        self,
        program: Program,
        others: Mapping[str, Program],
        properties: Sequence[Property],
        starts: Sequence[str],
        steps: int,
    ) -> None:
        self.program, self.left, self.steps = program, steps, steps
        self.starts = list(dict.fromkeys(starts))
        flows, missing = _reached(program, others)
        self.programs = list({p.hash: p for p in (program, *flows.values())}.values())
        self.shelf = Shelf(self.programs, {name: p.hash for name, p in flows.items()})
        self.watch = Watch(properties)
        self.samples = Samples(self.programs, properties)
        self.samples.doubts |= {f"the flow '{name}' is not known here" for name in missing}
        self.broken: dict[int, Broken] = {}
        self.seen: set[bytes] = set()
        self.queue: deque[_Place] = deque()
        self.longest = 0

    def run(self) -> Explored:
        for seed, start in beginnings(self.programs, self.starts, self.samples):
            self._go(self._nobody(seed), start)
        while self.queue and self.left > 0 and len(self.broken) < len(self.watch.properties):
            place = self.queue.popleft()
            for event in nexts(place.simulation, self.samples):
                self._go(place, event)
        unseen = [
            (n, e) for n, p in enumerate(self.watch.properties) for e in p.after if (n, e) not in self.watch.begun
        ]
        doubts = sorted(self.samples.doubts)
        if self.queue or self.left <= 0:
            doubts.insert(0, f"after {self.steps} events the search ends")
        found = tuple(self.broken[n] for n in sorted(self.broken))
        return Explored(found, not doubts, self.steps - self.left, self.longest, tuple(doubts), tuple(unseen))

    def _nobody(self, seed: int) -> _Place:
        """Somebody of whom nothing is decided, before the flow has begun."""
        simulation = Simulation(self.shelf, self.program.hash, Script(seed=seed))
        s = self.samples
        tags, segments = (
            OpenSet(kind, frozenset(), frozenset(names)) for kind, names in (("tag", s.tags), ("segment", s.segments))
        )
        begun = simulation.fork(OpenContact({}, frozenset(s.contact)), tags, segments)
        return _Place(begun, self.watch.begin(), seed=seed)

    def _go(self, place: _Place, event: Event) -> None:
        """Plays an event, once for each value of every fact that it hangs on."""
        waiting: list[dict[Fact, Any]] = [{}]
        while waiting and self.left > 0:
            decided = waiting.pop()
            self.left -= 1
            try:
                self._arrived(self._played(place, event, decided))
            except Unknown as unknown:
                waiting += [{**decided, unknown.fact: v} for v in reversed(self.samples.of(unknown.fact))]

    def _played(self, place: _Place, event: Event, decided: dict[Fact, Any]) -> _Place:
        people = _decided(place.simulation, decided)
        before = _decided(place.simulation, decided)
        simulation = place.simulation.fork(*people)
        marks = [m if n not in self.broken else None for n, m in enumerate(place.marks)]
        simulation.play(event)
        path = [e.partition("#")[0] for s in simulation.steps for _, e in s["path"]]
        self.left -= len(path) // DEAR
        path += [s["node"] for s in simulation.steps if s["node"]]
        facts = {**place.facts, **decided}
        events = (*place.events, event)
        there = _Place(simulation, marks, facts, events, (*place.path, *path), place.seed)
        found = list(self.watch.seen(marks, simulation, before[0], before[1]))
        ends = list(self.watch.over(list(marks), simulation))
        for n, happening in found:
            self._break(n, happening, there, ())
        for n, happening in ends:
            self._break(n, happening, there, (QUIET,) if _rests(simulation) else ())
        return there

    def _break(self, n: int, happening: Happening, place: _Place, more: tuple[Event, ...]) -> None:
        if n in self.broken:
            return
        script = _script(place, more)
        if shows(self.shelf, self.program.hash, self.watch.properties[n], script) is None:
            self.samples.doubts.add("a conversation hangs on the hour or on chance")
            return
        node = happening.node or next(reversed(place.path), "")
        own = {s.node for s in self.program.states.values()}
        path = tuple(dict.fromkeys(p for p in place.path if p in own))
        self.broken[n] = Broken(n, happening.told, node, script, path)
        place.marks[n] = None

    def _arrived(self, place: _Place) -> None:
        self.longest = max(self.longest, len(place.events))
        run = place.simulation.run
        if run is None or run.status is not RunStatus.WAITING:
            return
        if len(place.events) >= EXPLORED_EVENTS:
            self.samples.doubts.add(f"conversations of more than {EXPLORED_EVENTS} events are not looked at")
            return
        key = self._key(place)
        if key not in self.seen:
            self.seen.add(key)
            self.queue.append(place)

    def _key(self, place: _Place) -> bytes:
        """What decides how a conversation goes on."""
        s = place.simulation
        run = s.run
        assert run is not None
        contact, tags, segments = _people(s)
        read = self.samples.read
        asked = {f"contact.{name}" for name in self.samples.contact} | read
        kept = {k: v for k, v in contact.known.items() if f"contact.{k}" in asked or "contact.*" in read}
        since = (s.now - s.last_inbound) // 60_000 if self.samples.window and s.last_inbound is not None else None
        return canonical(
            [
                [[f.program, f.state, {k: v for k, v in f.vars.items() if k in read}] for f in run.frames],
                [run.wait_kind, run.attempts, run.last if "last" in read else None, run.trigger, place.seed],
                [kept, sorted(contact.open)],
                [[sorted(x.known), sorted(x.open)] for x in (tags, segments)],
                [place.marks, since, sorted(at - s.now for at, _, _ in s.pending)],
                [b.get("payload") for b in s.buttons],
            ]
        )


def _reached(program: Program, others: Mapping[str, Program]) -> tuple[dict[str, Program], set[str]]:
    """The flows that a program comes to, by the names it uses, and the names that nobody knows."""
    found: dict[str, Program] = {}
    missing: set[str] = set()
    names = list(program.uses.get("flows", ()))
    while names:
        name = names.pop()
        if name in found or name in missing:
            continue
        other = others.get(name)
        if other is None:
            missing.add(name)
        else:
            found[name] = other
            names += other.uses.get("flows", ())
    return found, missing


def _people(simulation: Simulation) -> tuple[OpenContact, OpenSet, OpenSet]:
    contact, tags, segments = simulation.contact, simulation.tags, simulation.script.segments
    assert isinstance(contact, OpenContact) and isinstance(tags, OpenSet) and isinstance(segments, OpenSet)
    return contact, tags, segments


def _decided(simulation: Simulation, facts: Mapping[Fact, Any]) -> tuple[OpenContact, OpenSet, OpenSet]:
    """Copies of what is known of the contact, with more of it decided."""
    contact, *sets = _people(simulation)
    contact = copy(contact)
    for (kind, name), value in facts.items():
        if kind == "contact":
            contact.decided(name, value)
        else:
            sets = [(s | {name} if value else s - {name}) if s.kind == kind else s for s in sets]
    return contact, sets[0], sets[1]


def _rests(simulation: Simulation) -> bool:
    return simulation.run is not None and simulation.run.status is RunStatus.WAITING


def _script(place: _Place, more: tuple[Event, ...]) -> dict[str, Any]:
    """The conversation from its beginning."""
    contact = {name: v for (kind, name), v in place.facts.items() if kind == "contact" and v is not None}
    named = {k: sorted(n for (kind, n), v in place.facts.items() if kind == k and v) for k in ("tag", "segment")}
    script: dict[str, Any] = {"contact": {**contact, **({"tags": named["tag"]} if named["tag"] else {})}}
    if named["segment"]:
        script["segments"] = named["segment"]
    if place.seed:
        script["seed"] = place.seed
    return {**script, "events": [*place.events, *more]}
