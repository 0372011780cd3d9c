"""Flow tests under pytest: every ``*.test.yaml`` is collected, each test of it is an item.

Found by the entry point group ``pytest11``; ``-p no:instaflow`` leaves it out. ``--flow-coverage N`` fails a file whose tests
come by less than N percent of the flow's states and exits.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from core.testing.flowtest import FileReport, TestReport

ENDINGS = (".test.yaml", ".test.yml")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option for coverage."""
    group = parser.getgroup("instaflow")
    group.addoption("--flow-coverage", type=int, default=0, metavar="PERCENT", help="least coverage of a tested flow")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "FlowTestFile | None":
    """A file of flow tests."""
    if file_path.name.endswith(ENDINGS):
        made: FlowTestFile = FlowTestFile.from_parent(parent, path=file_path)
        return made
    return None


class FlowTestFile(pytest.File):
    """All tests of one file; they are played when they are collected, in milliseconds."""

    def collect(self) -> Iterable[pytest.Item]:
        """An item for each test, one for the file's own problems, one for its coverage."""
        from core.testing.flowtest.files import run

        (report,) = run([self.path])
        if report.problems:
            yield Broken.from_parent(self, name="the file", report=report)
        for test in report.tests:
            yield FlowTestItem.from_parent(self, name=test.name, test=test)
        least = self.config.getoption("--flow-coverage")
        if least and report.coverage is not None:
            yield Covered.from_parent(self, name=f"coverage of {least} %", report=report, least=least)


class FlowFailed(Exception):
    """What pytest shows: the problem and the transcript, no Python traceback."""


class _Item(pytest.Item):
    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Our own lines for our own failures."""
        if isinstance(excinfo.value, FlowFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)


class FlowTestItem(_Item):
    """One conversation."""

    def __init__(self, *, test: "TestReport", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._test = test

    def runtest(self) -> None:
        """Fails with what was expected and what came."""
        from core.testing.flowtest.transcript import lines_of

        if self._test.problem is not None:
            problem = self._test.problem
            raise FlowFailed(
                "\n".join(
                    [problem.message, *([problem.hint] if problem.hint else []), *lines_of(self._test.transcript)]
                )
            )

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """File, line, name."""
        span = self._test.span
        return self.path, span.line - 1 if span else None, self.name


class Broken(_Item):
    """A file that cannot be played."""

    def __init__(self, *, report: "FileReport", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._report = report

    def runtest(self) -> None:
        """Fails with all problems."""
        lines = (f"line {p.span.line}: {p.message}" if p.span else p.message for p in self._report.problems)
        raise FlowFailed("\n".join(lines))


class Covered(_Item):
    """The coverage of the flow by the tests of one file."""

    def __init__(self, *, report: "FileReport", least: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._report, self._least = report, least

    def runtest(self) -> None:
        """Fails with the exits that were not taken."""
        coverage = self._report.coverage
        assert coverage is not None
        if coverage.share * 100 < self._least:
            raise FlowFailed(f"{coverage.share:.0%}; not reached: {', '.join(coverage.missed)}")
