"""Versions of the definition's format: older ones are brought to today's before anything reads them.

``formatVersion`` stands in the definition; without it the document is of version 1, the requirements' own. An upgrade is a pure
function from one version to the next; it changes spelling, never behaviour. ``tests/cases/lang/upgrade`` has each before and after.
"""

from collections.abc import Callable, Mapping
from typing import Any

from core.lang.report import Place, Report
from core.lang.upgrade.v2 import to_2

CURRENT = 2
"""The format that this InstaFlow writes and reads."""

STEPS: Mapping[int, Callable[[Mapping[str, Any]], dict[str, Any]]] = {1: to_2}
"""Version to the function that makes the next one of it. A definition of any shape comes in: it has not been checked yet."""


def version_of(definition: Mapping[str, Any]) -> int | None:
    """The version that a definition says it has; None when that is no version.

    >>> version_of({"nodes": []}), version_of({"formatVersion": 2}), version_of({"formatVersion": "two"})
    (1, 2, None)
    """
    given = definition.get("formatVersion")
    if given is None:
        return 1
    return given if isinstance(given, int) and not isinstance(given, bool) and given >= 1 else None


def upgraded(definition: Mapping[str, Any]) -> Mapping[str, Any]:
    """The definition in today's format; one that is newer, or whose version cannot be read, stays as it is.

    >>> upgraded({"formatVersion": 99}), upgraded({"startNodeId": "a"})
    ({'formatVersion': 99}, {'startNodeId': 'a', 'formatVersion': 2})
    """
    version = version_of(definition)
    while version is not None and version < CURRENT:
        definition = {**STEPS[version](definition), "formatVersion": version + 1}
        version += 1
    return definition


def refuse_newer(data: Any, report: Report) -> bool:
    """True, and IF008, for a bare definition or an envelope of a format that is not known here."""
    inner, place = _inner(data)
    version = version_of(inner) if isinstance(inner, Mapping) else 1
    if version is None:
        report.add("IF006", "formatVersion must be a whole number, at least 1", place)
    if version is None or version <= CURRENT:
        return False
    said = f"this flow is of format {version}; this InstaFlow reads formats up to {CURRENT}"
    hint = "upgrade InstaFlow, or export the flow from where it was made in an older format"
    report.add("IF008", said, place, hint=hint)
    return True


def bring_up(data: Any) -> Any:
    """A bare definition or an envelope in today's format; anything else as it is."""
    inner, place = _inner(data)
    if not isinstance(inner, Mapping):
        return data
    return {**data, "flowDefinition": upgraded(inner)} if len(place) > 1 else upgraded(inner)


def _inner(data: Any) -> tuple[Any, Place]:
    if isinstance(data, Mapping) and "flowDefinition" in data:
        return data["flowDefinition"], ("flowDefinition", "formatVersion")
    return data, ("formatVersion",)
