"""What is wrong with a test file, or with a conversation that did not go as written."""

from dataclasses import dataclass
from typing import Any

from core.model.errors import InstaFlowError
from core.model.span import Span


@dataclass(frozen=True, slots=True)
class Problem:
    """A sentence, where in the test file, and what to do."""

    message: str
    span: Span | None = None
    hint: str = ""

    def as_json(self) -> dict[str, Any]:
        """As the API and ``flow test --json`` print it."""
        return {"message": self.message, "span": self.span.as_json() if self.span else None, "hint": self.hint}


class Unplayable(InstaFlowError):
    """A test file cannot be read: every problem of it at once."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(p.message for p in problems))
        self.problems = problems


class Unmet(InstaFlowError):
    """A conversation did not go as written."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem
