"""The examples of the design as text: they compile, to the same program as their YAML."""

from pathlib import Path

import pytest

from core.host.registry import Registry
from core.lang import compile_text

CASES = Path(__file__).parents[1] / "cases" / "lang" / "text"


@pytest.mark.parametrize("path", sorted(CASES.glob("*.flow")), ids=lambda p: p.stem)
def test_examples_of_the_design(path: Path, box: Registry) -> None:
    done = compile_text(path.read_bytes(), box, source=path.name)
    assert {d.code for d in done.diagnostics if d.severity == "error"} <= {"IF113", "IF308"}, "only plugins are missing"
    assert done.program and done.program.source_map
    twin = path.with_suffix(".yaml")
    if twin.exists():
        same = compile_text(twin.read_bytes(), box, source=twin.name).program
        assert same and same.hash == done.program.hash, "both notations make the same program"
