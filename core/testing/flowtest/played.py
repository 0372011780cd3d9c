"""Flow tests as conversations: what they do, whatever they expect."""

from collections.abc import Iterator

from core.engine.replay import recording_of
from core.engine.script import ScriptError
from core.engine.shelf import Shelf
from core.model.program import Program
from core.model.recording import Recording
from core.testing.flowtest.reading import Suite
from core.testing.flowtest.run import begun


def recordings_of(suite: Suite, program: Program, shelf: Shelf) -> Iterator[tuple[str, Recording]]:
    """(name, recording) of each test that can be played on the program."""
    for case in suite.cases:
        try:
            simulation = begun(case, program, shelf)
            simulation.play({"type": "start"} if case.start is None else case.start)
            for step in case.steps:
                if step.verb != "expect":
                    simulation.play(step.event)
        except (ScriptError, ValueError):
            continue
        yield case.name, recording_of(simulation)
