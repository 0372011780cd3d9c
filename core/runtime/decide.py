"""Who takes what a contact says: the precedence of decision 10, stage by stage, the first that answers wins."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from core.engine.ask import interrupt_mode
from core.model.event import Replied
from core.model.fold import plain
from core.model.inbound import Inbound
from core.model.limits import TOO_OLD_MS, WINDOW_MS
from core.model.nodetype import TriggerRow
from core.runtime.box import Box, EventRow, Live
from core.runtime.entry import fire
from core.runtime.match import FINAL_RANK
from core.runtime.ownership import silence
from core.runtime.stale import stale
from core.runtime.stepping import cancel, take
from core.runtime.taps import Tap, parse
from core.runtime.work import Work

Stage = Callable[[Work, Box, EventRow], str | None]
"""Answers the event's disposition, or None: the next stage is asked."""


NOT_TAKEN = frozenset({"unmatched", "ignored", "stale"})
"""The run did not want it; ``early`` (a line of a burst) ends the matter."""


def decide(work: Work, box: Box, row: EventRow, stages: str) -> None:
    """Asks the stages in order. ``stages`` names a list of PRECEDENCE."""
    for name in PRECEDENCE[stages]:
        disposition = STAGES[name](work, box, row)
        if disposition is not None:
            row.disposition = disposition
            return
    row.disposition = "unmatched"


def _words(work: Work, box: Box, row: EventRow) -> str | None:
    """Stop and start words: the whole message, folded, whoever owns the conversation; a tap is never one."""
    event, contact = row.payload, box.contact
    text = event.get("text")
    if not text or event.get("tap") or len(text) > 100:
        return None
    word = plain(text)
    if word in box.account.stop:
        contact.opted_out_at, contact.dirty = contact.opted_out_at or work.now, True
        for live in [r for r in box.runs if r.live]:
            cancel(work, box, row, live, "opt_out")
        silence(work, box, "opted_out")
        return "opt_out"
    if contact.opted_out_at is not None and word in box.account.start:
        contact.opted_out_at, contact.dirty = None, True
    return None


def _opted_out(work: Work, box: Box, row: EventRow) -> str | None:
    return "opted_out" if box.contact.opted_out_at is not None else None


def _standby(work: Work, box: Box, row: EventRow) -> str | None:
    if row.payload.get("standby"):
        return "standby"
    return "self" if row.payload.get("is_self") else None


def _too_old(work: Work, box: Box, row: EventRow) -> str | None:
    """Older than the window (a comment: than private replies reach back): it starts nothing (decision 35)."""
    comment = row.kind in ("comment", "live_comment")
    return "too_old" if work.now - row.at >= (TOO_OLD_MS if comment else WINDOW_MS) else None


def _human(work: Work, box: Box, row: EventRow) -> str | None:
    return "human" if box.conversation.owner == "human" else None


def _foreground(work: Work, box: Box, row: EventRow) -> str | None:
    """The answer that the flow expects: button, keyword, input. It never goes elsewhere (LLD 6.2)."""
    tap = parse(row.payload.get("payload"))
    live = box.foreground
    if tap is not None and not _current(live, tap):
        return None
    if live is None:
        return None
    if tap is None and interrupt_mode(work.bound(box), live.state) == "always":
        early = _entry(work, box, row)
        if early is not None:
            return early
    found = take(work, box, row, live, _reply(row, tap, final=False))
    return None if found in ("unmatched", "stale") else found  # ignored: a question that is never interrupted


def _entry(work: Work, box: Box, row: EventRow) -> str | None:
    """Triggers that come before the foreground run's last word."""
    return _fire_first(work, box, row, lambda rank: rank < FINAL_RANK)


def _stale(work: Work, box: Box, row: EventRow) -> str | None:
    """A button of an earlier question, or of a run that is over, which no trigger wanted."""
    tap = parse(row.payload.get("payload"))
    if tap is None or _current(box.foreground, tap):
        return None
    return stale(work, box, row, tap)


def _final(work: Work, box: Box, row: EventRow) -> str | None:
    """Nobody wanted it: the flow asks again or takes its default exit."""
    live = box.foreground
    if live is None:
        return None
    found = take(work, box, row, live, _reply(row, parse(row.payload.get("payload")), final=True))
    return None if found in NOT_TAKEN else found


def _late(work: Work, box: Box, row: EventRow) -> str | None:
    """Welcome and default reply."""
    return _fire_first(work, box, row, lambda rank: rank >= FINAL_RANK)


def _fire_first(work: Work, box: Box, row: EventRow, ranks: Callable[[int], bool]) -> str | None:
    rank_of = box.account.rules.ranks
    for trigger in _candidates(box, row):
        if ranks(rank_of[trigger.id]) and fire(work, box, row, trigger):
            return "triggered"
    return None


def _candidates(box: Box, row: EventRow) -> list[TriggerRow]:
    if row.candidates is None:
        row.candidates = box.account.rules.matcher.candidates(row.payload, row.first)
    return row.candidates


def _current(live: Live | None, tap: Tap) -> bool:
    return live is not None and live.state.id == tap.run and live.state.wait == tap.wait


def _reply(row: EventRow, tap: Tap | None, final: bool) -> Replied:
    event: Inbound = row.payload
    text = event.get("text") or (event.get("title", "") if tap is None else "")
    payload = tap.payload if tap is not None else event.get("payload")
    media = tuple(event.get("attachments") or ())
    return Replied(text, payload, media, final, row.received)


STAGES: Mapping[str, Stage] = MappingProxyType(
    {
        "words": _words,
        "standby": _standby,
        "opted_out": _opted_out,
        "too_old": _too_old,
        "human": _human,
        "foreground": _foreground,
        "entry": _entry,
        "stale": _stale,
        "final": _final,
        "late": _late,
    }
)
PRECEDENCE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "reply": (
            "standby",
            "words",
            "opted_out",
            "too_old",
            "human",
            "foreground",
            "entry",
            "stale",
            "final",
            "late",
        ),
        "fact": ("standby", "opted_out", "too_old", "human", "entry"),
        "follow": ("opted_out", "too_old", "human", "late"),
    }
)
"""``reply``: messages, taps, links. ``fact``: comments, reactions, mentions, which are no answers. Among triggers the matcher's
own table decides (core.runtime.match.precedence): payload, ref, ad; story; keyword … below FINAL_RANK, welcome and default
reply from it on."""
