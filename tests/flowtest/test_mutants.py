"""The examples' tests are good tests: faults that somebody would notice make one of them fail."""

import sys
from pathlib import Path

import pytest

from core.engine.shelf import Shelf
from core.host.manager import load
from core.lang import compile_definition, compile_text
from core.lang.behaviour import differences
from core.lang.reading import read
from core.model.program import Program
from core.testing.flowtest import read_suite, run_suite
from core.testing.mutate import mutants

REGISTRY = load(entry_points=False)
EXAMPLES = Path(__file__).parents[2] / "flows_examples"
FLOWS = sorted(p for p in EXAMPLES.iterdir() if p.suffix in (".yaml", ".json", ".flow") and ".test." not in p.name)


def others() -> dict[str, Program]:
    """The examples by their short names, for those that run each other."""
    found = {p.stem: compile_text(p.read_bytes(), REGISTRY, source=str(p)).program for p in FLOWS}
    return {name: program for name, program in found.items() if program is not None}


def test_faults_are_caught(capsys: pytest.CaptureFixture[str]) -> None:
    around = others()
    caught = total = 0
    missed: list[str] = []
    for path in FLOWS:
        suite = read_suite((EXAMPLES / f"{path.stem}.test.yaml").read_text("utf-8"))
        definition = read(path.read_bytes(), None, str(path)).data
        old = compile_definition(definition, REGISTRY).program
        assert old is not None
        for what, made in mutants(definition):
            done = compile_definition(made, REGISTRY)
            if done.program is None or not done.ok or not differences(old, done.program):
                continue
            active = {n: p.hash for n, p in around.items()} | {path.stem: done.program.hash}
            shelf = Shelf([done.program, *around.values()], active)
            total += 1
            if run_suite(path.stem, suite, done.program, shelf).failed:
                caught += 1
            else:
                missed.append(f"{path.stem}: {what}")
    with capsys.disabled():
        sys.stdout.write(f"\nmutants: {caught} of {total} are caught by the examples' tests ({caught / total:.1%})\n")
    assert total > 100 and caught / total >= 0.9, missed
