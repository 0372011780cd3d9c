"""The key ``locales`` of a definition: languages, each with its keys and what they say there."""

from collections.abc import Mapping
from typing import Any

from core.lang.report import Place, Report
from core.model.languages import TAG, tag_of

Table = Mapping[str, str | list[str]]
"""Key to text; keywords to a text separated by commas or a list."""


def read_locales(raw: Any, place: Place, report: Report) -> dict[str, Table]:
    """The languages that can be used; what has the wrong shape is IF006 and left out."""
    if raw is None:
        return {}
    if not isinstance(raw, Mapping):
        report.add("IF006", "locales must be an object: {de: {hello.text: …}}", place)
        return {}
    found: dict[str, Table] = {}
    for language, table in raw.items():
        at = (*place, language)
        if not isinstance(language, str) or not TAG.match(language):
            report.add("IF006", f"'{language}' is no language", at, hint=_hint(language))
        elif table is not None:
            found[language] = read_table(table, at, report)
    return found


def read_table(raw: Any, place: Place, report: Report) -> Table:
    """One language's keys."""
    if not isinstance(raw, Mapping):
        report.add("IF006", f"locales.{place[-1]} must be an object of keys and texts", place)
        return {}
    out: dict[str, str | list[str]] = {}
    for key, value in raw.items():
        if isinstance(value, str) or (isinstance(value, list) and all(isinstance(v, str) for v in value)):
            out[str(key)] = value
        elif value is not None:
            report.add("IF006", f"locales.{place[-1]}: '{key}' must be a text, or a list of keywords", (*place, key))
    return out


def _hint(language: Any) -> str:
    tag = tag_of(language)
    return f"write {tag}" if tag else "languages are written like en, de or pt-br"
