"""The runtime's own chores: profiles, held echoes, messages that came without their text."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, cast

import orjson

from core.model.inbound import Inbound
from core.runtime import contacts
from core.runtime.chores import Chore, Chores, Desk
from core.runtime.hold import bring_back
from core.runtime.inbox import Account, rows_of
from core.runtime.post import EVENT, EVENT_CONFLICT, encode, post_mailbox
from core.runtime.upkeep import retention
from core.store.driver import Tx
from core.store.ids import new_id

RETRY_MS = 5_000
MORE = ("name", "profilePictureUrl", "followerCount", "isFollower", "isFollowed", "isVerified")
"""What the contact's ``profile`` column keeps of a profile call."""


def profile(desk: Desk, chore: Chore) -> int | None:
    """Fetches a contact's profile; whatever comes of it, events that wait for it go on. Instagram tells nothing of people
    who never wrote (consent): they are not asked about."""
    with desk.db.read() as tx:
        row = tx.one(
            "SELECT instagram_user_id, instagram_account_id, consent FROM contact WHERE contact_id = ?", (chore.key,)
        )
    if row is None or row[0] is None or not row[2]:
        return None
    outcome = desk.perform(row[1], "profile.get", {}, {"id": row[0]})
    found = outcome.data if outcome is not None and outcome.status == "sent" else None
    with desk.db.write() as tx:
        tx.run(
            "UPDATE mailbox SET ready_at = 0 WHERE contact_id = ?", (chore.key,)
        )  # before the contact, as drains lock
        fresh = _locked(tx, desk.db.kind, chore.key)
        if isinstance(found, Mapping) and fresh is not None:
            old = orjson.loads(fresh[0])
            _store_profile(tx, chore.key, _unless_set(found, old, fresh[1], fresh[2]), old, desk.clock.now())
    if outcome is not None and outcome.status in ("retry", "throttled", "unknown") and chore.attempts < 3:
        raise OSError(outcome.message or outcome.status)
    return None


def _locked(tx: Tx, kind: str, contact_id: str) -> tuple[Any, ...] | None:
    """Profile and names as they are after the call: a flow or a person may have changed them while it was under way."""
    lock = "" if kind == "sqlite" else " FOR NO KEY UPDATE"
    return tx.one(f"SELECT profile, first_name, last_name FROM contact WHERE contact_id = ?{lock}", (contact_id,))


def _unless_set(
    found: Mapping[str, Any], old: Mapping[str, Any], first: str | None, last: str | None
) -> dict[str, Any]:
    """What was found, without a name that a flow or a person has set: one that the profile before did not tell."""
    told = str(old.get("name") or "").strip().partition(" ")
    return {
        **found,
        "firstName": found.get("firstName") if first in (None, told[0]) else first,
        "lastName": found.get("lastName") if last in (None, told[2].strip()) else last,
    }


def _store_profile(tx: Tx, contact_id: str, found: Mapping[str, Any], old: Mapping[str, Any], now: int) -> None:
    more = {**old, **{name: found[name] for name in MORE if found.get(name) is not None}}
    tx.run(
        "UPDATE contact SET instagram_username = COALESCE(?, instagram_username), first_name = COALESCE(?, first_name),"
        " last_name = COALESCE(?, last_name), profile_picture_url = COALESCE(?, profile_picture_url), profile = ?,"
        " profile_at = ?, updated_at = ? WHERE contact_id = ?",
        (
            *(_short(found, name) for name in ("username", "firstName", "lastName")),
            found.get("profilePictureUrl"),
            encode(more),
            now,
            now,
            contact_id,
        ),
    )


def _short(found: Mapping[str, Any], name: str) -> str | None:
    return str(found.get(name) or "")[:100] or None


def echo(desk: Desk, chore: Chore) -> int | None:
    """An echo that was held while a send was under way is looked at again."""
    with desk.db.write() as tx:
        bring_back(tx, chore, desk.clock.now(), prio=2)
    return None


def message(desk: Desk, chore: Chore) -> int | None:
    """A message that came without text and sender (reference NE0) is read from Instagram and taken in as usual."""
    account_id = cast(str, chore.account_id)
    outcome = desk.perform(account_id, "message.get", {"id": chore.key}, {})
    if outcome is None or outcome.status == "failed":
        return None
    if outcome.status != "sent" or not isinstance(outcome.data, Mapping):
        raise OSError(outcome.message or outcome.status)
    data = outcome.data
    sender = str((data.get("from") or {}).get("id") or "")
    event: dict[str, Any] = {
        "kind": "message",
        "ig_id": chore.args["ig_id"],
        "contact": sender or None,
        "at": chore.args["at"],
        "key": f"fetched:{chore.key}",
        "mid": chore.key,
        "text": str(data.get("message") or ""),
    }
    if sender and sender != event["ig_id"]:
        _take_in(desk, chore, cast(Inbound, event))
    return None


def _take_in(desk: Desk, chore: Chore, event: Inbound) -> None:
    account = Account(cast(str, chore.account_id), cast(str, chore.user_id), 0.0)
    key = (account.id, cast(str, event["contact"]))
    now = desk.clock.now()
    with desk.db.write() as tx:
        found = contacts.find(tx, [key])
        found = found or contacts.make(tx, {key: account.user_id}, now)
        post_mailbox(tx, {found[key]: account.id}, now)
        rows, _ = rows_of([(new_id(), event, account)], found, now)
        tx.insert("inbound_event", EVENT, rows, EVENT_CONFLICT)


KINDS: Chores = MappingProxyType({"profile": profile, "echo": echo, "message": message, "retention": retention})
"""Others add theirs: ``{**KINDS, **more}`` goes to the ChoreRunner."""
