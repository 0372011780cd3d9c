"""A difference as a conversation that ``core.engine.simulate`` can play on both versions."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from core.lang.behaviour.diff import Difference
from core.lang.behaviour.inputs import Input
from core.lang.durations import seconds_of
from core.model.program import Json

LONG = 400 * 86400
"""Seconds to let pass for a wait whose length nobody knows here: until something happens."""


@dataclass(slots=True)
class Script:
    """``contact`` and ``tags`` make the conditions come true where that can be seen; ``certain`` is False when one could not."""

    events: list[dict[str, Any]] = field(default_factory=list)
    contact: dict[str, Any] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    certain: bool = True

    def as_json(self) -> dict[str, Any]:
        """The script that ``simulate`` plays."""
        return {"contact": {**self.contact, "tags": self.tags}, "events": self.events}


def script_of(difference: Difference) -> Script:
    """The conversation up to the difference, and then silence, in which different waits show. A valid answer is an e-mail address,
    which is a text too; questions for a number, a phone or a date are not answered well by it."""
    script = Script(events=[{"type": "start"}])
    for step in difference.steps:
        script.events += _events(step.given)
        for guard, yes in step.conditions:
            _make_true(guard, yes, script)
    script.events.append({"type": "advance", "seconds": LONG})
    return script


def _events(given: Input) -> Iterator[dict[str, Any]]:
    kind, value = given
    if kind == "payload":
        yield {"type": "tap", "payload": value}
    elif kind == "keyword":
        yield {"type": "text", "text": value}
    elif kind in ("reply", "pattern"):
        yield {"type": "text", "text": "something else"}
    elif kind == "valid":
        yield {"type": "text", "text": "ana@mail.example"}
    elif kind == "invalid":
        yield from ({"type": "text", "text": "?"} for _ in range(3))
    elif kind == "media":
        yield {"type": "media"}
    elif kind == "time":
        yield {"type": "advance", "seconds": seconds_of(value)}
    elif kind == "timer":
        yield {"type": "advance", "seconds": LONG}
    elif kind == "outcome":
        yield {"type": "result", "outcome": value}
    elif kind == "return":
        yield {"type": "return"}


def _make_true(guard: Json, yes: bool, script: Script) -> None:
    """Simple conditions on the contact are set up; all others leave the script uncertain."""
    if isinstance(guard, list | tuple) and guard:
        if guard[0] == "tagged":
            if yes:
                script.tags.append(str(guard[1]))
            return
        if guard[0] in ("==", "is", "isset", "has") and _field(guard[1]) is not None:
            name = _field(guard[1])
            assert name is not None
            if yes:
                script.contact[name] = guard[2] if guard[0] in ("==", "is") else "x"
            return
    script.certain = False


def _field(e: Json) -> str | None:
    return str(e[2]) if isinstance(e, list | tuple) and len(e) == 3 and e[:2] == ["var", "contact"] else None
