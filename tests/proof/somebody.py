"""People who meet a flow: random ones, who know well what would be bad for it."""

import random
from collections.abc import Callable, Iterator
from typing import Any

from core.engine.simulation import Simulation
from core.lang.analysis.clock import CHANGE

DAY, HOUR = 86_400, 3600
ACTS = 14
JUST_BEFORE = (1, 60, HOUR, 9 * HOUR, 14 * HOUR, 22 * HOUR - 1, 23 * HOUR, DAY - 360)
"""Seconds before something happens: the window closes a little after, or has nearly closed."""


def beginning(rng: random.Random, kind: str) -> dict[str, Any]:
    """The script up to the start: at any time of the week in which the clocks change, in Berlin or elsewhere."""
    start: dict[str, Any] = {"type": "start", "trigger": {"type": kind}}
    if rng.random() < 0.5:
        start["wroteAgo"] = rng.choice([60, *JUST_BEFORE, 30 * HOUR])
    zone = rng.choice([{"timezone": "Europe/Berlin"}, {"timezone": "Europe/Berlin"}, {"timezone": "Asia/Kolkata"}, {}])
    tags = {"tags": ["vip"]} if rng.random() < 0.5 else {}
    hour = rng.choice([CHANGE - DAY - 3 * HOUR, CHANGE - DAY + 6 * HOUR, CHANGE - rng.randrange(7 * DAY)])
    return {"now": hour * 1000, "contact": {**zone, **tags}, "events": [start]}


def acting(rng: random.Random) -> Callable[[Simulation], Iterator[dict[str, Any]]]:
    """What they do next, by what the run waits for: answer, write unasked, let time pass until the last moment."""

    def acts(simulation: Simulation) -> Iterator[dict[str, Any]]:
        for _ in range(ACTS):
            run = simulation.run
            if run is None or not run.wait_kind:
                return
            due = min((at for at, _, _ in simulation.pending), default=0)
            left = max(due - simulation.now, 0) // 1000 if due else rng.choice([HOUR, 20 * HOUR, 3 * DAY])
            yield from _wait(rng, run.wait_kind, left)

    return acts


def _wait(rng: random.Random, kind: str, left: int) -> Iterator[dict[str, Any]]:
    text = {"type": "text", "text": rng.choice(["hello", "ana@mail.example"])}
    if kind == "reply" and rng.random() < 0.5:
        yield {"type": "advance", "seconds": rng.choice([0, max(left - 1, 0), left // 2])}
        yield rng.choice([{"type": "tap", "payload": "YES"}, text, text])
        return
    if kind != "reply" and rng.random() < 0.4:
        before = rng.choice(JUST_BEFORE)
        yield {"type": "advance", "seconds": max(left - before, 0)}
        yield text
        left = min(left, before)
    if kind == "result":
        yield {"type": "advance", "seconds": max(left - 1, 0)}
        yield {"type": "result", "outcome": rng.choice(["success", "failure"])}
    else:
        yield {"type": "advance", "seconds": left}
        if kind == "human":
            yield {"type": "return"}
