"""``instaflow bench engine``: steps a second on the requirements' flow, in memory and with the run loaded and dumped."""

import time
from collections.abc import Callable
from typing import Any

import click
import orjson

from core.engine import Programs, Shelf, step
from core.model.codec import program_from_json
from core.model.context import Context
from core.model.event import Event, Replied, Started, TimerFired
from core.model.program import Program
from core.model.run import RunState

NOW = 1_772_000_000_000
IN_MEMORY, STORED = 50_000, 25_000
"""The bars of a release, in steps a second on one core."""


def requirements() -> Program:
    """The requirements' flow, lowered: welcome with two quick replies, tag, wait an hour, ask for the e-mail address."""
    titles = {"Browse Products": "BROWSE_PRODUCTS", "Contact Support": "CONTACT_SUPPORT"}
    buttons = [{"type": "quick_reply", "text": t, "payload": p} for t, p in titles.items()]
    hello = ["tpl", ["Hello ", [["var", "contact", "firstName"]], "! Welcome to our page. How can I help you today?"]]
    welcome = {
        "kind": "reply",
        "payload": {"BROWSE_PRODUCTS": 0, "CONTACT_SUPPORT": 1},
        "title": {"browse products": 0, "contact support": 1},
        "edges": [
            {"id": "node_2#payload:BROWSE_PRODUCTS", "to": "node_3"},
            {"id": "node_2#payload:CONTACT_SUPPORT", "to": "node_4"},
        ],
    }
    email = {
        "kind": "reply",
        "input": {"type": "email", "save": ["contact", "email"], "retries": 0, "valid": 0, "invalid": 1},
        "edges": [{"id": "node_6#valid", "to": "node_7"}, {"id": "node_6#invalid", "to": "node_8"}],
    }
    states: dict[str, dict[str, Any]] = {
        "node_1": {"next": [{"id": "node_1#next", "to": "node_2"}]},
        "node_2": {"do": [["send", {"text": hello, "buttons": buttons}]], "wait": welcome},
        "node_3": {"do": [["tag", "browsed_products"]], "next": [{"id": "node_3#next", "to": "node_5"}]},
        "node_4": {"do": [["handover", {"message": "User requested support."}]], "outcome": "handover"},
        "node_5": {"wait": {"kind": "timer", "seconds": 3600, "edges": [{"id": "node_5#next", "to": "node_6"}]}},
        "node_6": {"do": [["send", {"text": "Can I get your email for updates?"}]], "wait": email},
        "node_7": {"do": [["send", {"text": "Thank you!"}]]},
        "node_8": {"do": [["send", {"text": "That is no address."}]], "next": [{"id": "node_8#next", "to": "node_6"}]},
    }
    return program_from_json(
        {"format": 1, "entry": "node_1", "states": {k: {"node": k, **s} for k, s in states.items()}}
    )


def conversation(program: Program, who: int) -> list[Event]:
    """Four events that take a contact through the browsing branch; the address differs from contact to contact."""
    return [
        Started(program.hash, {"type": "dm_keyword", "text": "hi"}),
        Replied("Browse Products", "BROWSE_PRODUCTS"),
        TimerFired(2),
        Replied(f"it is ana{who}@mail.example"),
    ]


Walk = Callable[[Programs, list[Event], Context], None]


def in_memory(programs: Programs, events: list[Event], context: Context) -> None:
    """One conversation with the run kept as an object."""
    run = RunState("run", "contact")
    for event in events:
        run = step(programs, run, event, context).run


def stored(programs: Programs, events: list[Event], context: Context) -> None:
    """One conversation with run and effects as JSON bytes between the steps."""
    body = orjson.dumps(RunState("run", "contact").as_json())
    for event in events:
        result = step(programs, RunState.from_json(orjson.loads(body)), event, context)
        body = orjson.dumps(result.run.as_json())
        orjson.dumps([[e.kind, e.data, e.node] for e in result.effects])


def measure(walk: Walk, conversations: int = 5000, rounds: int = 5) -> float:
    """Steps a second, the best of some rounds."""
    program = requirements()
    programs = Shelf([program])
    context = Context(now=NOW, contact={"firstName": "Ana"}, last_inbound=NOW)
    played = [conversation(program, i) for i in range(conversations)]
    best = 0.0
    for _ in range(rounds):
        started = time.perf_counter()
        for events in played:
            walk(programs, events, context)
        best = max(best, 4 * conversations / (time.perf_counter() - started))
    return best


def main(conversations: int = 5000) -> int:
    """Prints both figures beside their bars; 0 when both are reached, else 1."""
    figures = [
        ("steps/s in memory", measure(in_memory, conversations), IN_MEMORY),
        ("steps/s with run loaded and dumped", measure(stored, conversations), STORED),
    ]
    for name, figure, bar in figures:
        click.echo(f"{name:<36} {figure:>9,.0f}   bar {bar:,}   {'ok' if figure >= bar else 'MISSED'}")
    return 0 if all(figure >= bar for _, figure, bar in figures) else 1
