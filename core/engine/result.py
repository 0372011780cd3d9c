"""What a step takes the programs from, and what it answers."""

from dataclasses import dataclass
from typing import Protocol

from core.engine.linked import Linked
from core.model.effect import Effect
from core.model.run import RunState


class Programs(Protocol):
    """Where the engine finds programs. Both answer from memory or from the step's own transaction."""

    def linked(self, hash: str) -> Linked:
        """The program of that hash. KeyError when there is none (the run then fails with IFR03)."""

    def active(self, flow: str) -> str | None:
        """The live program's hash of a flow named by slug or id; None when it is not active."""


UNCHANGED = frozenset({"unmatched", "ignored", "stale", "early"})
"""Dispositions after which ``Result.run`` is the very run that was given, with no effects."""


@dataclass(slots=True)
class Result:
    """``path`` = [(state, edge id)] in the order taken. ``disposition``:

    ``handled`` it went on (or failed: see ``run.status``) · ``reprompted`` the question was put again · ``turn`` it stopped
    before a question because another run holds the foreground · ``unmatched`` ask the triggers, then offer the same reply with
    ``final`` · ``ignored`` nothing wants it · ``early`` a line of a burst: keep it in the log, do nothing else · ``stale``
    of a wait or a run that is over. Effects and programs share data: change neither.
    """

    run: RunState
    effects: list[Effect]
    path: list[tuple[str, str]]
    disposition: str
