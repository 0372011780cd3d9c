"""Plays the tests of a file: one conversation after the other, each from the beginning."""

from collections.abc import Callable, Mapping
from typing import Any

from core.engine.script import ScriptError, read
from core.engine.shelf import Shelf
from core.engine.simulation import Simulation
from core.lang import Compilation
from core.lang.durations import seconds_of
from core.model.diagnostic import has_errors
from core.model.program import Program
from core.testing.flowtest.coverage import Coverage
from core.testing.flowtest.dice import seed_for
from core.testing.flowtest.problem import Problem, Unmet, Unplayable
from core.testing.flowtest.reading import Case, Suite, read_suite
from core.testing.flowtest.report import FileReport, TestReport
from core.testing.flowtest.watch import Watch

Load = Callable[[str], Compilation]
"""A flow by the name that a test file gives it, as seen from that file. Raises OSError."""


def run_file(name: str, text: str, load: Load) -> FileReport:
    """Reads and plays a test file; what is wrong with it is in the report."""
    try:
        suite = read_suite(text)
        program, shelf = _programs(suite, load)
    except Unplayable as e:
        return FileReport(name, problems=tuple(e.problems))
    return run_suite(name, suite, program, shelf)


def run_suite(name: str, suite: Suite, program: Program, shelf: Shelf) -> FileReport:
    """Plays the tests of a suite on a program; ``shelf`` holds it and the flows that it runs."""
    coverage = Coverage.of(program)
    tests = tuple(_play(suite, case, program, shelf, coverage) for case in suite.cases)
    return FileReport(name, suite.file, tests, coverage)


def _programs(suite: Suite, load: Load) -> tuple[Program, Shelf]:
    programs: list[Program] = []
    active: dict[str, str] = {}
    problems: list[Problem] = []
    for place, file in ((("file",), suite.file), *((("also", i), f) for i, f in enumerate(suite.also))):
        span = suite.locate(place)
        try:
            done = load(file)
        except OSError as e:
            problems.append(Problem(f"the flow '{file}' cannot be read: {e.strerror or e}", span))
            continue
        if done.program is None or done.doc is None or has_errors(done.diagnostics):
            first = next((d for d in done.diagnostics if d.severity == "error"), None)
            why = f": {first.code} {first.message}" if first else ""
            problems.append(Problem(f"the flow '{file}' has errors{why}", span, f"instaflow flow check {file}"))
            continue
        programs.append(done.program)
        active |= {word: done.program.hash for word in (done.doc.slug, _stem(file)) if word}
    if problems:
        raise Unplayable(problems)
    return programs[0], Shelf(programs, active)


def _stem(file: str) -> str:
    return file.replace("\\", "/").rpartition("/")[2].partition(".")[0]


def _play(suite: Suite, case: Case, program: Program, shelf: Shelf, coverage: Coverage) -> TestReport:
    try:
        watch = Watch(begun(case, program, shelf), suite.locate)
    except (ScriptError, ValueError) as e:
        return TestReport(case.name, Problem(str(e), suite.locate(case.place)))
    problem = None
    try:
        watch.act({"type": "start"} if case.start is None else case.start, (*case.place, "start"))
        for step in case.steps:
            if step.verb == "expect":
                watch.expect(step.wanted, step.place)
            else:
                watch.act(step.event, step.place)
        watch.nothing_left((*case.place, "steps", len(case.steps) - 1))
    except Unmet as e:
        problem = e.problem
    except ScriptError as e:
        problem = Problem(str(e), suite.locate(case.place))
    coverage.take(watch.simulation)
    return TestReport(case.name, problem, tuple(watch.simulation.transcript), suite.locate(case.place))


def begun(case: Case, program: Program, shelf: Shelf) -> Simulation:
    """A test's conversation before its first event. Raises ScriptError, ValueError."""
    around: dict[str, Any] = {k: v for k, v in case.around.items() if k != "split"}
    contact = around.get("contact")
    if isinstance(contact, Mapping):
        around["contact"] = {k: v for k, v in contact.items() if v is not None}
    around["mocks"] = {k: _mock(v) for k, v in (around.get("mocks") or {}).items()}
    split = case.around.get("split")
    if split:
        around["seed"] = seed_for(program, split)
    return Simulation(shelf, program.hash, read(around))


def _mock(value: Any) -> Any:
    """``delay`` may be a duration."""
    if isinstance(value, list):
        return [_mock(v) for v in value]
    if isinstance(value, Mapping) and "delay" in value:
        return {**{k: v for k, v in value.items() if k != "delay"}, "seconds": seconds_of(value["delay"])}
    return value
