"""Random splits in tests: the number of a contact for whom they fall as the test says."""

import zlib
from collections.abc import Mapping
from typing import Any

from core.engine.script import Script
from core.model.program import Program

TRIES = 20_000


def seed_for(program: Program, split: Any) -> int:
    """The smallest seed for which each named split takes the share with that number, counted from 1.

    ``split`` = {name of the experiment, or the step's id: number of the share}. Raises ValueError.
    """
    if not isinstance(split, Mapping):
        raise ValueError("'split' is an object: {name of the split: number of the share}")  # noqa: TRY004
    shares = _shares(program)
    wanted: list[tuple[str, bool, float, float]] = []
    for name, number in split.items():
        if name not in shares:
            raise ValueError(f"the flow has no split '{name}'; there is: {', '.join(sorted(shares)) or 'none'}")
        key, sticky, bounds = shares[name]
        if not isinstance(number, int) or not 1 <= number <= len(bounds):
            raise ValueError(f"the split '{name}' has the shares 1 to {len(bounds)}")
        low = bounds[number - 2] if number > 1 else 0.0
        wanted.append((key, sticky, low, bounds[number - 1]))
    for seed in range(TRIES):
        run, contact = Script(seed=seed).ids
        if all(low <= _die(contact if sticky else run, key) < high for key, sticky, low, high in wanted):
            return seed
    raise ValueError("no contact was found for whom the splits fall like that")


def _die(who: str, key: str) -> float:
    return zlib.crc32(f"{who}:{key}".encode()) / 4294967296.0


def _shares(program: Program) -> dict[str, tuple[str, bool, list[float]]]:
    found: dict[str, tuple[str, bool, list[float]]] = {}
    for state in program.states.values():
        rolls = [e.when for e in state.next if isinstance(e.when, list | tuple) and e.when[0] == "roll"]
        if rolls:
            bounds = [float(r[2]) for r in rolls] + [1.0] * (len(state.next) > len(rolls))
            found[state.node] = found[str(rolls[0][1])] = str(rolls[0][1]), bool(rolls[0][3]), bounds
    return found
