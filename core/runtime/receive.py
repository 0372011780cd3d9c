"""What each kind of event does to a contact: a table from kind to handler; people's words then go to ``decide``."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from core.model.inbound import WINDOW_OPENING
from core.runtime.amend import deleted, edited, reacted
from core.runtime.box import Box, EventRow
from core.runtime.commands import command
from core.runtime.decide import decide
from core.runtime.echo import echo
from core.runtime.hold import hold
from core.runtime.inside import result, timer
from core.runtime.log import log_inbound, seen
from core.runtime.notices import notice
from core.runtime.stepping import turns
from core.runtime.work import Work

ENDING = frozenset({"cancel", "stop", "reset", "hand_back"})
"""Commands that are carried out for a disconnected account too: its expired runs and forgotten conversations must end, or the
sweep would find them for ever and nobody else's."""
LATER_MS = 20_000
"""A profile that no flow waits for is fetched about so long after the first message (real milliseconds)."""


def receive(work: Work, box: Box, row: EventRow) -> None:
    """One event of the contact, whatever it is; what it comes to stands in ``row`` and ``box``."""
    if box.account.status == "disconnected" and not (row.kind == "command" and row.payload.get("do") in ENDING):
        row.disposition = "disconnected"
        return
    HANDLERS.get(row.kind, _stored)(work, box, row)
    if any(r.state.wait_kind == "turn" for r in box.runs):
        turns(work, box, row)


def _message(work: Work, box: Box, row: EventRow) -> None:
    """A message, a tap or an ig.me link: opens the window, is logged, then is somebody's answer or the start of a flow."""
    contact, event = box.contact, row.payload
    first = contact.last_inbound_at is None
    if first is not row.first:
        row.first, row.candidates = first, None
    if row.kind in WINDOW_OPENING and not event.get("is_self"):
        contact.last_inbound_at = max(contact.last_inbound_at or 0, row.at)
        contact.consent = True
    _met(box, row)
    if row.kind != "referral":
        log_inbound(work, box, row)
    if contact.profile_at is None and row.first and contact.consent:
        box.chores.append(("profile", contact.id, work.real + LATER_MS, "{}"))
    decide(work, box, row, "reply")


def _comment(work: Work, box: Box, row: EventRow) -> None:
    """A comment starts flows; it opens no window, gives no consent and answers no question.

    One that a trigger would take whose post is not known yet waits until the post was looked for.
    """
    if row.payload.get("held"):
        decide(work, box, row, "fact")
        return
    username = row.payload.get("comment", {}).get("username")
    if username and not box.contact.username:
        box.contact.username, box.view = username, None
    _met(box, row)
    log_inbound(work, box, row)
    waiting = box.account.rules.waiting
    if waiting is not None and waiting.candidates(row.payload, row.first):
        hold(work, box, row, "trigger.comment")
    else:
        decide(work, box, row, "fact")


def _met(box: Box, row: EventRow) -> None:
    contact = box.contact
    contact.last_interaction_at = max(contact.last_interaction_at or 0, row.at)
    referral = row.payload.get("referral")
    if referral and (contact.source is None or referral.get("ad_id")):
        contact.source = dict(referral)
    contact.dirty = True


def _reaction(work: Work, box: Box, row: EventRow) -> None:
    reacted(work, box, row)
    _met(box, row)
    if row.payload.get("reaction", {}).get("action") != "unreact" and _candidates(box, row):
        decide(work, box, row, "fact")


def _mention(work: Work, box: Box, row: EventRow) -> None:
    _met(box, row)
    decide(work, box, row, "fact")


def _follow(work: Work, box: Box, row: EventRow) -> None:
    """Stored; with the account's experimental switch the welcome flow starts (decision 9)."""
    row.first = True
    if box.account.setting("experimentalFollow"):
        decide(work, box, row, "follow")
    else:
        row.disposition = "stored"


def _control(work: Work, box: Box, row: EventRow) -> None:
    """Thread control between apps: only a request is told to people."""
    data = row.payload.get("data", {})
    row.disposition = "stored"
    if data.get("action") == "request":
        notice(box, "thread_requested", box.conversation.id, data, work.now)


def _stored(work: Work, box: Box, row: EventRow) -> None:
    row.disposition = "stored"


def _candidates(box: Box, row: EventRow) -> bool:
    row.candidates = box.account.rules.matcher.candidates(row.payload, row.first)
    return bool(row.candidates)


HANDLERS: Mapping[str, Callable[[Work, Box, EventRow], None]] = MappingProxyType(
    {
        "message": _message,
        "postback": _message,
        "referral": _message,
        "comment": _comment,
        "live_comment": _comment,
        "mention": _mention,
        "reaction": _reaction,
        "read": seen,
        "edit": edited,
        "deleted": deleted,
        "echo": echo,
        "follow": _follow,
        "control": _control,
        "timer": timer,
        "result": result,
        "command": command,
    }
)
"""Every other kind is stored and done."""
