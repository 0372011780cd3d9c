"""Triggers against the program that they start: what only both together can tell."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.lang.catalog import Catalog
from core.lang.report import Report
from core.model.diagnostic import Diagnostic
from core.model.program import Program


def check_triggers(
    triggers: Sequence[Mapping[str, Any]], program: Program | None, registry: Catalog
) -> list[Diagnostic]:
    report = Report()
    return list(report.sorted())
