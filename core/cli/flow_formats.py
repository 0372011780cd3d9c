"""Findings for machines: SARIF 2.1.0 for code scanning, workflow commands for GitHub's annotations."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.lang import Compilation
    from core.model.diagnostic import Diagnostic
    from core.model.span import Span

Checked = Sequence[tuple[Path, str, "Compilation"]]
LEVELS = {"error": "error", "warning": "warning", "info": "note"}
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def sarif(checked: Checked) -> dict[str, Any]:
    """One run with a rule for each code that was found."""
    from core.lang.codes import CODES

    found = [(file, d) for file, _, done in checked for d in done.diagnostics]
    codes = sorted({d.code for _, d in found})
    rules = [
        {
            "id": code,
            "shortDescription": {"text": CODES[code].title if code in CODES else code},
            "defaultConfiguration": {"level": LEVELS[str(CODES[code].severity)] if code in CODES else "error"},
        }
        for code in codes
    ]
    maps = {id(d): done.program.source_map if done.program else {} for _, _, done in checked for d in done.diagnostics}
    driver = {"name": "InstaFlow", "version": version("instaflow"), "rules": rules}
    results = [_result(file, d, codes.index(d.code), maps[id(d)]) for file, d in found]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _result(file: Path, d: "Diagnostic", rule: int, lines: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    text = d.message + (f"\n{d.hint}" if d.hint else "")
    return {
        "ruleId": d.code,
        "ruleIndex": rule,
        "level": LEVELS[str(d.severity)],
        "message": {"text": text},
        "locations": [_location(file, d.span)],
        **_more(file, d, lines),
    }


def _more(file: Path, d: "Diagnostic", lines: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    """Other places, the way that shows it, and what mends it."""
    out: dict[str, Any] = {}
    if d.related:
        out["relatedLocations"] = [_location(file, r.span, r.message) for r in d.related]
    if d.path:
        from core.model.span import Span

        way = [(node, Span(*lines[node][:4]) if node in lines else None) for node in d.path]
        steps = [{"location": _location(file, span, node)} for node, span in way]
        out["codeFlows"] = [{"threadFlows": [{"locations": steps}]}]
    if d.fix and d.fix.edits:
        made = [{"deletedRegion": _region(e.span), "insertedContent": {"text": e.text}} for e in d.fix.edits]
        changed = {"artifactLocation": {"uri": file.as_posix()}, "replacements": made}
        out["fixes"] = [{"description": {"text": d.fix.title}, "artifactChanges": [changed]}]
    return out


def _location(file: Path, span: "Span | None", message: str = "") -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": file.as_posix()}}
    if span is not None:
        place["region"] = _region(span)
    return {"physicalLocation": place, **({"message": {"text": message}} if message else {})}


def _region(span: "Span") -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }


def github(checked: Checked) -> Iterator[str]:
    """A line each, which GitHub shows beside the line of the file."""
    words = {"error": "error", "warning": "warning", "info": "notice"}
    for file, _, done in checked:
        for d in done.diagnostics:
            at = [f"file={_field(file.as_posix())}"]
            if d.span is not None:
                at += [f"line={d.span.line}", f"endLine={d.span.end_line}", f"col={d.span.column}"]
            text = d.message + (f"\n{d.hint}" if d.hint else "")
            yield f"::{words[str(d.severity)]} {','.join([*at, f'title={d.code}'])}::{_text(text)}"


def _text(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _field(text: str) -> str:
    return _text(text).replace(":", "%3A").replace(",", "%2C")


def flows_in(paths: Iterable[Path]) -> list[Path]:
    """The flow files in files and folders, in order, each once: no tests, no translations."""
    endings = (".yaml", ".yml", ".json", ".flow")
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.rglob("*") if p.suffix in endings and "locales" not in p.parts)
            found |= dict.fromkeys(p for p in inside if not _test(p) and p.name != "instaflow.yaml")
        elif not _test(path):
            found[path] = None
    return list(found)


def _test(path: Path) -> bool:
    return path.name.endswith((".test.yaml", ".test.yml"))
