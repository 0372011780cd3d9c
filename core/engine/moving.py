"""A run moves to another version of its flow only when its place there means the same (flow-language 3.3)."""

from dataclasses import replace

from core.engine.linked import Linked, LinkedWait
from core.engine.result import Programs
from core.model.run import Frame, RunState


def move(programs: Programs, run: RunState, to: str) -> RunState | None:
    """The run on program ``to``, at the same states; None when one of them is missing there or waits for something else.

    Frames of other flows stay pinned. What failed is kept, so that ``Retried`` tries it on the new version.
    KeyError when ``to`` is no program.
    """
    new = programs.linked(to)
    if not run.frames:
        return None
    old_hash = run.frames[0].program
    event = (run.error or {}).get("event")
    if event is not None and event["kind"] == "started":
        moved = {**(run.error or {}), "event": {**event, "program": to}}
        return replace(run, frames=[Frame(to, new.entry, {})], error=moved, seq=run.seq + 1)
    try:
        old = programs.linked(old_hash)
    except KeyError:
        return None
    places = [f.state for f in run.frames if f.program == old_hash]
    if not all(_same_place(old, new, state) for state in places):
        return None
    frames = [Frame(to, f.state, f.vars) if f.program == old_hash else f for f in run.frames]
    asked = [[n, s, to if p == old_hash else p] for n, s, p in run.asked]
    return replace(run, frames=frames, asked=asked, seq=run.seq + 1)


def _same_place(old: Linked, new: Linked, state: str) -> bool:
    a, b = old.states.get(state), new.states.get(state)
    if a is None or b is None or a.wait is None or b.wait is None:
        return False
    return _signature(a.wait) == _signature(b.wait)


def _signature(wait: LinkedWait) -> tuple[object, ...]:
    asked = None if wait.input is None else (wait.input.spec.get("type"), wait.input.spec.get("save"))
    return wait.kind, asked, wait.timeout and wait.timeout[0], wait.effect, wait.flow, wait.save
