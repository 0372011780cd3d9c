"""What a plan of flows needs played: the tests that came with the files, and a difference as a conversation."""

import errno
from collections.abc import Mapping, Sequence
from typing import Any

from core.engine.script import read
from core.engine.shelf import Shelf
from core.engine.simulation import Simulation
from core.lang import Compilation
from core.lang.behaviour import Difference, script_of
from core.model.program import Program
from core.testing.behaviour import SEEDS, shown
from core.testing.flowtest import run_file
from core.testing.flowtest.transcript import lines_of


class Played:
    """``tests`` = rows {file, text, flows}; ``flows`` = the names in the file, as it writes them, to slugs."""

    def __init__(self, tests: Sequence[Mapping[str, Any]]) -> None:
        self._tests = tests

    def tests(self, compiled: Mapping[str, Compilation]) -> list[dict[str, Any]]:
        """A report a file."""
        return [self._played(one, compiled) for one in self._tests]

    def _played(self, one: Mapping[str, Any], compiled: Mapping[str, Compilation]) -> dict[str, Any]:
        def flow(name: str) -> Compilation:
            found = compiled.get(one["flows"].get(name, ""))
            if found is None:
                raise OSError(errno.ENOENT, "the workspace has no such flow")
            return found

        return run_file(one["file"], one["text"], flow).as_json()

    def transcript(self, old: Program, new: Program, difference: Difference) -> dict[str, Any] | None:
        """The shortest conversation in which the two part, as each has it."""
        script = script_of(difference).as_json()
        for seed in range(SEEDS):
            seeded = {**script, "seed": seed}
            if shown(old, seeded) != shown(new, seeded):
                return {"old": _lines(old, seeded), "new": _lines(new, seeded)}
        return None


def _lines(program: Program, script: dict[str, Any]) -> list[str]:
    played = read(script)
    simulation = Simulation(Shelf([program]), program.hash, played)
    for event in played.events:
        simulation.play(event)
    return list(lines_of(simulation.transcript))
