"""Which runs could go on in another version of their flow, and why the others could not (``core.engine.move``)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from core.engine import move
from core.engine.shelf import Shelf
from core.model.program import Program
from core.model.run import RunState
from core.services import flow_publish

Rows = list[dict[str, Any]]
REASONS = {
    "not_at_rest": "The run has not begun, or is inside of another flow",
    "step_missing": "The step where it waits is not in that version",
    "step_changed": "The step where it waits asks for something else in that version",
}
"""Why a run stays on its version."""


def stored(tx: Connection, hash: str) -> Program:
    """A version's program."""
    return flow_publish.stored_program(tx, hash)


def split(tx: Connection, runs: Sequence[Mapping[str, Any]], to: Program) -> tuple[Rows, Rows]:
    """The runs (rows of the table) that can move to a program, and the others as [{node_id, reason, message, people}]."""
    shelf = Shelf([to, *_programs(tx, runs, to.hash)])
    can: Rows = []
    left: Counter[tuple[str | None, str]] = Counter()
    known: dict[Any, str | None] = {}
    for row in runs:
        key = _place(row)
        if key not in known:
            known[key] = _why(shelf, row, to)
        why = known[key]
        if why is None:
            can.append(dict(row))
        else:
            left[(row["node_id"], why)] += 1
    return can, [
        {"node_id": node, "reason": why, "message": REASONS[why], "people": n} for (node, why), n in left.most_common()
    ]


def _programs(tx: Connection, runs: Sequence[Mapping[str, Any]], but: str) -> list[Program]:
    named = {f[0] for row in runs for f in _frames(row)} - {but}
    return [flow_publish.stored_program(tx, hash) for hash in sorted(named)]


def _frames(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(f.program, f.state) for f in _state(row).frames]


def _state(row: Mapping[str, Any]) -> RunState:
    return RunState.from_json(row["body"])


def _place(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Runs of the same place share the answer."""
    event = (row["body"].get("error") or {}).get("event") or {}
    return (*_frames(row), event.get("kind"))


def _why(shelf: Shelf, row: Mapping[str, Any], to: Program) -> str | None:
    state = _state(row)
    if len(state.frames) != 1:
        return "not_at_rest"
    if move(shelf, state, to.hash) is not None:
        return None
    return "step_missing" if state.frames[0].state not in to.states else "step_changed"
