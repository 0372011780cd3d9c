"""How an account is: token, permissions, webhooks, last event, sending; each finding with what to do about it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from core.model.ports import Outcome
from core.services import graph, oauth, scope
from core.services.actor import Actor
from core.services.house import House
from core.store.tables.accounts import lane

NEEDED = {
    "instagram": (
        "messages",
        "messaging_postbacks",
        "messaging_seen",
        "messaging_referral",
        "message_reactions",
        "comments",
        "live_comments",
    ),
    "facebook": ("feed",),
}
"""The webhook fields that features depend on (reference 1.7); at Facebook Login the others come from the app's dashboard."""
DAY_MS = 24 * 3600 * 1000
REASONS = {
    "token_invalid": "Instagram no longer accepts the token",
    "not_yours": "another workspace has proven that this account is theirs",
    "wrong_account": "the token belongs to another Instagram account",
}


def health(house: House, who: Actor, account_id: str) -> dict[str, Any]:
    """The findings: [{check, state: ok|warning|error|unknown, message, cure}] and the worst of their states. Asks Instagram."""
    with house.store.read() as tx:
        row = scope.an_account(tx, who, account_id)
        way = tx.execute(select(lane).where(lane.c.account_id == account_id)).mappings().first()
    me = subscriptions = None
    if row["access_token"]:
        view = graph.view(house, row)
        me = graph.call(house, "account.me", view)
        subscriptions = graph.call(house, "account.subscriptions", view)
    now = house.clock.real()
    checks = [
        _token(row, me, now),
        _permissions(row),
        _webhooks(row, subscriptions),
        _last_event(row, house.clock.now()),
        _sending(row, me, way, now),
    ]
    worst = next(s for s in ("error", "warning", "unknown", "ok") if any(c["state"] == s for c in checks))
    return {"instagram_account_id": account_id, "status": row["status"], "state": worst, "checks": checks}


def _finding(check: str, state: str, message: str, cure: str = "") -> dict[str, Any]:
    return {"check": check, "state": state, "message": message, "cure": cure}


def _token(row: Mapping[Any, Any], me: Outcome | None, now: int) -> dict[str, Any]:
    reconnect = "Connect the account again"
    if me is None:
        return _finding("token", "error", "The account is disconnected", reconnect)
    if row["status"] == "error":
        return _finding(
            "token", "error", REASONS.get(row["status_reason"] or "", "The account cannot be used"), reconnect
        )
    if me.status == "account":
        return _finding("token", "error", REASONS["token_invalid"], reconnect)
    left = None if row["token_expires_at"] is None else (row["token_expires_at"] - now) // DAY_MS
    if left is not None and left < 0:
        return _finding("token", "error", "The token has expired", reconnect)
    if me.status != "sent":
        return _finding(
            "token", "unknown", f"Instagram did not answer ({me.code or me.status})", "Look again in a minute"
        )
    if left is not None and left < 10:
        return _finding("token", "warning", f"The token expires in {left} days", "Renew it: POST …/refresh-token")
    return _finding("token", "ok", "Instagram accepts the token" + (f"; {left} days left" if left is not None else ""))


def _permissions(row: Mapping[Any, Any]) -> dict[str, Any]:
    if not row["scopes"]:
        cure = "Sign in at Instagram by the connect button to see them here"
        return _finding("permissions", "unknown", "It is not known which permissions the token has", cure)
    needed = oauth.SCOPES[row["login"]][:3]
    missing = [s for s in needed if s not in row["scopes"]]
    if missing:
        cure = "Connect again and allow all that is asked"
        return _finding("permissions", "error", f"Missing: {', '.join(missing)}", cure)
    return _finding("permissions", "ok", "All that is needed")


def _webhooks(row: Mapping[Any, Any], answer: Outcome | None) -> dict[str, Any]:
    told = answer.data if answer is not None and answer.status == "sent" else None
    fields = (told or {}).get("fields") if told is not None else row["subscribed_fields"]
    missing = [f for f in NEEDED[row["login"]] if f not in (fields or ())]
    cure = "Connect again; in the Meta app, subscribe the fields and set the app live"
    if missing and missing[0] == NEEDED[row["login"]][0]:
        return _finding("webhooks", "error", "Messages are not subscribed: nothing comes in", cure)
    if missing:
        return _finding("webhooks", "warning", f"Not subscribed: {', '.join(missing)}", cure)
    return _finding("webhooks", "ok", "All fields are subscribed")


def _last_event(row: Mapping[Any, Any], now: int) -> dict[str, Any]:
    at = row["last_event_at"]
    if at is None:
        cure = "Send the account a message; look at the webhook address and the app secret (instaflow doctor)"
        return _finding("lastEvent", "warning", "Nothing has come in yet", cure)
    hours = max(0, now - at) // 3_600_000
    return _finding(
        "lastEvent", "ok", "An event came within the last hour" if hours < 1 else f"Last event {hours} h ago"
    )


def _sending(row: Mapping[Any, Any], me: Outcome | None, way: Mapping[Any, Any] | None, now: int) -> dict[str, Any]:
    if row["status"] != "connected" or me is None or me.status == "account":
        return _finding("sending", "error", "Nothing leaves: the account cannot be used", "Connect the account again")
    if way is not None and way["paused_until"] > now:
        reason = way["pause_reason"] or "Instagram asked for a pause"
        cure = "It goes on by itself" if way["paused_until"] < now + DAY_MS else "Connect the account again"
        return _finding("sending", "warning", f"Sending is paused: {reason}", cure)
    return _finding("sending", "ok", "Messages leave")
