"""Facts that reach a run: a closed family, typed, past tense."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Started:
    """The run begins: a trigger fired or somebody started the flow. ``args`` fill the program's params."""

    program: str
    trigger: dict[str, Any] = field(default_factory=dict)
    args: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Replied:
    """The contact wrote or tapped. ``payload`` is the bare payload of a tap on the current wait (prefix stripped).

    ``media`` = [{type, url?}]. ``value`` is set by a pre-filled quick reply (e-mail, phone). ``final`` = no trigger
    wanted it: now re-prompt or take the default exit.
    """

    text: str = ""
    payload: str | None = None
    media: tuple[dict[str, Any], ...] = ()
    final: bool = False


@dataclass(frozen=True, slots=True)
class TimerFired:
    """The timer of wait number ``wait`` is due."""

    wait: int


@dataclass(frozen=True, slots=True)
class ResultArrived:
    """The call of wait ``wait`` ended. ``outcome`` is success, failure, timeout or the call's own word."""

    wait: int
    outcome: str
    data: Any = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """A person gave the conversation back."""


@dataclass(frozen=True, slots=True)
class TurnCame:
    """The foreground is free: a run in wait kind ``turn`` may go on with its question."""


@dataclass(frozen=True, slots=True)
class Retried:
    """A person asks an errored or paused run to enter its state again."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The run ends. ``reason``: interrupted, restarted, stopped, handover, expired, deleted, opt_out."""

    reason: str


Event = Started | Replied | TimerFired | ResultArrived | Returned | TurnCame | Retried | Cancelled
