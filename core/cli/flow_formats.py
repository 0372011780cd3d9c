"""Findings for machines: SARIF 2.1.0 for code scanning, workflow commands for GitHub's annotations."""

from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.lang import Compilation
    from core.model.diagnostic import Diagnostic

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
    driver = {"name": "InstaFlow", "version": version("instaflow"), "rules": rules}
    results = [_result(file, d, codes.index(d.code)) for file, d in found]
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}


def _result(file: Path, d: "Diagnostic", rule: int) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": file.as_posix()}}
    if d.span is not None:
        place["region"] = {
            "startLine": d.span.line,
            "startColumn": d.span.column,
            "endLine": d.span.end_line,
            "endColumn": d.span.end_column,
        }
    text = d.message + (f"\n{d.hint}" if d.hint else "")
    return {
        "ruleId": d.code,
        "ruleIndex": rule,
        "level": LEVELS[str(d.severity)],
        "message": {"text": text},
        "locations": [{"physicalLocation": place}],
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
