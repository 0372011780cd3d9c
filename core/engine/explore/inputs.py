"""What can happen next to a conversation that rests, as events of a script: one for each way that is told apart."""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core.engine.explore.samples import Samples
from core.engine.script import LONGEST, Script
from core.engine.simulation import Simulation
from core.model.answers import PICTURE, SAMPLES, WORD
from core.model.program import Program
from core.model.run import RunStatus
from core.model.starts import COMMENTS, opens_window

Event = dict[str, Any]
SEEDS, FALLS = 4000, 32
"""Contacts that are tried for random splits, and ways of falling that are kept."""


def nexts(simulation: Simulation, samples: Samples) -> Iterator[Event]:
    """The events; none when the run is over, or when nothing would happen any more."""
    run = simulation.run
    if run is None or run.status is not RunStatus.WAITING:
        return
    frame = run.frames[-1]
    wait = simulation.programs.linked(frame.program).program.states[frame.state].wait or {}
    if run.wait_kind == "reply":
        yield from _answers(wait, simulation, samples)
    elif run.wait_kind == "result":
        yield from _results(wait, samples)
    elif run.wait_kind == "human":
        yield {"type": "return"}
    if run.wait_kind != "reply" and samples.window:
        yield {"type": "text", "text": WORD}
    if simulation.pending:
        due = min(at for at, _, _ in simulation.pending)
        yield {"type": "advance", "seconds": min(max(due - simulation.now + 999, 0) // 1000, LONGEST)}


def _answers(wait: Mapping[str, Any], simulation: Simulation, samples: Samples) -> Iterator[Event]:
    shown = dict.fromkeys(b["payload"] for b in simulation.buttons if b.get("payload"))
    yield from ({"type": "tap", "payload": p} for p in shown)
    asked = wait.get("input") or {}
    texts = [str(phrases[0]) for phrases, _ in wait.get("keyword") or () if phrases]
    if asked:
        texts += [str(o) for o in asked.get("options") or () if isinstance(o, str)]
        texts += [SAMPLES.get(str(asked.get("type")), WORD), "?"]
        save = asked.get("save")
        if save:
            texts += samples.texts((save[1],) if save[0] == "flow" else ("contact", save[1]))
    texts += samples.said()
    yield from ({"type": "text", "text": t} for t in dict.fromkeys(texts) if t)
    yield {"type": "media", "media": [PICTURE]}


def _results(wait: Mapping[str, Any], samples: Samples) -> Iterator[Event]:
    names = dict.fromkeys(["success", "failure", *(n for n in wait.get("outcome") or () if n not in ("*", "timeout"))])
    kept = samples.fields(str(wait["save"])) if wait.get("save") else []
    for name in names:
        yield {"type": "result", "outcome": name}
        yield from ({"type": "result", "outcome": name, "data": data} for data in kept)


def beginnings(programs: Sequence[Program], kinds: Sequence[str], samples: Samples) -> Iterator[tuple[int, Event]]:
    """(seed, start) of every way to begin: kinds of triggers, who wrote before or not, how random splits fall."""
    for seed in _seeds(programs, samples):
        for kind in kinds:
            comment = {"commentId": "comment-1"} if kind in COMMENTS else {}
            for more in samples.triggers():
                event: Event = {"type": "start", "trigger": {"type": kind, **comment, **more}}
                yield seed, event
                if samples.window and not opens_window(kind):
                    yield seed, {**event, "wroteAgo": 3600}


def _seeds(programs: Sequence[Program], samples: Samples) -> list[int]:
    """A contact for each way in which the random splits can fall."""
    splits = list({(r[1], bool(r[3])): _bounds(program, r[1]) for program in programs for r in _rolls(program)}.items())
    if not splits:
        return [0]
    found: dict[tuple[int, ...], int] = {}
    for seed in range(SEEDS):
        run, contact = Script(seed=seed).ids
        fell = tuple(
            sum(_die(contact if sticky else run, key) >= b for b in bounds) for (key, sticky), bounds in splits
        )
        found.setdefault(fell, seed)
    if len(found) > FALLS:
        samples.doubts.add("random splits fall in many ways")
    return list(found.values())[:FALLS]


def _rolls(program: Program) -> Iterator[Any]:
    for state in program.states.values():
        yield from (e.when for e in state.next if isinstance(e.when, list | tuple) and e.when[0] == "roll")


def _bounds(program: Program, key: str) -> list[float]:
    return sorted({float(r[2]) for r in _rolls(program) if r[1] == key})


def _die(who: str, key: str) -> float:
    """As ``core.engine.evaluate`` rolls it."""
    return zlib.crc32(f"{who}:{key}".encode()) / 4294967296.0
