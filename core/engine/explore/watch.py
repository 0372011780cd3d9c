"""Properties watched along one conversation."""

from collections.abc import Iterator, MutableMapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from core.engine.evaluate import Closure, closure
from core.engine.explore.happen import EXPIRED, SILENCE, Happening, happenings
from core.engine.glob import fits
from core.engine.scope import Scope
from core.engine.simulation import Simulation
from core.engine.values import is_set, text_of
from core.model.properties import Occurrence, Property
from core.model.run import RunStatus

Mark = tuple[bool, bool]
"""Whether the property counts now, and whether what it waits for has happened."""
Found = tuple[int, Happening]
RESTS = ("reply", "human")


class Watch:
    """``begun`` = (number, occurrence) of scopes that began somewhere."""

    def __init__(self, properties: Sequence[Property]) -> None:
        self.properties = properties
        self._conditions: list[Closure | None] = [
            closure(p.condition) if p.condition is not None else None for p in properties
        ]
        self.begun: set[tuple[int, Occurrence]] = set()

    def begin(self) -> list[Mark | None]:
        """The marks of a conversation that has not begun; None = not watched any more."""
        return [(not p.after, False) for p in self.properties]

    def seen(
        self,
        marks: list[Mark | None],
        simulation: Simulation,
        contact: MutableMapping[str, Any],
        tags: AbstractSet[str],
    ) -> Iterator[Found]:
        """Takes the steps of a simulation into the marks, answers what is broken. ``contact`` and ``tags`` = before these steps."""
        for step in simulation.steps:
            for happening in happenings(step):
                scope = _scope(simulation, step["at"], contact, tags)
                yield from self._one(marks, happening, scope)
                tags = _changed(happening, contact, tags)

    def over(self, marks: list[Mark | None], simulation: Simulation) -> Iterator[Found]:
        """What is broken when a conversation ends here; nothing when it goes on by itself."""
        run = simulation.run
        last: list[Happening] = []
        if run is not None and run.status is RunStatus.WAITING:
            if simulation.pending or run.wait_kind not in RESTS:
                return
            expires = simulation.programs.linked(run.frames[0].program).program.settings.get("expireSeconds")
            last = [SILENCE, EXPIRED] if expires else [SILENCE]
        scope = _scope(simulation, simulation.now, simulation.contact, simulation.tags)
        for happening in last:
            yield from self._one(marks, happening, scope)
        end = last[-1] if last else _end(simulation)
        for n, (mark, of) in enumerate(zip(marks, self.properties, strict=True)):
            waits = of.kind == "eventually" and mark is not None and mark[0] and not mark[1]
            if waits and not _already(of.events, scope):
                yield n, end

    def _one(self, marks: list[Mark | None], happening: Happening, scope: Scope) -> Iterator[Found]:
        for n, of in enumerate(self.properties):
            mark = marks[n]
            if mark is None:
                continue
            counts, done = mark
            happens = happening.is_one_of(of.events)
            if of.kind == "eventually":
                done = done or (counts and happens)
            elif of.first:
                done = done or happening.is_one_of(of.first)
                if happens and not done and not _already(of.first, scope):
                    yield n, happening
            elif happens and counts and self._breaks(n, scope):
                yield n, happening
            marks[n] = self._scoped(n, happening, counts, done)

    def _scoped(self, n: int, happening: Happening, counts: bool, done: bool) -> Mark:
        of = self.properties[n]
        if of.after and happening.is_one_of(of.after):
            self.begun |= {(n, e) for e in of.after if happening.is_one_of((e,))}
            return True, of.kind == "eventually" and happening.is_one_of(of.events)
        if of.until and happening.is_one_of(of.until):
            return False, done
        return counts, done

    def _breaks(self, n: int, scope: Scope) -> bool:
        condition = self._conditions[n]
        return condition is None or bool(condition(scope)) is self.properties[n].holds


def _already(events: tuple[Occurrence, ...], scope: Scope) -> bool:
    """What one of the occurrences would bring about is so anyway: the contact has the tag, the attribute is set."""
    for event in events:
        name, has = event.value, False
        if not name:
            continue
        if event.kind in ("tag", "untag"):
            globbed = {"*", "?"} & set(name)
            has = any(fits(name, t) for t in scope.tags) if globbed else name in scope.tags
        elif event.kind in ("set", "unset"):
            has = is_set(scope.contact.get(name.partition(".")[2]))
        else:
            continue
        if has is (event.kind in ("tag", "set")):
            return True
    return False


def _scope(simulation: Simulation, now: int, contact: MutableMapping[str, Any], tags: AbstractSet[str]) -> Scope:
    """What a condition reads: the contact as they are at this moment, variables as the run rests."""
    run = simulation.run
    scope = Scope(now)
    scope.contact, scope.tags, scope.segments = contact, tags, simulation.script.segments
    scope.account, scope.last_inbound = simulation.script.account, simulation.last_inbound
    if run is not None:
        scope.trigger, scope.last = run.trigger, run.last
        scope.contact_id, scope.run_id = run.contact, run.id
        scope.vars = run.frames[-1].vars if run.frames else {}
    return scope


def _changed(happening: Happening, contact: MutableMapping[str, Any], tags: AbstractSet[str]) -> AbstractSet[str]:
    """The contact behind a change."""
    change = happening.change
    if change is None:
        return tags
    kind, data = change["kind"], change["data"]
    if kind == "contact.set":
        contact[data["name"]] = data["value"]
    elif kind == "contact.unset":
        contact.pop(data["name"], None)
    elif kind == "contact.tag":
        return tags | {data["name"]}
    elif kind == "contact.untag":
        return tags - {data["name"]}
    return tags


def _end(simulation: Simulation) -> Happening:
    run = simulation.run
    how = text_of(run.outcome) if run is not None and run.outcome else "end"
    return Happening("end", (how,), told=f"The conversation is over ({how}).")
