"""Sends whose outcome nobody knows: asked of the conversation once lease and grace are over, never repeated blindly (durability 3.3)."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import orjson

from core.model.ports import AccountView, Outcome
from core.runtime import results_side
from core.runtime.claim import Sending
from core.runtime.match_sent import in_time, same_message
from core.runtime.post import encode
from core.runtime.results import OPEN, Ended, Results, ids_of
from core.runtime.senders import Senders, call_of
from core.store.driver import Tx
from core.store.ids import new_id

FIND = "conversation.find"
BATCH = 100
TRIES = 3
ASK_SECONDS = 0.5
"""Two look-ups a second and account: Instagram's limit for conversations (reference 2.6)."""
AGAIN_MS = 5_000

DUE = """SELECT o.id, o.user_id, o.account_id, o.contact_id, o.message_log_id, o.run_id, o.wait, o.idem, o.kind, o.automated,
 o.attempt, o.not_after, o.trace_id, o.body, c.instagram_user_id, c.last_inbound_at, o.sending_at, o.lease_until, o.asked,
 i.instagram_user_id, i.instagram_page_id, i.login, i.access_token, i.instagram_username, i.settings, i.status
 FROM outbox o LEFT JOIN contact c ON c.contact_id = o.contact_id
 LEFT JOIN instagram_account i ON i.instagram_account_id = o.account_id
 WHERE o.state = 'sending' AND o.lease_until <= ?{but} ORDER BY o.lease_until LIMIT ?"""

KNOWN = """SELECT m.mid FROM message_log m JOIN conversation v ON v.conversation_id = m.conversation_id
 WHERE v.contact_id = ? AND m.timestamp >= ? AND m.mid IS NOT NULL
 UNION SELECT o.provider_id FROM outbox o WHERE o.account_id = ? AND o.contact_id = ? AND o.provider_id IS NOT NULL"""

_SENDING: Callable[..., Sending] = Sending


@dataclass(slots=True)
class Asked:
    """A look-up under way: the row as it was found, and how often it could not be asked before."""

    sending: Sending
    asked: int


