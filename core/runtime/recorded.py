"""What came to a run, as its trace keeps it: enough to play the conversation again."""

from typing import Any

from core.engine.result import Programs
from core.model.context import Context
from core.model.event import Event, Started, event_json
from core.model.limits import SUBFLOW_DEPTH
from core.model.program import Program

ALWAYS = ("timezone", "language")
"""Attributes that the engine itself reads."""


def came(event: Event, context: Context, programs: Programs) -> dict[str, Any]:
    """The event as JSON; for a beginning with ``known`` = {contact, tags, account, wroteAgo}: of the contact what the flow and its
    subflows look at, nothing else."""
    out = event_json(event)
    if isinstance(event, Started):
        out["known"] = _known(event, context, programs)
    return out


def _known(event: Started, context: Context, programs: Programs) -> dict[str, Any]:
    uses = _uses(event.program, programs)
    names = {*ALWAYS, *uses.get("attributes", ()), *uses.get("profile", ())}
    known: dict[str, Any] = {
        "contact": {k: v for k in sorted(names) if (v := context.contact.get(k)) is not None},
        "tags": sorted(uses.get("tags", set()) & context.tags),
        "account": {k: v for k, v in context.account.items() if isinstance(v, str)},
    }
    if context.last_inbound is not None:
        known["wroteAgo"] = max(context.now - context.last_inbound, 0) // 1000
    return known


def _uses(hash_: str, programs: Programs) -> dict[str, set[str]]:
    """What a program and the flows that it runs look at."""
    found: dict[str, set[str]] = {}
    waiting, seen = [hash_], set[str]()
    while waiting and len(seen) < SUBFLOW_DEPTH:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        program = _program(one, programs)
        for kind, names in (program.uses if program is not None else {}).items():
            found.setdefault(kind, set()).update(names)
        waiting += [h for name in (program.uses.get("flows", ()) if program else ()) if (h := programs.active(name))]
    return found


def _program(hash_: str, programs: Programs) -> Program | None:
    try:
        return programs.linked(hash_).program
    except KeyError:
        return None
