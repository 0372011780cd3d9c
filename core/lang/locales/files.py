"""Locale files: ``locales/<language>.yaml`` beside flows, for one flow (keys and texts) or for several (by the flows' names)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from core.lang.locales.table import read_locales
from core.lang.locales.words import spoken_triggers
from core.lang.reading.unreadable import Unreadable
from core.lang.report import Report
from core.model.limits import SOURCE_BYTES_YAML


@dataclass(frozen=True, slots=True)
class LocaleFile:
    """``common`` = keys for whichever flow stands beside it; ``flows`` = keys by flow name. ``report`` = what is wrong with it."""

    language: str
    common: Mapping[str, Any] = field(default_factory=dict)
    flows: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    report: Report = field(default_factory=Report)

    def of(self, names: tuple[str, ...]) -> Mapping[str, Any]:
        """The keys of the flow that has one of these names (its short name, its file's name)."""
        own = next((self.flows[n] for n in names if n in self.flows), {})
        return {**self.common, **own}


@lru_cache(maxsize=64)
def read_locale_file(language: str, text: str | bytes) -> LocaleFile:
    """Reads a file; what cannot be read is in the report, never raised. Flows of one folder share what was read."""
    from core.lang.reading.source import decoded
    from core.lang.reading.yaml_text import read_yaml

    report = Report()
    try:
        data, _ = read_yaml(decoded(text, SOURCE_BYTES_YAML))
    except Unreadable as e:
        report.add(e.code, f"the translations into {language}: {e.message}", hint=e.hint)
        return LocaleFile(language, report=report)
    if not isinstance(data, Mapping):
        report.add("IF006", f"the translations into {language} must be keys and texts")
        return LocaleFile(language, report=report)
    flows = {str(k): v for k, v in data.items() if isinstance(v, Mapping)}
    return LocaleFile(language, {str(k): v for k, v in data.items() if k not in flows}, flows, report)


def with_files(data: Any, files: Mapping[str, str | bytes], names: tuple[str, ...], report: Report) -> Any:
    """The flow's data with what the files (language to text) say of it; what the flow says itself wins."""
    if not files or not isinstance(data, Mapping):
        return data
    inner = data.get("flowDefinition", data)
    if not isinstance(inner, Mapping):
        return data
    slug = data.get("slug")
    mine = (*((slug,) if isinstance(slug, str) else ()), *names)
    given = inner.get("locales") or {}
    if not isinstance(given, Mapping):
        return data
    locales = dict(given)
    for language, text in files.items():
        file = read_locale_file(language, text)
        report.found.extend(file.report.found)
        table = file.of(mine)
        if table:
            own = locales.get(language)
            locales[language] = {**table, **(own if isinstance(own, Mapping) else {})}
    if not locales:
        return data
    definition = {**inner, "locales": locales}
    return {**data, "flowDefinition": definition} if "flowDefinition" in data else definition


def whole(data: Any, files: Mapping[str, str | bytes], names: tuple[str, ...]) -> dict[str, Any]:
    """The envelope as the API takes it: the translations inside, their keywords beside those of the triggers.

    ``data`` = what a notation was read to. What is wrong with the files is the compiler's to say.
    """
    full = with_files(data, files, names, Report())
    envelope = dict(full) if "flowDefinition" in full else {"flowDefinition": full}
    triggers, inner = envelope.get("triggers"), envelope["flowDefinition"]
    locales = read_locales(inner.get("locales") if isinstance(inner, Mapping) else None, (), Report())
    if locales and isinstance(triggers, list) and all(isinstance(t, Mapping) for t in triggers):
        envelope["triggers"] = [dict(t) for t in spoken_triggers(triggers, locales)]
    return envelope
