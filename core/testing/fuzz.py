"""Random people talk to a flow: it must not stop, not write outside the messaging window, and not rest for ever.

What goes wrong is made as short as it can be, and told as a conversation and as a test.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.engine.script import ScriptError, read
from core.engine.shelf import Shelf
from core.engine.simulation import Simulation
from core.model.program import Program
from core.model.run import RunStatus

STEPS = 30
"""Things that somebody does at most."""
SILENCE = 400 * 86400
"""Seconds of silence at the end: a run that still rests then rests for ever."""
SAMPLES = {
    "email": ("ana@mail.example", "no address"),
    "phone": ("+33612345678", "12"),
    "number": ("7", "seven"),
    "date": ("2026-03-01", "soon"),
    "text": ("Ana", "Zoë 🎉", "x" * 300),
}
WORDS = ("hi", "help", "?", "YES", "no thanks", "{{contact.email}}", "🎉", "stop it", "1", "blue please")


@dataclass(slots=True)
class Failure:
    """``kind`` = failed, window or stays; ``script`` = what ``simulate`` plays to see it again."""

    kind: str
    message: str
    script: dict[str, Any]
    transcript: list[dict[str, Any]] = field(default_factory=list)


def fuzz(
    program: Program,
    shelf: Shelf,
    starts: list[str],
    people: int,
    seed: int,
    tell: Callable[[int], None] = lambda n: None,
) -> list[Failure]:
    """Lets so many people talk to the program; one failure of a kind and message, the shortest conversation of each found."""
    found: dict[tuple[str, str], Failure] = {}
    for n in range(people):
        rng = random.Random(f"{seed}:{n}")
        script = _person(program, rng, starts)
        failure = _talk(program, shelf, script, rng)
        if failure is not None and (failure.kind, failure.message) not in found:
            found[failure.kind, failure.message] = _shrunk(program, shelf, failure)
        tell(n + 1)
    return list(found.values())


def _person(program: Program, rng: random.Random, starts: list[str]) -> dict[str, Any]:
    """Somebody with some of what the flow looks at, who comes in one of its ways."""
    fields = {**dict.fromkeys(program.uses.get("attributes", ())), **dict.fromkeys(program.uses.get("profile", ()))}
    contact: dict[str, Any] = {
        k: rng.choice(("Ana", 3, "ana@mail.example", True)) for k in fields if rng.random() < 0.5
    }
    tags = [t for t in program.uses.get("tags", ()) if rng.random() < 0.4]
    segments = [s for s in program.uses.get("segments", ()) if rng.random() < 0.5]
    kind = rng.choice(starts or ["dm_keyword"])
    trigger = {"type": kind, **({"commentId": "c"} if "comment" in kind else {})}
    start = {"type": "start", "trigger": trigger}
    return {"contact": {**contact, "tags": tags}, "segments": segments, "seed": rng.randrange(1000), "events": [start]}


def _talk(program: Program, shelf: Shelf, script: dict[str, Any], rng: random.Random) -> Failure | None:
    simulation = _fresh(program, shelf, script)
    simulation.play(script["events"][0])
    for _ in range(rng.randint(1, STEPS)):
        run = simulation.run
        if _wrong(simulation) or run is None or run.status is not RunStatus.WAITING:
            break
        event = _next(simulation, shelf, rng)
        script["events"].append(event)
        simulation.play(event)
    script["events"].append({"type": "advance", "seconds": SILENCE})
    return _judged(program, shelf, script)


def _fresh(program: Program, shelf: Shelf, script: Mapping[str, Any]) -> Simulation:
    return Simulation(shelf, program.hash, read({**script, "events": []}))


def _next(simulation: Simulation, shelf: Shelf, rng: random.Random) -> dict[str, Any]:
    run = simulation.run
    assert run is not None
    if run.wait_kind == "result":
        return {"type": "result", "outcome": rng.choice(["success", "failure", *_outcomes(simulation, shelf)])}
    if run.wait_kind == "human":
        return {"type": "return"} if rng.random() < 0.5 else {"type": "advance", "seconds": rng.choice((60, 90_000))}
    if run.wait_kind != "reply" or rng.random() < 0.25:
        due = min((at for at, _, _ in simulation.pending), default=None)
        exact = [] if due is None else [max(due - simulation.now, 0) // 1000 + 1]
        return {"type": "advance", "seconds": rng.choice([*exact, *exact, 30, 3600, 80_000])}
    return _answer(simulation, shelf, rng)


def _outcomes(simulation: Simulation, shelf: Shelf) -> list[str]:
    """How the call that is waited for can end, as far as the flow names it."""
    assert simulation.run is not None
    frame = simulation.run.frames[-1]
    wait = shelf.linked(frame.program).program.states[frame.state].wait or {}
    return [name for name in wait.get("outcome") or () if name != "*"]


def _answer(simulation: Simulation, shelf: Shelf, rng: random.Random) -> dict[str, Any]:
    buttons = [b for b in simulation.buttons if b.get("payload")]
    if buttons and rng.random() < 0.5:
        return {"type": "tap", "payload": rng.choice(buttons)["payload"]}
    if rng.random() < 0.1:
        return {"type": "media"}
    run = simulation.run
    assert run is not None
    frame = run.frames[-1]
    wait = shelf.linked(frame.program).program.states[frame.state].wait or {}
    asked = wait.get("input") or {}
    words = [p for phrases, _ in wait.get("keyword") or () for p in phrases]
    options = [str(o) for o in asked.get("options") or () if isinstance(o, str)]
    known = [*SAMPLES.get(str(asked.get("type")), ()), *words, *options]
    return {"type": "text", "text": rng.choice(known) if known and rng.random() < 0.7 else rng.choice(WORDS)}


def _wrong(simulation: Simulation) -> tuple[str, str] | None:
    for item in simulation.transcript:
        if item["who"] == "note" and item["code"] == "window_closed":
            return "window", "a message leaves outside the messaging window"
        if item["who"] == "effect" and item["kind"] == "run.failed":
            return "failed", f"the run stops: {item['data']['code']} {item['data']['message']}"
    return None


def _judged(program: Program, shelf: Shelf, script: dict[str, Any]) -> Failure | None:
    """Plays a script and says what is wrong with it."""
    simulation = _fresh(program, shelf, script)
    try:
        for event in read({"events": script["events"]}).events:
            simulation.play(event)
    except ScriptError:
        return None
    wrong = _wrong(simulation)
    if wrong is None and _stays(simulation, program):
        wrong = "stays", "the run rests for ever: nothing ends it when nobody answers"
    return None if wrong is None else Failure(*wrong, script, simulation.transcript)


def _stays(simulation: Simulation, program: Program) -> bool:
    run = simulation.run
    waits = run is not None and run.status is RunStatus.WAITING and run.wait_kind == "reply"
    return waits and not simulation.pending and not program.settings.get("expireSeconds")


def _shrunk(program: Program, shelf: Shelf, failure: Failure) -> Failure:
    """The same failure with less: events, facts about the contact."""
    best = failure
    tried = True
    while tried:
        tried = False
        for script in _smaller(best.script):
            found = _judged(program, shelf, script)
            if found is not None and (found.kind, found.message) == (failure.kind, failure.message):
                best, tried = found, True
                break
    return best


def _smaller(script: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    events = script["events"]
    for size in (8, 4, 2, 1):
        for at in range(1, len(events) - size + 1):
            yield {**script, "events": [*events[:at], *events[at + size :]]}
    for key in script["contact"]:
        if key != "tags":
            yield {**script, "contact": {k: v for k, v in script["contact"].items() if k != key}}
    for tag in script["contact"]["tags"]:
        yield {**script, "contact": {**script["contact"], "tags": [t for t in script["contact"]["tags"] if t != tag]}}
    for i, event in enumerate(events):
        if event["type"] == "text" and event["text"] != "x":
            yield {**script, "events": [*events[:i], {"type": "text", "text": "x"}, *events[i + 1 :]]}
