"""Programs for the engine's tests, written as their JSON."""

from collections.abc import Callable
from typing import Any

import pytest

from core.engine import Shelf
from core.model.codec import program_from_json
from core.model.context import Context
from core.model.event import Event
from core.model.run import RunState

NOW = 1_772_000_000_000
"""A Wednesday in February 2026, 06:13:20 UTC."""
Json = dict[str, Any]


def state(node: str, **parts: Any) -> Json:
    """A state's JSON; ``to`` is short for one edge without condition."""
    if "to" in parts:
        parts["next"] = [edge(node, "next", parts.pop("to"))]
    return {"node": node, **parts}


def edge(node: str, exit: str, to: str | None, **more: Any) -> Json:
    """An edge's JSON."""
    return {"id": f"{node}#{exit}", "to": to, **more}


def say(text: Any, *titles: str) -> list[Any]:
    """A send operation with quick replies whose payload is the title in capitals."""
    buttons = [{"type": "quick_reply", "text": t, "payload": t.upper()} for t in titles]
    return ["send", {"text": text, **({"buttons": buttons} if buttons else {})}]


def program(states: Json, **more: Any) -> Any:
    """A sealed program that begins at its first state."""
    return program_from_json({"format": 1, "entry": next(iter(states)), "states": states, **more})


class Play:
    """A run of one program (others can be called by their slug) that is stepped through event by event."""

    def __init__(self, *programs: Any, slugs: dict[str, Any] | None = None) -> None:
        known = {slug: p.hash for slug, p in (slugs or {}).items()}
        self.shelf = Shelf([*programs, *(slugs or {}).values()], known)
        self.first = programs[0].hash
        self.run = RunState("run-1", "contact-1")
        self.context = Context(now=NOW, contact={"firstName": "Ana"}, last_inbound=NOW)

    def __call__(self, event: Event, **context: Any) -> Any:
        """Steps; the run is replaced by what comes back. ``context`` changes the Context for good."""
        from dataclasses import replace

        from core.engine import step

        self.context = replace(self.context, **context)
        before = self.run.as_json()
        result = step(self.shelf, self.run, event, self.context)
        assert self.run.as_json() == before, "the engine changed its input"
        self.run = result.run
        self.last = result
        return result


@pytest.fixture
def play() -> Callable[..., Play]:
    """Makes a Play of programs."""
    return Play
