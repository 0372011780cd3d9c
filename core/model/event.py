"""Facts that reach a run: a closed family, typed, past tense."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Started:
    """The run begins: a trigger fired or somebody started the flow. ``args`` fill the program's params.

    ``entry`` = (state, edge) begins behind that exit of a waiting state instead of at the start: a stale button whose flow
    continues (decision 14; made by ``core.engine.revive``). Edge -1 = the state itself (a preview that starts from a step).
    """

    program: str
    trigger: dict[str, Any] = field(default_factory=dict)
    args: dict[str, Any] = field(default_factory=dict)
    entry: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Replied:
    """The contact wrote or tapped. ``payload`` is the bare payload of a tap on the current wait (prefix stripped).

    ``media`` = [{type, url?}]. A pre-filled quick reply (e-mail, phone) brings its value as ``payload``, ``text`` or both.
    ``final`` = no trigger wanted it: now re-prompt or take the default exit. ``received`` = when the webhook took it, in
    milliseconds on the clock of ``Context.now``; None = not known. It tells an answer from a line of a burst that was
    written before the question (``core.engine``).
    """

    text: str = ""
    payload: str | None = None
    media: tuple[dict[str, Any], ...] = ()
    final: bool = False
    received: int | None = None


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
class Repeated:
    """The contact tapped something of an earlier question, and the flow repeats the current one (decision 14)."""


@dataclass(frozen=True, slots=True)
class Retried:
    """A person asks an errored or paused run to go on: the event that failed is tried again on the last good state; a run
    without one, and a run whose call failed, enters its state again. New seq, new keys."""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The run ends. ``reason``: interrupted, restarted, stopped, handover, expired, deleted, opt_out."""

    reason: str


Event = Started | Replied | TimerFired | ResultArrived | Returned | TurnCame | Repeated | Retried | Cancelled

KINDS: dict[str, type[Event]] = {
    "started": Started,
    "replied": Replied,
    "timer": TimerFired,
    "result": ResultArrived,
    "returned": Returned,
    "turn": TurnCame,
    "repeated": Repeated,
    "retried": Retried,
    "cancelled": Cancelled,
}
_NAMES = {cls: name for name, cls in KINDS.items()}


def event_json(event: Event) -> dict[str, Any]:
    """The event as JSON, without what equals its default.

    >>> event_json(TimerFired(3))
    {'kind': 'timer', 'wait': 3}
    """
    out: dict[str, Any] = {"kind": _NAMES[type(event)]}
    for f in fields(event):
        value = getattr(event, f.name)
        if (f.default is MISSING and f.default_factory is MISSING) or value not in (f.default, {}):
            out[f.name] = list(value) if isinstance(value, tuple) else value
    return out


def event_from_json(data: Mapping[str, Any]) -> Event:
    """The inverse of ``event_json``. KeyError for a kind that does not exist."""
    cls = KINDS[data["kind"]]
    names = {f.name for f in fields(cls)} & data.keys()
    values: dict[str, Any] = {n: tuple(data[n]) if n in ("media", "entry") else data[n] for n in names}
    return cls(**values)
