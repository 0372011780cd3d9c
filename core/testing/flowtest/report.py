"""What came of the tests: as JSON, and as text for the terminal."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.model.span import Span
from core.testing.flowtest.coverage import Coverage
from core.testing.flowtest.problem import Problem
from core.testing.flowtest.transcript import lines_of


@dataclass(frozen=True, slots=True)
class TestReport:
    """One test; ``problem`` None = it passed. ``transcript`` as ``core.engine.simulate`` describes it."""

    __test__ = False

    name: str
    problem: Problem | None = None
    transcript: tuple[Mapping[str, Any], ...] = ()
    span: Span | None = None

    def as_json(self) -> dict[str, Any]:
        """{name, passed, problem, transcript}."""
        problem = self.problem.as_json() if self.problem else None
        return {
            "name": self.name,
            "passed": self.problem is None,
            "problem": problem,
            "transcript": list(self.transcript),
        }


@dataclass(frozen=True, slots=True)
class FileReport:
    """A test file; ``problems`` = why it could not be played at all."""

    name: str
    flow: str = ""
    tests: tuple[TestReport, ...] = ()
    coverage: Coverage | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def failed(self) -> int:
        """How many tests failed; a file that cannot be played counts as one."""
        return sum(t.problem is not None for t in self.tests) or int(bool(self.problems))

    def as_json(self) -> dict[str, Any]:
        """{name, flow, passed, tests, coverage, problems}."""
        return {
            "name": self.name,
            "flow": self.flow,
            "passed": not self.failed,
            "tests": [t.as_json() for t in self.tests],
            "coverage": self.coverage.as_json() if self.coverage else None,
            "problems": [p.as_json() for p in self.problems],
        }


def told(report: FileReport, coverage: bool = False) -> Iterator[tuple[str, str]]:
    """Lines for the terminal, each with its kind: pass, fail, more, cover."""
    for problem in report.problems:
        yield "fail", f"{_at(report.name, problem.span)}: {problem.message}"
        yield from _hint(problem)
    for test in report.tests:
        if test.problem is None:
            yield "pass", f"{report.name}: {test.name}"
            continue
        yield "fail", f"{_at(report.name, test.problem.span)}: {test.name}"
        yield "more", f"   {test.problem.message}"
        yield from _hint(test.problem)
        yield from (("more", f"   | {line}") for line in lines_of(test.transcript))
    if coverage and report.coverage is not None:
        yield from _covered(report.name, report.coverage)


def _hint(problem: Problem) -> Iterable[tuple[str, str]]:
    return [("more", f"   = {problem.hint}")] if problem.hint else []


def _at(name: str, span: Span | None) -> str:
    return f"{name}:{span.line}:{span.column}" if span else name


def _covered(name: str, coverage: Coverage) -> Iterator[tuple[str, str]]:
    yield "cover", f"{name}: {coverage.share:.0%} of {len(coverage.states)} states and {len(coverage.exits)} exits"
    for missed in coverage.missed:
        yield "more", f"   not reached: {missed}"
