"""How a trigger becomes a run: what keeps it back, and what ``whenBusy`` does to the runs that are there (decision 11)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from core.engine.ask import interrupt_mode
from core.model.inbound import Inbound
from core.model.nodetype import TriggerRow
from core.runtime.box import Box, EventRow
from core.runtime.stepping import cancel, start
from core.runtime.work import Work

SITUATIONS = ("free", "background", "foreground", "same")
"""No live run · live runs, none waits for a reply · another flow's run waits for a reply · this flow's does."""

WHEN_BUSY: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "interrupt": {"free": "start", "background": "start", "foreground": "interrupt", "same": "interrupt"},
        "ignore": {"free": "start", "background": "refuse", "foreground": "refuse", "same": "refuse"},
        "restart": {"free": "start", "background": "start", "foreground": "start", "same": "start"},
        "queue": {"free": "start", "background": "start", "foreground": "queue", "same": "queue"},
    }
)
"""``interrupt`` cancels the run that waits, then starts; ``start`` leaves it (the same flow's older runs end as restarted,
unless the trigger is parallel; a question then waits for its turn); ``queue`` begins when the foreground is free."""


def situation(box: Box, flow_id: str) -> str:
    """Which column of the table applies."""
    held = box.foreground
    if held is not None:
        return "same" if held.flow_id == flow_id else "foreground"
    return "background" if any(r.live for r in box.runs) else "free"


def fire(work: Work, box: Box, row: EventRow, trigger: TriggerRow) -> bool:
    """Starts the trigger's flow, unless something keeps it back (then False: the next trigger may)."""
    flow = box.account.rules.flows.get(trigger.flow_id)
    if flow is None or kept_back(work, box, trigger) is not None:
        return False
    options = trigger.options
    action = WHEN_BUSY.get(str(options.get("whenBusy")), WHEN_BUSY["interrupt"])[situation(box, trigger.flow_id)]
    if action == "refuse":
        return False
    held = box.foreground
    if action == "interrupt" and held is not None and interrupt_mode(work.bound(box), held.state) != "never":
        cancel(work, box, row, held, "interrupted")
    start(
        work,
        box,
        row,
        flow,
        told(trigger, row.payload, row.at),
        trigger_id=trigger.id,
        parallel=options.get("parallel") is True,
        queued=action == "queue",
    )
    row.trigger_id = trigger.id
    fired = box.fires.setdefault(trigger.id, [work.now, 0])
    fired[0], fired[1] = work.now, fired[1] + 1
    return True


def kept_back(work: Work, box: Box, trigger: TriggerRow) -> str | None:
    """Why the trigger does not fire again for this contact: once_per_contact, cooldown or just_fired; None = it may."""
    last = _last(work, box, trigger.id)
    if last is None:
        return None
    options = trigger.options
    if options.get("oncePerContact") is True:
        return "once_per_contact"
    if work.now - last < 1000 * int(options.get("cooldownSeconds") or 0):
        return "cooldown"
    return "just_fired" if work.now - last < 1000 * box.account.setting("sameTriggerSeconds") else None


def _last(work: Work, box: Box, trigger_id: str) -> int | None:
    if trigger_id in box.fires:
        return box.fires[trigger_id][0]
    if trigger_id not in box.fired:
        found = work.tx.one(
            "SELECT fired_at, count FROM trigger_fire WHERE trigger_id = ? AND contact_id = ?",
            (trigger_id, box.contact.id),
        )
        box.fired[trigger_id] = (found[0], found[1]) if found else None
    known = box.fired[trigger_id]
    return known[0] if known else None


def told(trigger: TriggerRow, event: Inbound, at: int) -> dict[str, Any]:
    """What the flow reads as ``trigger``, and what private replies need."""
    comment, referral = event.get("comment") or {}, event.get("referral") or {}
    story = (event.get("reply_to") or {}).get("story") or {}
    found = {
        "type": "follow" if event["kind"] == "follow" else trigger.type,
        "id": trigger.id,
        "keyword": trigger.keyword or None,
        "text": event.get("text"),
        "payload": event.get("payload"),
        "ref": referral.get("ref"),
        "adId": referral.get("ad_id"),
        "commentId": comment.get("id") if event["kind"] in ("comment", "live_comment") else None,
        "mediaId": comment.get("media_id"),
        "storyId": story.get("id"),
        "live": True if event["kind"] == "live_comment" else None,
        "at": at,
    }
    return {k: v for k, v in found.items() if v is not None}
