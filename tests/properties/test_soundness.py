"""What is found replays; what is not found, nobody finds who talks to the flow at random."""

import os
import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from core.engine.explore import explore, shows
from core.engine.script import read
from core.engine.shelf import Shelf
from core.engine.simulation import Simulation
from core.host.manager import load
from core.lang import compile_definition
from core.model.diagnostic import Diagnostic
from core.model.program import Program
from core.model.properties import Explored, Property
from tests.properties.crowd import flow, next_event, person

REGISTRY = load(entry_points=False)
EXAMPLES = 10_000 if os.environ.get("INSTAFLOW_NIGHTLY") else 200
WALKS, EVENTS = 25, 25


def explored(seed: int) -> tuple[Program, tuple[Property, ...], Explored] | None:
    """A random flow that is looked at; None for one that goes round without waiting."""
    done = compile_definition(flow(random.Random(seed)), REGISTRY)
    if done.program is None or done.doc is None or any(_loop(d) for d in done.diagnostics):
        return None
    return done.program, done.doc.properties, explore(done.program, {}, done.doc.properties, ["dm_keyword"])


def _loop(d: Diagnostic) -> bool:
    return d.code in ("IF201", "IF006", "IF703")


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.integers(0, 2**32))
def test_what_is_found_replays(seed: int) -> None:
    made = explored(seed)
    if made is None:
        return
    program, properties, found = made
    shelf = Shelf([program])
    for broken in found.broken:
        assert shows(shelf, program.hash, properties[broken.number], broken.script) is not None, broken


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.integers(0, 2**32))
def test_what_is_not_found_is_never_broken_by_random_people(seed: int) -> None:
    made = explored(seed)
    if made is None or not made[2].whole:
        return
    program, properties, found = made
    shelf = Shelf([program])
    kept = [p for n, p in enumerate(properties) if n not in {b.number for b in found.broken}]
    rng = random.Random(seed)
    for _ in range(WALKS):
        script = walked(rng, program, shelf)
        for of in kept:
            assert shows(shelf, program.hash, of, script) is None, (of.text, script, program.as_json())


def walked(rng: random.Random, program: Program, shelf: Shelf) -> dict[str, Any]:
    """The script of somebody who talks for a while."""
    script = person(rng)
    simulation = Simulation(shelf, program.hash, read({**script, "events": []}))
    simulation.play(script["events"][0])
    for _ in range(rng.randint(1, EVENTS)):
        event = next_event(rng, simulation)
        if event is None:
            break
        script["events"].append(event)
        simulation.play(event)
    return script


def test_the_generator_makes_what_is_needed() -> None:
    made = [m for seed in range(200) if (m := explored(seed)) is not None]
    whole = [m for m in made if m[2].whole]
    assert len(made) > 60 and len(whole) > len(made) / 2
    assert sum(len(m[2].broken) for m in made) > 60
    assert sum(len(m[1]) - len(m[2].broken) for m in whole) > 60
