"""What a state reads and sets: flow variables and attributes, in the order in which it happens."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.lang.expressions import ROOTS, variables
from core.model.program import Edge, Json, State

Name = tuple[str, str]
"""("flow" or "contact", name)."""


@dataclass(slots=True)
class Touch:
    """``reads`` = names with whether a default or a test guards them; ``shown`` = those of them that people see in a text;
    ``tested`` = those that a condition looks at, which is a test by itself."""

    reads: dict[Name, bool] = field(default_factory=dict)
    shown: set[Name] = field(default_factory=set)
    tested: set[Name] = field(default_factory=set)
    sets: set[Name] = field(default_factory=set)

    def read(self, e: Json, shown: bool = False) -> None:
        """Everything that an expression reads and that was not set before it."""
        if not isinstance(e, list):
            return
        for path, guarded in variables(e):
            name = name_of(path)
            if name is None or name in self.sets:
                continue
            self.reads[name] = self.reads.get(name, True) and guarded
            if shown and not guarded:
                self.shown.add(name)

    def test(self, guard: Json) -> None:
        """What a condition looks at."""
        if not isinstance(guard, list):
            return
        names = {n for path, guarded in variables(guard) if not guarded and (n := name_of(path)) is not None}
        self.tested |= names
        for name in {n for path, _ in variables(guard) if (n := name_of(path)) is not None}:
            self.reads.setdefault(name, True)


def name_of(path: tuple[str, ...]) -> Name | None:
    """The name behind a path; None for what is always there.

    >>> name_of(("contact", "email")), name_of(("order", "total")), name_of(("window", "open"))
    (('contact', 'email'), ('flow', 'order'), None)
    """
    if path[0] not in ROOTS:
        return "flow", path[0]
    return ("contact", path[1]) if path[0] == "contact" and len(path) > 1 else None


def entered(state: State) -> Touch:
    """What happens on entering a state, up to its wait."""
    touch = Touch()
    for op in state.do:
        _operation(op, touch)
    if state.wait is not None:
        _wait(state.wait, touch)
    return touch


def taken(state: State, edge: Edge) -> Touch:
    """What an exit sets, and what its guard reads."""
    touch = Touch()
    touch.test(edge.when)
    for op in edge.do:
        _operation(op, touch)
    wait = state.wait or {}
    saved = _saved(wait, edge)
    if saved is not None:
        touch.sets.add(saved)
    return touch


def _saved(wait: Mapping[str, Any], edge: Edge) -> Name | None:
    edges = wait.get("edges") or []
    i = next((n for n, e in enumerate(edges) if e is edge), None)
    asked = wait.get("input")
    if asked and asked.get("save") and i is not None and asked.get("valid") == i:
        return asked["save"][0], asked["save"][1]
    if wait.get("kind") in ("result", "child") and wait.get("save"):
        timed_out = wait["outcome"].get("timeout")
        return None if i is not None and timed_out == i else ("flow", str(wait["save"]))
    return None


def _operation(op: Json, touch: Touch) -> None:
    kind = op[0]
    if kind == "send":
        for text in texts_of(op[1]):
            touch.read(text, shown=True)
    elif kind in ("tag", "untag"):
        touch.read(op[1])
    elif kind == "set":
        touch.read(op[3])
        touch.sets.add((op[1], op[2]))
    elif kind == "unset":
        touch.sets.discard((op[1], op[2]))
    elif kind == "fx":
        for value in op[2].values():
            touch.read(value)
    elif kind == "handover":
        touch.read(op[1].get("message"))


def _wait(wait: Mapping[str, Any], touch: Touch) -> None:
    for value in (wait.get("args") or {}).values():
        touch.read(value)
    touch.read(wait.get("flow"))
    touch.read((wait.get("input") or {}).get("message"), shown=True)
    touch.read((wait.get("reprompt") or {}).get("text"), shown=True)
    until = wait.get("until")
    if isinstance(until, Mapping):
        touch.read(until.get("at"))


def texts_of(message: Mapping[str, Any]) -> Iterator[Json]:
    """Every text of a message, and the conditions of its buttons."""
    yield message.get("text")
    for medium in message.get("media") or ():
        yield medium.get("url")
    for card in message.get("cards") or ():
        yield from (card.get(k) for k in ("title", "subtitle", "imageUrl", "url"))
    shown = [*(message.get("buttons") or ()), *(b for c in message.get("cards") or () for b in c.get("buttons") or ())]
    for button in shown:
        yield from (button.get(k) for k in ("text", "url", "payload", "if"))
