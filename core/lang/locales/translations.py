"""Translations into a program: keys are looked up, texts parsed like the flow's own, every problem names its language."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.lang.catalog import Catalog
from core.lang.conditions import words_of
from core.lang.expressions import ExpressionError, variables
from core.lang.fixing import removed, renamed
from core.lang.locales.limits import too_long
from core.lang.locales.table import Table
from core.lang.locales.words import trigger_slots
from core.lang.lowering.terms import Terms, Use
from core.lang.report import Place, Report
from core.model.codec import seal
from core.model.diagnostic import Severity
from core.model.flowdoc import FlowDoc
from core.model.fold import plain
from core.model.near import near
from core.model.program import Json, Program
from core.model.texts import Slot, slots

Words = tuple[Terms, Use]
"""Where texts are parsed, and who is told what they use."""

NAMED = 5
"""Missing keys that are named one by one."""


def localised(doc: FlowDoc, program: Program | None, catalog: Catalog, report: Report) -> Program | None:
    """The program with its translations, sealed again; the same when there are none."""
    if program is None or not doc.locales:
        return program
    uses = {kind: set(names) for kind, names in program.uses.items()}

    def use(kind: str, name: str) -> None:
        uses.setdefault(kind, set()).add(name)

    locales = _translated(doc, program, (Terms(catalog, use), use), report)
    used = {kind: tuple(sorted(names)) for kind, names in sorted(uses.items())}
    return seal(replace(program, locales=locales, uses=used))


def _translated(doc: FlowDoc, program: Program, words: Words, report: Report) -> dict[str, dict[str, Json]]:
    """Adds IF601 to IF604, and IF120, IF122, IF502, IF503, IF506, IF508 of translations."""
    place = (*doc.place, "locales")
    known = {slot.key: slot for slot in slots(program)}
    started = dict(trigger_slots(doc.triggers))
    _own(doc, place, report)
    out = {}
    for language, table in doc.locales.items():
        one = _Language(language, (*place, language), words, report)
        out[language] = one.read(table, known, started)
        one.missing(known, started, table)
    return {language: table for language, table in out.items() if table}


def _own(doc: FlowDoc, place: Place, report: Report) -> None:
    own = doc.settings.get("language")
    if own is None:
        hint = "add settings.language, such as en"
        report.add(
            "IF604", "the flow has translations but does not say which language its own texts are in", place, hint=hint
        )
    elif own in doc.locales:
        hint = "change the texts in the steps, or settings.language"
        report.add(
            "IF604", f"'{own}' is the flow's own language; these translations are never read", (*place, own), hint=hint
        )


class _Language:
    def __init__(self, language: str, place: Place, words: Words, report: Report) -> None:
        self._language, self._place, self._report = language, place, report
        self._terms, self._use = words

    def _add(self, code: str, message: str, key: str, node: str | None, hint: str = "", severity: Any = None) -> None:
        said = f"{self._language}: {message}"
        self._report.add(code, said, (*self._place, key), node, hint, severity)

    def read(self, table: Table, known: Mapping[str, Slot], started: Mapping[str, Any]) -> dict[str, Json]:
        out: dict[str, Json] = {}
        for key, value in table.items():
            slot = known.get(key)
            if slot is None:
                if key not in started:
                    self._unknown(key, [*known, *started], table)
            elif slot.kind == "keyword":
                out[key] = [plain(w) for w in words_of(value)]
            elif isinstance(value, str):
                self._text(slot, value, out)
            else:
                self._add("IF006", f"'{key}' must be a text", key, slot.node)
        return out

    def _unknown(self, key: str, known: Sequence[str], table: Table) -> None:
        better = near(key, known)
        hint = f"did you mean '{better}'?" if better else "instaflow flow texts shows all keys"
        at = (*self._place, key)
        fix = renamed(at, better) if better and better not in table else None
        fix = fix or removed(at, "remove the translation", sure=False)
        self._report.add("IF602", f"{self._language}: the flow has no text '{key}'", at, None, hint, fix=fix)

    def _text(self, slot: Slot, value: str, out: dict[str, Json]) -> None:
        if not value.strip():
            return
        try:
            said = self._terms.template(value)
        except ExpressionError as e:
            self._add(e.code, f"'{slot.key}': {e.message}", slot.key, slot.node, e.hint)
            return
        out[slot.key] = said
        if slot.kind == "address" and (".media." in slot.key or slot.key.endswith(".imageUrl")):
            self._use("media", value)
        strange = sorted(_reads(said) - _reads(slot.text))
        if strange:
            hint = "a contact who reads this language would see it empty where the flow does not set it"
            self._add(
                "IF603",
                f"'{slot.key}' reads {', '.join(strange)}, which the text itself does not",
                slot.key,
                slot.node,
                hint,
            )
        for code, message, severity, hint in too_long(slot, value):
            self._add(code, f"'{slot.key}': {message}", slot.key, slot.node, hint, severity)

    def missing(self, known: Mapping[str, Slot], started: Mapping[str, list[str]], table: Table) -> None:
        """IF601: texts as a warning, keywords as an information (the flow's own go on counting)."""
        given = {k for k, v in table.items() if v}
        texts = [s.key for s in known.values() if s.kind not in ("keyword", "address") and is_wordy(s.text)]
        words = [*(s.key for s in known.values() if s.kind == "keyword" and is_wordy(s.text)), *started]
        self._gaps([k for k in texts if k not in given], "text", "texts", "the flow's own is shown", None)
        self._gaps(
            [k for k in words if k not in given],
            "list of keywords",
            "lists of keywords",
            "only the flow's own words count",
            Severity.INFO,
        )

    def _gaps(self, keys: list[str], one: str, many: str, then: str, severity: Severity | None) -> None:
        if keys:
            more = f" and {len(keys) - NAMED} more" if len(keys) > NAMED else ""
            said = f"{len(keys)} {one if len(keys) == 1 else many} not translated: {', '.join(keys[:NAMED])}{more}"
            self._report.add(
                "IF601", f"{self._language}: {said}", self._place, hint=f"until then {then}", severity=severity
            )


def _reads(text: Json) -> set[str]:
    return {".".join(str(p) for p in path) for path, _ in variables(text)}


def is_wordy(text: Json) -> bool:
    """There is something to translate: a letter outside the expressions."""
    return any(c.isalpha() for part in _fixed(text) for c in part)


def _fixed(text: Json) -> Iterator[str]:
    if isinstance(text, str):
        yield text
    elif isinstance(text, list):
        parts = text[1] if text[:1] == ["tpl"] else text
        yield from (p for p in parts if isinstance(p, str))
