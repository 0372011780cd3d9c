"""A difference between two versions, played on both: the proof that people would notice."""

from typing import Any

from core.engine.script import Script as Played
from core.engine.script import read
from core.engine.shelf import Shelf
from core.engine.simulation import Simulation
from core.lang.behaviour import Difference, script_of
from core.model.program import Program

SEEDS = 12
"""Contacts that are tried: random splits fall otherwise for each."""


def transcripts(old: Program, new: Program, difference: Difference) -> tuple[list[str], list[str]] | None:
    """What the contact is shown by the old and by the new version, when a conversation was found that shows the difference."""
    script = script_of(difference).as_json()
    for seed in range(SEEDS):
        one, two = (shown(p, {**script, "seed": seed}) for p in (old, new))
        if one != two:
            return one, two
    return None


def shown(program: Program, script: dict[str, Any]) -> list[str]:
    """Everything that is said and done in a conversation, as lines without the contact's own."""
    played: Played = read(script)
    simulation = Simulation(Shelf([program]), program.hash, played)
    for event in played.events:
        simulation.play(event)
    lines = []
    for item in simulation.transcript:
        if item["who"] == "flow":
            lines.append(f"{item['at'] - played.now} {item['message']}")
        elif item["who"] == "effect":
            lines.append(f"{item['at'] - played.now} {item['kind']} {item['data']}")
    run = simulation.run
    return [*lines, f"{run.status} {run.wait_kind}" if run is not None else ""]
