"""A finding as a conversation: what has to happen so that the message is refused. Can be played by ``core.engine.simulate``."""

from collections.abc import Iterator, Mapping
from typing import Any

from core.lang.analysis.exits import UNTIL, closed
from core.lang.analysis.proof import Finding
from core.lang.analysis.value import DAY
from core.model.program import Edge, Json, Program, State
from core.model.starts import COMMENTS

WORD = "hello"
"""What the contact writes where anything will do."""
SAMPLES = {
    "email": "ana@mail.example",
    "phone": "+33612345678",
    "number": "7",
    "date": "2026-03-01",
    "text": WORD,
}
EVENTS = 400
"""A script may not have many more."""
FAR = 30 * 86400
"""Seconds to wait where the finding is about any time."""


def witness(program: Program, finding: Finding) -> list[dict[str, Any]]:
    """The events of a script: the start, then for each exit on the way what makes the run take it, as late as it can be.

    Conditions on the contact are not solved: a way that needs a tag or an attribute may go elsewhere when it is played.
    """
    trigger: dict[str, Any] = {"type": finding.start}
    if finding.start in COMMENTS:
        trigger["commentId"] = "witness"
    events: list[dict[str, Any]] = [{"type": "start", "trigger": trigger}]
    for state_id, exit_ in finding.path:
        events += _taking(program.states[state_id], exit_)
    again = _round(program, finding)
    seconds = sum(e.get("seconds", 0) for e in again)
    rounds = min(-(-DAY // seconds), (EVENTS - len(events)) // len(again)) if seconds else 0
    return events + again * rounds


def _round(program: Program, finding: Finding) -> list[dict[str, Any]]:
    """Once more round the loop that the way ends in, if it does: a slow one has to go round for a day."""
    steps = [i for i, (state, _) in enumerate(finding.path) if state == finding.state]
    last = finding.path[steps[-1] :] if steps else ()
    events = [e for state, exit_ in last for e in _taking(program.states[state], exit_)]
    return events if all(e["type"] == "advance" for e in events) else []


def _taking(state: State, exit_: str) -> Iterator[dict[str, Any]]:
    wait = state.wait
    if wait is None:
        return
    edges: list[Edge] = wait["edges"]
    i = next((n for n, e in enumerate(edges) if e.id == exit_), None)
    if wait["kind"] == "timer":
        yield {"type": "advance", "seconds": _longest(wait)}
    elif wait["kind"] == "reply" and i is not None:
        yield from _reply(wait, i)
    elif wait["kind"] == "result" and i is not None:
        yield {
            "type": "result",
            "outcome": next((k for k, n in wait["outcome"].items() if n == i and k != "*"), "other"),
        }
    elif wait["kind"] == "human":
        yield {"type": "advance", "seconds": FAR}
        yield {"type": "return"}


def _longest(wait: Mapping[str, Json]) -> int:
    if "hours" in wait:
        return min(closed(wait["hours"].get("days") or {}), FAR)
    if "until" in wait:
        return UNTIL if "time" in wait["until"] else FAR
    seconds = wait.get("seconds", 0)
    return int(seconds) if isinstance(seconds, int | float) else FAR


def _reply(wait: Mapping[str, Json], i: int) -> Iterator[dict[str, Any]]:
    timeout = wait.get("timeout")
    if timeout and timeout[1] == i:
        yield {"type": "advance", "seconds": int(timeout[0])}
        return
    given = wait.get("input") or {}
    if given.get("valid") == i:
        options = given.get("options")
        yield {"type": "text", "text": str(options[0]) if options else SAMPLES.get(str(given.get("type")), WORD)}
        return
    payload = next((p for p, n in (wait.get("payload") or {}).items() if n == i), None)
    if payload is not None:
        yield {"type": "tap", "payload": payload}
        return
    phrases = next((w for w, n in wait.get("keyword") or () if n == i), None)
    if phrases:
        yield {"type": "text", "text": str(phrases[0])}
    elif wait.get("media") == i:
        yield {"type": "media", "media": [{"type": "image", "url": "https://cdn.example/a.jpg"}]}
    else:
        tries = (
            int(given.get("retries", 0))
            if given.get("invalid") == i
            else int((wait.get("reprompt") or {}).get("times", 0))
        )
        yield from ({"type": "text", "text": "?" if given else WORD} for _ in range(tries + 1))
