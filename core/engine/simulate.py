"""A whole conversation played in memory: the real engine, a virtual clock, nothing sent. Used by the preview and by tests.

The script (JSON)::

    {"now": "2026-01-05T10:00:00Z",                       time of the first event; also milliseconds
     "contact": {"firstName": "Ana", "tags": ["vip"]},    profile and attributes as flows read them
     "account": {"username": "shop", "timezone": "Europe/Berlin"}, "segments": [],
     "seed": 0,                                           another number = another run and contact: splits fall otherwise
     "mocks": {"mailchimp.subscribe": "success"},         answers of calls: an outcome, {outcome, data, error, seconds}, or a
                                                          list of those (one per call, the last one stays)
     "events": [{"type": "start", "trigger": {"type": "dm_keyword", "text": "hi"}, "args": {}, "at": "node_5"},
                {"type": "text", "text": "hello"}, {"type": "tap", "title": "Yes"}, {"type": "tap", "payload": "YES"},
                {"type": "media", "media": [{"type": "image", "url": "https://…"}]},
                {"type": "advance", "hours": 1, "minutes": 30},
                {"type": "result", "outcome": "success", "data": {}}, {"type": "return"}]}

``start`` may hold ``"wroteAgo": 3600``: the contact has written so many seconds before (a trigger that is a message counts as
one itself). A conversation that does not begin with ``start`` is started by its first event (``at`` starts from that step). Replies that
the question does not expect are offered again as final, as if no trigger wanted them. Timers and mocked calls fire in order
while the clock advances.

The answer (JSON)::

    {"transcript": [{"at", "who": "contact", "text"?, "payload"?, "media"?}, {"at", "who": "flow", "message", "node"},
                    {"at", "who": "effect", "kind", "data", "node"}, {"at", "who": "note", "code", "text"}],
     "steps": [{"at", "event", "disposition", "path": [[state, edge]], "effects": [{kind, data, node}], "sentences",
                "node"}],
     "run": RunState as JSON (null before the start), "node": the step it rests in, "variables": of the top frame,
     "buttons": the ones that can be tapped now, "contact", "tags", "timers": [{"wait", "at"}], "now"}

Codes of notes: ``window_closed`` (Instagram would refuse this message), ``private_reply``, ``not_shown`` (a tap on something
that is not there), ``unanswered``, ``over``, ``failed``, ``no_call`` (a result nobody waits for).
"""

from collections.abc import Mapping
from typing import Any

from core.engine.result import Programs
from core.engine.script import ScriptError, read
from core.engine.simulation import Simulation

__all__ = ["ScriptError", "simulate"]


def simulate(programs: Programs, program: str, script: Mapping[str, Any]) -> dict[str, Any]:
    """Plays ``script`` on the program with the hash ``program``; the JSON shapes stand above. Same input, same answer.

    Raises ScriptError for a script that cannot be read, KeyError for a program that is not there.
    """
    programs.linked(program)
    simulation = Simulation(programs, program, read(script))
    for event in simulation.script.events:
        simulation.play(event)
    return simulation.answer()
