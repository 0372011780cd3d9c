"""Flow tests on disk: which files, and the flows that they name."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from core.host.beside import locales_beside
from core.host.manager import load
from core.lang import Compilation, compile_text
from core.testing.flowtest.report import FileReport
from core.testing.flowtest.run import run_file

ENDINGS = (".test.yaml", ".test.yml")


def files_of(paths: Iterable[Path]) -> list[Path]:
    """The test files in files and folders, in order, each once."""
    found: dict[Path, None] = {}
    for path in paths:
        inside = sorted(p for p in path.rglob("*") if p.name.endswith(ENDINGS)) if path.is_dir() else [path]
        found |= dict.fromkeys(inside)
    return list(found)


def run(files: Sequence[Path], tell: Callable[[FileReport], None] = lambda report: None) -> list[FileReport]:
    """Plays the files one after the other; ``tell`` hears of each when it is done. Raises OSError for a file that cannot be
    read."""
    registry = load()
    reports = []
    for file in files:

        def flow(name: str, beside: Path = file.parent) -> Compilation:
            path = beside / name
            return compile_text(path.read_bytes(), registry, source=str(path), locales=locales_beside(path))

        report = run_file(str(file), file.read_bytes().decode("utf-8", "replace"), flow)
        tell(report)
        reports.append(report)
    return reports
