"""What the compiler has to say about a flow: collected, never raised."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.model.fix import Fix, Related
from core.model.span import Span


class Severity(StrEnum):
    """How bad it is: an error forbids activation, the others do not."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. ``code`` is a promise: it never changes its meaning (``docs/diagnostics/<code>.md``).

    ``node`` is the id of the step it is about, ``path`` a witness (ids of steps), ``hint`` what to do,
    ``fix`` what mends it, ``related`` other places that it speaks of, ``place`` a JSON path such as ``("nodes", 3, "connections", 0)``; ``witness`` = a
    conversation that shows it, {now, contact, events}, as ``core.engine.simulate`` plays it.
    """

    code: str
    severity: Severity
    message: str
    node: str | None = None
    span: Span | None = None
    hint: str = ""
    path: tuple[str, ...] = ()
    place: tuple[str | int, ...] = ()
    fix: Fix | None = None
    witness: Mapping[str, Any] | None = None
    related: tuple[Related, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The shape that the API and ``flow check --json`` print."""
        return {
            "code": self.code,
            "severity": str(self.severity),
            "message": self.message,
            "node": self.node,
            "span": self.span.as_json() if self.span else None,
            "hint": self.hint,
            "path": list(self.path),
            "related": [r.as_json() for r in self.related],
            "fix": self.fix.as_json() if self.fix else None,
            "witness": dict(self.witness) if self.witness else None,
        }


def has_errors(found: Iterable[Diagnostic]) -> bool:
    """True when one of them forbids activation."""
    return any(d.severity is Severity.ERROR for d in found)
