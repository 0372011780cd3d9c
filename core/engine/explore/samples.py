"""What is worth trying: the values that a program's conditions tell apart."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from core.engine.explore.unknown import Fact
from core.engine.glob import fits
from core.model.answers import WORD
from core.model.program import Json, Program, State
from core.model.properties import Occurrence, Property

MOST = 8
"""Values of one thing, and attributes that are open, at most."""
ELSE = "something else"
SET = "yes"
_COMPARE = frozenset({"==", "!=", "<", "<=", ">", ">=", "in", "notin", "has", "contains", "is"})
_BLIND = frozenset({"now", "account"})


class Samples:
    """Constants by the path that they are compared with: ``("contact", "plan")``, ``("answer",)``. ``doubts`` = what cannot be
    told apart by trying constants, in words. ``read`` = roots and attributes that the program reads anywhere."""

    def __init__(self, programs: Iterable[Program], properties: Iterable[Property] = ()) -> None:
        self._values: defaultdict[tuple[str, ...], dict[str, Any]] = defaultdict(dict)
        self.tags: set[str] = set()
        self.segments: set[str] = set()
        self.contact: set[str] = set()
        self.words: dict[str, None] = {}
        self.doubts: set[str] = set()
        self.window = False
        self._tagged: set[str] = set()
        self.read: set[str] = {"result"}
        for program in programs:
            for state in program.states.values():
                self._state(state)
        for of in properties:
            self._guard(of.condition)
            for event in (*of.events, *of.first, *of.after, *of.until):
                self._changed(event)

    def _state(self, state: State) -> None:
        for e in _inside(list(state.as_json().values())):
            self._read(e)
        for edge in state.edges:
            self._guard(edge.when)
            for operation in edge.do:
                self._moved(operation)
        for operation in state.do:
            self._moved(operation)
            for button in operation[1].get("buttons") or () if operation[0] == "send" else ():
                self._guard(button.get("if", True))
        if state.wait is not None and state.wait.get("regex"):
            self.doubts.add("answers are matched with a pattern")

    def _read(self, e: Json) -> None:
        if e[0] == "says":
            self.read.add("last")
        elif e[0] == "var":
            self.read |= {str(e[1]), ".".join(map(str, e[1:3])) if len(e) > 2 else f"{e[1]}.*"}

    def _moved(self, operation: Json) -> None:
        """A value that is copied somewhere may be compared there."""
        if operation[0] in ("tag", "untag") and isinstance(operation[1], str):
            self._tagged.add(operation[1].strip())
        if operation[0] == "set":
            for path in _paths(operation[3]):
                self._note(
                    path, self._values[("contact", operation[2]) if operation[1] == "contact" else (operation[2],)]
                )

    def _changed(self, event: Occurrence) -> None:
        """Nobody is given a tag that they have: whether they had it before tells conversations apart."""
        if event.kind in ("tag", "untag"):
            self.tags |= {t for t in self._tagged if not event.value or fits(event.value, t)}
            self.tags |= {event.value} if event.value and not {"*", "?"} & set(event.value) else set()
        elif event.kind in ("set", "unset") and event.value:
            self.contact.add(event.value.partition(".")[2])

    def _guard(self, guard: Json) -> None:
        for e in _inside(guard):
            self._read(e)
            if e[0] == "tagged":
                self.tags.add(str(e[1]))
            elif e[0] == "says":
                self.words |= dict.fromkeys(str(w) for w in e[1:])
            elif e[0] == "var":
                self._note(tuple(map(str, e[1:])), {})
            elif e[0] == "call":
                self._call(e)
            elif e[0] in _COMPARE and len(e) == 3:
                self._compared(e[1], e[2])

    def _call(self, e: Json) -> None:
        if e[1] == "in_segment" and isinstance(e[2], str):
            self.segments.add(e[2])
        elif e[1] == "matches":
            self.doubts.add("something is matched with a pattern")

    def _compared(self, a: Json, b: Json) -> None:
        paths = [*_paths(a), *_paths(b)]
        found = dict(chain.from_iterable(_around(c) for c in chain(_constants(a), _constants(b))))
        for path in paths:
            self._note(path, found)
        if len(paths) > 1:
            self.doubts.add("two values are compared with each other")

    def _note(self, path: tuple[str, ...], values: Mapping[str, Any]) -> None:
        if path[0] in _BLIND:
            self.doubts.add(f"a condition looks at '{path[0]}'")
        elif path[0] == "window":
            self.window = True
        elif path[0] == "contact" and len(path) > 1:
            self.contact.add(path[1])
        if path[0] == "last":
            self.words |= dict.fromkeys(v for v in values.values() if isinstance(v, str) and v)
        self._values[path] |= values

    def texts(self, path: tuple[str, ...]) -> list[str]:
        """What somebody could write where the answer is kept under the path."""
        return [str(v) for v in self._some(path) if isinstance(v, str | int | float) and not isinstance(v, bool)]

    def fields(self, name: str) -> list[Any]:
        """What a call could bring where it is kept under a name."""
        made: list[Any] = list(self._some((name,)))
        for path in sorted(p for p in self._values if p[0] == name and len(p) == 2):
            made += [{path[1]: v} for v in self._some(path)]
        return made[:MOST]

    def triggers(self) -> list[dict[str, Any]]:
        """What a trigger could bring: nothing special, or one of the values that are asked for."""
        paths = sorted(p for p in self._values if p[0] == "trigger" and len(p) == 2 and p[1] != "type")
        return [{}, *({path[1]: v} for path in paths for v in self._some(path))][:MOST]

    def of(self, fact: Fact) -> list[Any]:
        """The values of a fact about the contact, the plainest first."""
        if fact[0] != "contact":
            return [False, True]
        values = self._some(("contact", fact[1]))
        return [None, *values, *([ELSE] if values else [SET])]

    def _some(self, path: tuple[str, ...]) -> list[Any]:
        values = [v for v in self._values.get(path, {}).values() if v is not None]
        if len(values) > MOST:
            self.doubts.add(f"'{'.'.join(path)}' is compared with many values")
        return values[:MOST]

    def said(self) -> list[str]:
        """Words that an answer may hold anywhere."""
        return [WORD, *self.words][: MOST + 1]


def _inside(e: Json) -> Iterator[Json]:
    """Every operator in an expression."""
    stack = [e]
    while stack:
        one = stack.pop()
        if isinstance(one, Mapping):
            stack.extend(one.values())
        elif isinstance(one, list | tuple):
            if one and isinstance(one[0], str):
                yield one
            stack.extend(x for x in one if isinstance(x, list | tuple | Mapping))


def _paths(e: Json) -> Iterator[tuple[str, ...]]:
    return (tuple(map(str, x[1:])) for x in _inside(e) if x[0] == "var")


def _constants(e: Json) -> Iterator[Any]:
    """The scalars of a side of a comparison; a duration is its seconds."""
    if not isinstance(e, list | tuple):
        yield e
    elif e and e[0] == "dur":
        yield e[1]
    elif e and e[0] == "list":
        yield from (x for x in e[1:] if not isinstance(x, list | tuple))


def _around(value: Any) -> Iterator[tuple[str, Any]]:
    """A number with its neighbours, anything else as it is."""
    near = (value, value - 1, value + 1) if isinstance(value, int | float) and not isinstance(value, bool) else (value,)
    return ((repr(v), v) for v in near)