@dataclass(slots=True)
class Settler:
    """Finds sends whose lease and grace are over and settles them. ``view`` opens an account's row."""

    senders: Senders
    results: Results
    view: Callable[[str, tuple[Any, ...]], AccountView | None]
    owner: str
    lease_ms: int
    grace_ms: int
    asked_at: dict[str, float] = field(default_factory=dict)
    under_way: dict[int, int] = field(default_factory=dict)

    def due(self, tx: Tx, real: int) -> bool:
        """True when there is a send to settle."""
        limit = real - self.grace_ms
        return tx.one("SELECT 1 FROM outbox WHERE state = 'sending' AND lease_until <= ? LIMIT 1", (limit,)) is not None

    def claim(self, tx: Tx, now: int, real: int) -> tuple[list[tuple[Asked, AccountView]], bool]:
        """The sends to ask about now, leased in this transaction; those that need no asking are settled at once. The second
        value is True when events were posted."""
        ask: list[tuple[Asked, AccountView]] = []
        at_once: list[Ended] = []
        posted = False
        busy = [a for a, at in self.asked_at.items() if monotonic() - at < ASK_SECONDS]
        where, params = tx.within("o.account_id", busy) if busy else ("", [])
        sql = DUE.format(but=f" AND NOT ({where})" if busy else "")
        for row in tx.all(sql, [real - self.grace_ms, *params, BATCH]):
            sending = _SENDING(*row[:13], orjson.loads(row[13]), row[14], row[15], row[16])
            if self.under_way.get(sending.id) == sending.attempt:
                continue
            way = self.senders.way(sending.kind)
            if way is None or not way.settle:
                at_once.append(Ended(sending, Outcome("unknown", code="no_answer", message="no answer"), "timeout"))
            elif "message" in sending.body and "comment_id" in sending.body.get("to", ()):
                # Instagram refuses a second private reply to one comment: to try again is safe
                at_once.append(Ended(sending, Outcome("retry", code="no_answer", message="no answer"), "timeout"))
            else:
                posted = self._ask(tx, Asked(sending, row[18]), row, ask, real, now) or posted
        return ask, self.results.settle(tx, at_once, now, real) or posted

    def _ask(self, tx: Tx, asked: Asked, row: tuple[Any, ...], ask: list[Any], real: int, now: int) -> bool:
        s = asked.sending
        view = self.view(s.account_id, row[19:25]) if row[25] == "connected" and row[22] else None
        if view is None:
            return self._not_asked(tx, asked, "the account is not connected", now, real)
        if monotonic() - self.asked_at.get(s.account_id, 0.0) < ASK_SECONDS:
            return False
        until = real - self.grace_ms + max(self.lease_ms, AGAIN_MS)
        lease = (
            "UPDATE outbox SET lease_owner = ?, lease_until = ? WHERE id = ? AND attempt = ? AND lease_until = ? AND "
        )
        if tx.run(lease + OPEN, (self.owner, until, s.id, s.attempt, row[17])) == 1:
            self.asked_at[s.account_id] = monotonic()
            self.under_way[s.id] = s.attempt
            ask.append((asked, view))
        return False

    def start(self, ask: Iterable[tuple[Asked, AccountView]], now: int) -> None:
        """Begins the look-ups, after the commit of their claim."""
        for asked, view in ask:
            self.senders.run(asked, FIND, call_of(asked.sending, view, now))

    def answered(self, tx: Tx, answers: Iterable[tuple[Asked, Outcome]], now: int, real: int) -> bool:
        """Found: sent. Certainly absent: queued again, fenced by the attempt. Not asked three times: a person reviews it."""
        ended: list[Ended] = []
        posted = False
        for asked, outcome in answers:
            s = asked.sending
            self.under_way.pop(s.id, None)
            if outcome.status != "sent":
                if outcome.status == "throttled":
                    self.asked_at[s.account_id] = monotonic() + max(outcome.after / 1000, 1.0)
                    self._later(tx, asked, asked.asked, max(outcome.after, 1000), real)
                else:
                    posted = self._not_asked(tx, asked, outcome.code or "no answer", now, real) or posted
                continue
            found, absent = self._look(tx, s, outcome.data)
            if found is not None:
                ended.append(Ended(s, Outcome("sent", found), "lookup"))
            elif absent:
                self._again(tx, s, ended)
            else:
                posted = self._not_asked(tx, asked, "the conversation has moved on", now, real) or posted
        return self.results.settle(tx, ended, now, real) or posted

    def _look(self, tx: Tx, s: Sending, data: Any) -> tuple[str | None, bool]:
        """The mid of our message among those that nobody claims yet; or whether it is certainly not there."""
        since = s.sending_at - 600_000
        known = {row[0] for row in tx.all(KNOWN, (s.contact_id, since, s.account_id, s.contact_id))}
        messages = data.get("messages") or []
        for message in messages:
            if not message.get("own") or not message.get("mid") or message["mid"] in known:
                continue
            if in_time(message.get("at"), s.sending_at) and same_message(s.body, message):
                return str(message["mid"]), False
        times = [m["at"] for m in messages if m.get("at") is not None]
        return None, bool(data.get("whole")) or (bool(times) and min(times) < s.sending_at)

    def _again(self, tx: Tx, s: Sending, ended: list[Ended]) -> None:
        self.results.counts["requeued:lookup"] += 1
        ended.append(Ended(s, Outcome("retry", code="not_arrived", message="it is not in the conversation"), "lookup"))

    def _not_asked(self, tx: Tx, asked: Asked, why: str, now: int, real: int) -> bool:
        """Could not be asked: later again, and after three times it is for a person to decide."""
        if asked.asked + 1 < TRIES:
            self._later(tx, asked, asked.asked + 1, AGAIN_MS, real)
            return False
        s = asked.sending
        sql = "UPDATE outbox SET state = 'review', error_code = 'unknown', error = ?, asked = ?, done_at = ?"
        where = " WHERE id = ? AND attempt = ? AND "
        if tx.run(sql + where + OPEN, (why[:500], TRIES, now, s.id, s.attempt)) != 1:
            return False
        self.results.counts["review"] += 1
        self.results.lines.append((logging.WARNING, "a send's fate is unknown: somebody must look", ids_of(s)))
        if s.message_log_id:
            tx.run(
                "UPDATE message_log SET status = 'needs_review', reason = 'unknown' WHERE message_log_id = ? AND status = 'queued'",
                (s.message_log_id,),
            )
        data = encode({"outboxId": s.id, "contactId": s.contact_id})
        told = (new_id(), s.user_id, s.account_id, "needs_review", f"{s.account_id}:review", data, 1, now)
        tx.insert("notification", results_side.NOTIFICATION, [told], results_side.NOTIFIED)
        return self.results.give_up(tx, s, now)

    def _later(self, tx: Tx, asked: Asked, count: int, after: int, real: int) -> None:
        s = asked.sending
        sql = "UPDATE outbox SET asked = ?, lease_until = ? WHERE id = ? AND attempt = ? AND "
        tx.run(sql + OPEN, (count, real - self.grace_ms + after, s.id, s.attempt))
