"""One conversation against one property."""

from collections.abc import Mapping
from copy import copy
from typing import Any

from core.engine.explore.watch import Found, Watch
from core.engine.result import Programs
from core.engine.script import read
from core.engine.simulation import Simulation
from core.model.properties import Property


def shows(programs: Programs, program: str, of: Property, script: Mapping[str, Any]) -> Found | None:
    """What breaks the property in a conversation, played from its beginning to where nothing happens by itself; None = nothing.

    Raises ScriptError for a script that cannot be read.
    """
    played = read(script)
    simulation = Simulation(programs, program, played)
    watch = Watch([of])
    marks = watch.begin()
    for event in played.events:
        contact, tags = copy(simulation.contact), simulation.tags
        simulation.steps.clear()
        simulation.play(event)
        for found in watch.seen(marks, simulation, contact, tags):
            return found
    return next(watch.over(marks, simulation), None)
