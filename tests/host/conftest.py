"""Third parties' distributions, laid on the path as pip would lay them."""

import sys
from pathlib import Path

import pytest


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Lays a distribution on the path as pip would, with its metadata."""
    monkeypatch.syspath_prepend(str(tmp_path))
    names = []

    def lay(name: str, code: str) -> str:
        module = f"acme_{name}"
        names.append(module)
        (tmp_path / f"{module}.py").write_text(code)
        info = tmp_path / f"{module}-1.2.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.2\n")
        (info / "entry_points.txt").write_text(f"[instaflow]\n{module} = {module}\n")
        return module

    yield lay
    for name in names:
        sys.modules.pop(name, None)
