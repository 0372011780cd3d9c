"""What an incoming event becomes in the inbox: whose mailbox, which row, and what the columns can hold."""

import re
from hashlib import sha256
from typing import Any, NamedTuple

from core.model.inbound import Inbound
from core.runtime.contacts import Key
from core.runtime.post import DONE, PENDING, clean, encode

PRIO = {"echo": 2, "read": 2, "reaction": 2}
"""Book-keeping comes after what somebody waits for; everything else is 1."""

ACTED = frozenset(
    {"message", "postback", "referral", "reaction", "read", "edit", "deleted", "echo", "optin", "control"}
    | {"comment", "live_comment", "mention", "follow"}
)
"""Kinds that the drain does something with, when they name a contact; all else is stored and done."""


_ID = re.compile(r"[\x21-\x7e]{1,90}").fullmatch
_KEY = re.compile(r"[\x20-\x7e]{1,1000}").fullmatch
_FAR = 1 << 53


class Account(NamedTuple):
    """A connected account; ``until`` = how long this process may believe it (monotonic seconds)."""

    id: str
    user_id: str
    until: float


def contact_of(event: Inbound) -> str | None:
    """The external id whose mailbox takes the event; None = stored and done.

    >>> contact_of({"kind": "comment", "ig_id": "1", "contact": None, "comment": {"id": "9"}})
    'comment:9'
    >>> contact_of({"kind": "comment", "ig_id": "1", "contact": "1", "comment": {"id": "9"}}) is None
    True
    """
    kind, contact = event["kind"], event.get("contact")
    if kind not in ACTED:
        return None
    if kind in ("comment", "live_comment"):
        if event.get("is_self") or contact == event["ig_id"]:
            return None
        if contact is None and event.get("comment", {}).get("id"):
            return f"comment:{event['comment']['id']}"
    return contact


def sane(event: Inbound) -> Inbound:
    """The event with columns that both stores take: no odd characters in ids, no endless keys, no time out of range."""
    contact = event.get("contact")
    if (
        _KEY(event["key"])
        and (contact is None or _ID(contact))
        and -_FAR < event["at"] < _FAR
        and len(event["kind"]) < 30
    ):
        return event
    fixed: Any = clean(event)
    if len(fixed["key"]) > 1000:
        fixed["key"] = sha256(fixed["key"].encode()).hexdigest()
    if contact is not None and not _ID(contact):
        fixed["contact"] = None
    fixed["at"] = min(max(fixed["at"], 0), _FAR)
    fixed["kind"] = fixed["kind"][:30]
    return fixed  # type: ignore[no-any-return]


def rows_of(
    named: list[tuple[str, Inbound, Account]], found: dict[Key, str], now: int
) -> tuple[list[tuple[Any, ...]], dict[str, tuple[str, int]]]:
    """Inbox rows in order, and for each contact (account id, priority). ``named`` = (trace id, event, account)."""
    rows: list[tuple[Any, ...]] = []
    boxes: dict[str, tuple[str, int]] = {}
    for trace_id, event, account in named:
        kind, external = event["kind"], contact_of(event)
        contact_id = None if external is None else found[account.id, external]
        if contact_id is not None:
            prio = PRIO.get(kind, 1)
            boxes[contact_id] = (account.id, min(prio, boxes[contact_id][1] if contact_id in boxes else prio))
        state, disposition, done = (PENDING, None, None) if contact_id is not None else (DONE, "stored", now)
        payload, key, at = encode(event), event["key"], event["at"]
        rows.append(
            (account.user_id, account.id, contact_id, kind, key, at, payload, now, trace_id, state, disposition, done)
        )
    return rows, boxes


FETCH = ("user_id", "account_id", "kind", "key", "args", "due_at", "created_at")


def fetches(named: list[tuple[str, Inbound, Account]], real: int) -> list[tuple[Any, ...]]:
    """Chores for messages that came as an edit without text (reference NE0): they are read from Instagram."""
    return [
        (a.user_id, a.id, "message", e["mid"][:200], encode({"ig_id": e["ig_id"], "at": e["at"]}), real, real)
        for _, e, a in named
        if e["kind"] == "edit" and e.get("number") == 0 and e.get("mid")
    ]
