"""A test file as data: YAML with lines, every key checked, all mistakes found at once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from core.lang.durations import seconds_of
from core.lang.reading.unreadable import Unreadable
from core.lang.reading.yaml_text import read_yaml
from core.lang.report import Locate, Place
from core.model.near import near
from core.testing.flowtest.problem import Problem, Unplayable
from core.testing.flowtest.starts import start_event
from core.testing.flowtest.wanted import Wanted, read_wanted

AROUND = ("contact", "account", "segments", "mocks", "now", "seed", "split")
"""What a file sets for all its tests and a test for itself; objects are merged."""
FILE = ("file", "also", *AROUND, "tests")
TEST = ("name", "start", *AROUND, "steps")
VERBS = ("expect", "tap", "type", "media", "advance", "result", "return", "start")


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a conversation: ``verb`` and its event for the simulation, or what is expected."""

    verb: str
    place: Place
    event: Mapping[str, Any] = field(default_factory=dict)
    wanted: tuple[Wanted, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One test. ``around`` = contact, account, segments, mocks, now, seed, split, the file's merged in."""

    name: str
    place: Place
    start: Mapping[str, Any] | None
    around: Mapping[str, Any]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Suite:
    """A file: the flow that is tested, the flows that it runs, the tests."""

    file: str
    also: tuple[str, ...]
    cases: tuple[Case, ...]
    locate: Locate


def read_suite(text: str, needs_file: bool = True) -> Suite:
    """Reads a test file. Raises Unplayable with every problem and its line. ``needs_file`` False = the flow is given otherwise."""
    try:
        data, locate = read_yaml(text)
    except Unreadable as e:
        raise Unplayable([Problem(e.message, e.span, e.hint)]) from None
    return _Reader(locate).suite(data, needs_file)


class _Reader:
    def __init__(self, locate: Locate) -> None:
        self._locate = locate
        self._problems: list[Problem] = []

    def wrong(self, message: str, place: Place, hint: str = "") -> None:
        """One more problem."""
        self._problems.append(Problem(message, self._locate(place), hint))

    def suite(self, data: Any, needs_file: bool) -> Suite:
        if not isinstance(data, Mapping):
            raise Unplayable([Problem("a test file is an object with file and tests", self._locate(()))])
        self._keys(data, FILE, ())
        file = self._of(data, "file", str, ()) or ""
        if needs_file and not file:
            self.wrong("'file' names the flow that is tested", (), "file: welcome.yaml")
        also = tuple(str(a) for a in self._of(data, "also", list, ()) or ())
        around = {k: data[k] for k in AROUND if data.get(k) is not None}
        tests = self._of(data, "tests", list, ())
        if not tests:
            self.wrong("'tests' is a list of at least one test", ("tests",) if "tests" in data else ())
        cases = tuple(self._case(t, ("tests", i), around) for i, t in enumerate(tests or ()) if self._is(t, i))
        if self._problems:
            raise Unplayable(self._problems)
        return Suite(file, also, cases, self._locate)

    def _is(self, test: Any, i: int) -> bool:
        if not isinstance(test, Mapping):
            self.wrong("a test is an object with name and steps", ("tests", i))
        return isinstance(test, Mapping)

    def _case(self, test: Mapping[str, Any], place: Place, around: Mapping[str, Any]) -> Case:
        self._keys(test, TEST, place)
        name = self._of(test, "name", str, place) or f"test {int(place[-1]) + 1}"
        steps = self._of(test, "steps", list, place)
        if not steps:
            self.wrong(f"'{name}' has no steps", place)
        own = {k: test[k] for k in AROUND if test.get(k) is not None}
        merged = {**around, **own}
        for key in ("contact", "account", "mocks", "split"):
            parts = [p for p in (around.get(key), own.get(key)) if p is not None]
            if not all(isinstance(p, Mapping) for p in parts):
                self.wrong(f"'{key}' must be an object", (*place, key))
            elif parts:
                merged[key] = {k: v for p in parts for k, v in p.items()}
        start = None
        if test.get("start") is not None:
            start = self._made(partial(start_event, test["start"]), (*place, "start"))
        return Case(name, place, start, merged, tuple(self._steps(steps or (), (*place, "steps"))))

    def _steps(self, steps: Iterable[Any], place: Place) -> Iterable[Step]:
        for i, step in enumerate(steps):
            at = (*place, i)
            if isinstance(step, str):
                step = {step: None}
            if not isinstance(step, Mapping) or len(step) != 1:
                self.wrong(f"a step has one of: {', '.join(VERBS)}", at)
                continue
            verb, value = next(iter(step.items()))
            if verb not in VERBS:
                self.wrong(f"'{verb}' is no step", at, _near(verb, VERBS))
                continue
            made = self._made(partial(_step, verb, value, at), at)
            if made is not None:
                yield made

    def _made(self, make: Callable[[], Any], place: Place) -> Any:
        try:
            return make()
        except ValueError as e:
            self.wrong(str(e), place)
            return None

    def _keys(self, data: Mapping[str, Any], known: tuple[str, ...], place: Place) -> None:
        for key in data:
            if key not in known:
                self.wrong(f"'{key}' is not known here", (*place, key), _near(str(key), known))

    def _of(self, data: Mapping[str, Any], key: str, kind: type, place: Place) -> Any:
        value = data.get(key)
        if value is not None and not isinstance(value, kind):
            self.wrong(f"'{key}' must be {'a list' if kind is list else 'a text'}", (*place, key))
            return None
        return value


def _near(word: str, known: Iterable[str]) -> str:
    better = near(word, known)
    return f"did you mean '{better}'?" if better else f"known: {', '.join(known)}"


def _step(verb: str, value: Any, place: Place) -> Step:
    if verb == "expect":
        return Step(verb, place, wanted=read_wanted(value))
    return Step(verb, place, _EVENTS[verb](value))


def _text(value: Any) -> dict[str, Any]:
    if isinstance(value, bool) or not isinstance(value, str | int | float) or value == "":
        raise ValueError("'type' is followed by what the contact writes")
    return {"type": "text", "text": str(value)}


def _tap(value: Any) -> dict[str, Any]:
    if isinstance(value, Mapping) and set(value) == {"payload"}:
        return {"type": "tap", "payload": str(value["payload"])}
    if value is None or isinstance(value, Mapping | list):
        raise ValueError("'tap' is followed by a button's title, or by {payload: …}")
    return {"type": "tap", "title": str(value)}


def _media(value: Any) -> dict[str, Any]:
    items = value if isinstance(value, list) else [value or "image"]
    media = [m if isinstance(m, Mapping) else {"type": str(m), "url": "https://cdn.example/sent"} for m in items]
    return {"type": "media", "media": media}


def _advance(value: Any) -> dict[str, Any]:
    seconds = seconds_of(value)
    if not isinstance(seconds, int | float) or isinstance(seconds, bool) or seconds < 0:
        raise ValueError("'advance' is followed by a duration such as 30m, 23h or 1d")
    return {"type": "advance", "seconds": seconds}


def _result(value: Any) -> dict[str, Any]:
    found = dict(value) if isinstance(value, Mapping) else {"outcome": value}
    if not isinstance(found.get("outcome"), str) or set(found) - {"outcome", "data", "error"}:
        raise ValueError("'result' is followed by an outcome, or by {outcome, data, error}")
    return {"type": "result", **found}


_EVENTS: Mapping[str, Callable[[Any], Mapping[str, Any]]] = {
    "type": _text,
    "tap": _tap,
    "media": _media,
    "advance": _advance,
    "result": _result,
    "return": lambda value: {"type": "return"},
    "start": lambda value: start_event(value),
}
