"""The walk over pairs of rests, nearest first."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from core.lang.behaviour.inputs import Input, inputs_of, taken
from core.lang.behaviour.sprint import Rest, sprint
from core.lang.behaviour.told import lines_of
from core.lang.behaviour.truth import Atom, Open
from core.lang.expressions.unparse import unparse, unparse_template
from core.model.codec import canonical
from core.model.program import Json, Program

PAIRS = 20_000
"""Pairs of rests that are looked at, at most."""
CASES = 64
"""Combinations of conditions between two rests, at most."""
DEPENDS = ("payload", "title", "keyword", "regex", "media", "any", "default", "edges", "outcome")
"""What of a wait says where it leads, not what it is."""


@dataclass(frozen=True, slots=True)
class Step:
    """An input on the way, and the conditions that held behind it: (guard, whether it holds)."""

    given: Input
    conditions: tuple[tuple[Json, bool], ...] = ()

    def __str__(self) -> str:
        when = [unparse(g) if yes else f"not ({unparse(g)})" for g, yes in self.conditions]
        return str(self.given) + (f", {' and '.join(when)}" if when else "")


@dataclass(frozen=True, slots=True)
class Difference:
    """After ``steps`` the old version does ``old`` and the new one ``new`` (lines); the shortest way there. ``ways`` = so many ways
    lead to the same difference."""

    steps: tuple[Step, ...]
    old: tuple[str, ...]
    new: tuple[str, ...]
    ways: int = 1

    @property
    def after(self) -> tuple[str, ...]:
        """The way as lines."""
        return tuple(map(str, self.steps))

    def as_json(self) -> dict[str, Any]:
        """{after, old, new, ways}."""
        return {"after": list(self.after), "old": list(self.old), "new": list(self.new), "ways": self.ways}


def differences(old: Program, new: Program, most: int = 50) -> list[Difference]:
    """What is not the same, the soonest first, each where two ways part; behind a difference nothing more is looked at.

    Never raises for what an author wrote.
    """
    found = [*_settings(old, new), *_translations(old, new)]
    if old.hash and old.hash == new.hash:
        return found
    grouped: dict[tuple[tuple[str, ...], tuple[str, ...]], Difference] = {}
    for difference in _Walk(old, new).run():
        key = difference.old, difference.new
        known = grouped.get(key)
        if known is None and len(grouped) >= most:
            break
        grouped[key] = difference if known is None else replace(known, ways=known.ways + 1)
    return [*found, *grouped.values()]


def _settings(old: Program, new: Program) -> Iterator[Difference]:
    for name, a, b in (("settings", old.settings, new.settings), ("params", list(old.params), list(new.params))):
        if canonical(a) != canonical(b):
            yield Difference((), (f"{name} {canonical(a).decode()}",), (f"{name} {canonical(b).decode()}",))


def _translations(old: Program, new: Program) -> Iterator[Difference]:
    """One difference a language, with the keys whose translation is not the same."""
    for language in sorted({*old.locales, *new.locales}):
        a, b = old.locales.get(language, {}), new.locales.get(language, {})
        keys = [k for k in sorted({*a, *b}) if a.get(k) != b.get(k)]
        if keys:
            told = [tuple(f"{language}: {k} {_said(t[k])}" for k in keys if k in t) for t in (a, b)]
            yield Difference((), told[0], told[1])


def _said(text: Json) -> str:
    return ", ".join(text) if isinstance(text, list) and text[:1] != ["tpl"] else repr(unparse_template(text))


Way = tuple[Step, ...]
Case = tuple[dict[Atom, bool], tuple[tuple[Json, bool], ...]]


@dataclass(slots=True)
class _Walk:
    old: Program
    new: Program
    seen: set[tuple[str, str]] = field(default_factory=set)

    def run(self) -> Iterator[Difference]:
        queue: deque[tuple[Way, Input, Any, Any]] = deque(
            [((), Input("start"), (self.old.entry, ()), (self.new.entry, ()))]
        )
        while queue and len(self.seen) < PAIRS:
            way, given, a, b = queue.popleft()
            for conditions, x, y in self._cases(a, b):
                steps = (*way, Step(given, conditions))
                if not _alike(x, y):
                    yield Difference(steps, *_told(x, y))
                elif x.state is not None and y.state is not None and (x.state.id, y.state.id) not in self.seen:
                    self.seen.add((x.state.id, y.state.id))
                    yield from self._onward(steps, x, y, queue)

    def _onward(self, way: Way, x: Rest, y: Rest, queue: deque[Any]) -> Iterator[Difference]:
        assert x.wait is not None and y.wait is not None
        for given in dict.fromkeys([*inputs_of(x.wait), *inputs_of(y.wait)]):
            (e, takes), (f, takes_too) = taken(x.wait, given), taken(y.wait, given)
            if e is None and f is None and takes == takes_too:
                continue
            if (e is None and not takes) or (f is None and not takes_too):
                yield self._unanswered(way, given, e, f)
                continue
            queue.append((way, given, (e.to, e.do) if e else (None, ()), (f.to, f.do) if f else (None, ())))

    def _unanswered(self, way: Way, given: Input, e: Any, f: Any) -> Difference:
        """One of the two does not react at all."""
        told = []
        for program, edge in ((self.old, e), (self.new, f)):
            told.append(("no answer",) if edge is None else self._first(program, edge))
        return Difference((*way, Step(given)), told[0], told[1])

    def _first(self, program: Program, edge: Any) -> tuple[str, ...]:
        for _, rest, _ in self._cases((edge.to, edge.do), (edge.to, edge.do), program, program):
            return tuple(lines_of(rest))
        return ()

    def _cases(
        self, a: Any, b: Any, old: Program | None = None, new: Program | None = None
    ) -> Iterator[tuple[tuple[tuple[Json, bool], ...], Rest, Rest]]:
        """Both sprints under every combination of the conditions that they meet."""
        stack: list[Case] = [({}, ())]
        done = 0
        while stack and done < CASES:
            assumed, conditions = stack.pop()
            try:
                x = sprint(old or self.old, a[0], assumed, a[1])
                y = sprint(new or self.new, b[0], assumed, b[1])
            except Open as e:
                for yes in (False, True):
                    stack.append(({**assumed, e.atom: yes}, (*conditions, (e.guard, yes))))
                continue
            done += 1
            yield conditions, x, y


def _alike(x: Rest, y: Rest) -> bool:
    return canonical(list(x.does)) == canonical(list(y.does)) and _resting(x) == _resting(y)


def _resting(rest: Rest) -> bytes:
    if rest.wait is None:
        return canonical(["over", rest.outcome])
    kept = {k: v for k, v in rest.wait.items() if k not in DEPENDS}
    if "timeout" in kept:
        kept["timeout"] = kept["timeout"][0]
    if "input" in kept:
        kept["input"] = {k: v for k, v in kept["input"].items() if k not in ("valid", "invalid")}
    return canonical(kept)


def _told(x: Rest, y: Rest) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lines of both from where they part."""
    a, b = lines_of(x), lines_of(y)
    if a == b:  # the same in words: a detail that the words leave out
        a, b = [*a, _detail(x)], [*b, _detail(y)]
    same = next((i for i, (p, q) in enumerate(zip(a, b, strict=False)) if p != q), min(len(a), len(b)))
    return tuple(a[same:]), tuple(b[same:])


def _detail(rest: Rest) -> str:
    return f"{canonical(list(rest.does)).decode()} {_resting(rest).decode()}"
