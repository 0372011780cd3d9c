"""One contact in hand: what a drain knows of them, and what it is going to write, all in memory until the bulk writes."""

from dataclasses import dataclass, field
from typing import Any

from core.model.inbound import Inbound
from core.model.nodetype import TriggerRow
from core.model.run import LIVE, RunState, RunStatus
from core.observe import Line
from core.runtime.accounts import AccountInfo
from core.runtime.outbox import OutboxRow
from core.runtime.post import DONE

Values = tuple[Any, ...]


@dataclass(slots=True)
class Contact:
    """The contact's row as far as automation reads or changes it; times in milliseconds."""

    id: str
    user_id: str
    external_id: str | None
    username: str | None
    first_name: str | None
    last_name: str | None
    profile: dict[str, Any]
    profile_at: int | None
    consent: bool
    parked_until: int
    last_interaction_at: int | None
    last_inbound_at: int | None
    opted_out_at: int | None
    attributes: dict[str, Any]
    source: dict[str, Any] | None
    merged_into: str | None
    automated_count: int
    automated_since: int
    dirty: bool = False


@dataclass(slots=True)
class Conversation:
    """The conversation's row."""

    id: str
    status: str
    owner: str
    epoch: int
    human_at: int | None
    agent_id: str | None
    last_message_id: str | None
    last_message_at: int | None
    unread: int
    closed_at: int | None
    dirty: bool = False


@dataclass(slots=True)
class Live:
    """A run that has not ended when it was loaded, or began in this drain.

    ``seen`` = the row's seq when loaded (the fence); None = a new row. ``extra`` rides in the row's body beside the RunState:
    ``held`` = timers and results that came while paused, ``queued`` = a start that waits for its turn, ``private`` = the
    private reply is used.
    """

    state: RunState
    flow_id: str
    version_id: str | None
    program: str
    trigger_id: str | None
    started_at: int
    expires_at: int | None
    seen: int | None
    pause_reason: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    dirty: bool = False

    @property
    def live(self) -> bool:
        """Not ended."""
        return self.state.status in LIVE

    @property
    def foreground(self) -> bool:
        """It waits for this contact's reply."""
        if self.state.wait_kind != "reply":
            return False
        status = self.state.status
        return status == RunStatus.WAITING or (status == RunStatus.PAUSED and self.pause_reason == "takeover")


@dataclass(slots=True)
class EventRow:
    """A pending row of the inbox, and what became of it. ``first`` = the contact's first window-opening event;
    ``candidates`` = the matcher's answer, when it was asked already; ``known`` = an echo whose mid is ours."""

    id: int
    contact_id: str
    kind: str
    at: int
    payload: Inbound
    received: int
    trace_id: str | None
    first: bool = False
    candidates: list[TriggerRow] | None = None
    known: bool = False
    state: int = DONE
    disposition: str = "ignored"
    trigger_id: str | None = None
    run_id: str | None = None
    error: str | None = None


@dataclass(slots=True)
class Box:
    """A contact with everything of theirs that one transaction reads and writes. ``lines`` are logged after its commit, ``trace``
    is that of the event in hand."""

    account: AccountInfo
    contact: Contact
    conversation: Conversation
    tags: set[str]
    runs: list[Live]
    events: list[EventRow]
    tags_on: set[str] = field(default_factory=set)
    tags_off: set[str] = field(default_factory=set)
    logs: dict[str, list[Any]] = field(default_factory=dict)
    outbox: list[OutboxRow] = field(default_factory=list)
    timers: dict[tuple[str, int], int | None] = field(default_factory=dict)
    traces: list[Values] = field(default_factory=list)
    fires: dict[str, list[int]] = field(default_factory=dict)
    fired: dict[str, tuple[int, int] | None] = field(default_factory=dict)
    notes: list[Values] = field(default_factory=list)
    notices: list[Values] = field(default_factory=list)
    chores: list[tuple[str, str, int, str]] = field(default_factory=list)
    dead: list[Values] = field(default_factory=list)
    done: list[EventRow] = field(default_factory=list)
    view: dict[str, Any] | None = None
    parked_until: int = 0
    lines: list[Line] = field(default_factory=list)
    trace: str | None = None

    @property
    def foreground(self) -> Live | None:
        """The run that waits for the reply."""
        return next((r for r in self.runs if r.foreground), None)

    def run(self, run_id: str) -> Live | None:
        """The live run with this id."""
        return next((r for r in self.runs if r.state.id == run_id and r.live), None)
