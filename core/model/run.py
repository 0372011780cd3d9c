"""One contact in one program: the snapshot that a step takes and gives back whole."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class RunStatus(StrEnum):
    """``running`` is only seen inside a step; ``paused`` carries a reason (takeover or error)."""

    RUNNING = "running"
    WAITING = "waiting"
    PAUSED = "paused"
    ERRORED = "errored"
    DONE = "done"
    CANCELLED = "cancelled"


LIVE = frozenset({RunStatus.RUNNING, RunStatus.WAITING, RunStatus.PAUSED, RunStatus.ERRORED})


@dataclass(slots=True)
class Frame:
    """One level of the call stack: the pinned program's hash, the state in it, the flow's variables."""

    program: str
    state: str
    vars: dict[str, Any]


@dataclass(slots=True)
class RunState:
    """``seq`` counts committed steps; ``wait`` numbers the waits and does not change with a re-prompt.

    ``wait_kind`` is reply, timer, result, human or turn ("" when not waiting). ``attempts`` counts re-prompts and
    invalid answers of this wait. ``events`` counts what this run has taken in. ``trigger`` = {type, id?, text?, ref?,
    commentId?, mediaId?, …} as flows read it. ``last`` = {text, payload, media} of the last reply. ``since`` = when the
    question of this wait was last put, in milliseconds. ``asked`` = the newest questions with buttons, as [wait, state, program],
    so that a stale tap finds its button. ``error`` = {code, message, state, event?}: ``event`` is what failed (for a retry).
    """

    id: str
    contact: str
    status: RunStatus = RunStatus.RUNNING
    frames: list[Frame] = field(default_factory=list)
    wait: int = 0
    wait_kind: str = ""
    attempts: int = 0
    seq: int = 0
    events: int = 0
    trigger: dict[str, Any] = field(default_factory=dict)
    last: dict[str, Any] = field(default_factory=dict)
    outcome: str | None = None
    error: dict[str, Any] | None = None
    since: int = 0
    asked: list[list[Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """What the run row's ``body`` holds (status, seq, wait and wait_kind are columns as well)."""
        return {
            "id": self.id,
            "contact": self.contact,
            "status": str(self.status),
            "frames": [[f.program, f.state, f.vars] for f in self.frames],
            "wait": self.wait,
            "waitKind": self.wait_kind,
            "attempts": self.attempts,
            "seq": self.seq,
            "events": self.events,
            "trigger": self.trigger,
            "last": self.last,
            "outcome": self.outcome,
            "error": self.error,
            "since": self.since,
            "asked": self.asked,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "RunState":
        """The inverse of ``as_json``."""
        return cls(
            data["id"],
            data["contact"],
            RunStatus(data["status"]),
            [Frame(*f) for f in data["frames"]],
            data["wait"],
            data["waitKind"],
            data["attempts"],
            data["seq"],
            data["events"],
            data["trigger"],
            data["last"],
            data["outcome"],
            data["error"],
            data["since"],
            data["asked"],
        )
