"""Diagnostics are collected here while a flow is compiled; spans are found at the end, only for those that there are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from core.lang.codes import CODES
from core.model.diagnostic import Diagnostic, Severity
from core.model.fix import Fix, Related
from core.model.span import Span

Place = tuple[str | int, ...]
Locate = Callable[[Place], Span | None]

_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(slots=True)
class Report:
    """One compilation's findings; a finding that repeats another in every word is kept once."""

    found: list[Diagnostic] = field(default_factory=list)
    _seen: set[tuple[str, str | None, str, Place, Span | None]] = field(default_factory=set)

    def add(
        self,
        code: str,
        message: str,
        place: Place = (),
        node: str | None = None,
        hint: str = "",
        severity: Severity | None = None,
        path: tuple[str, ...] = (),
        span: Span | None = None,
        witness: Mapping[str, Any] | None = None,
        fix: Fix | None = None,
        related: tuple[Related, ...] = (),
    ) -> None:
        """Adds a finding; ``severity`` None means the code's usual one. A plugin's own code is an error unless it says else."""
        key = (code, node, message, place, span)
        if key in self._seen:
            return
        self._seen.add(key)
        usual = CODES[code].severity if code in CODES else Severity.ERROR
        self.found.append(
            Diagnostic(code, severity or usual, message, node, span, hint, path, place, fix, witness, related)
        )

    def sorted(self, locate: Locate | None = None) -> tuple[Diagnostic, ...]:
        """Errors first, then by place in the source; with ``locate`` each gets its span."""
        found = self.found
        if locate is not None:
            found = [_located(d, locate) for d in found]
        return tuple(sorted(found, key=_rank))


def _located(d: Diagnostic, locate: Locate) -> Diagnostic:
    related = tuple(r if r.span else replace(r, span=locate(r.place)) for r in d.related)
    return replace(d, span=d.span or locate(d.place), related=related)


def _rank(d: Diagnostic) -> tuple[int, int, int]:
    return (_ORDER[d.severity], d.span.line if d.span else 0, d.span.column if d.span else 0)
