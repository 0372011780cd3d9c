"""Instagram accounts: connecting, reading, settings, disconnecting (LLD 4.2, decisions 5 and 6)."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update
from sqlalchemy.exc import IntegrityError

from core.model.errors import ServiceError
from core.services import account_settings, audit, chore_rows, claims, graph, plans, scope
from core.services.actor import Actor
from core.services.house import House
from core.services.paging import Page, Part, part
from core.store.ids import new_id
from core.store.tables.accounts import account, lane

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Connected:
    """What is known of an account that is being connected. ``proven`` = Instagram itself named the id with this token."""

    ig_id: str
    username: str
    token: str
    expires_at: int | None = None
    page_id: str | None = None
    login: str = "instagram"
    app_scoped_id: str | None = None
    scopes: tuple[str, ...] = ()
    proven: bool = False


def connect(house: House, who: Actor, new: Connected) -> RowMapping:
    """Stores the connection; name, ids and webhooks follow as a chore. The same owner comes back to the same row.

    Raises ServiceError 409 account_taken when another workspace holds the id and this one is not proven, or both are.
    """
    if not new.proven and _held_by_another(house, who, new.ig_id):
        new = _prove(house, new)
    try:
        row = _store(house, who, new)
    except IntegrityError:
        row = _store(house, who, new)  # somebody connected the same account meanwhile: now it is there
    log.info("an account was connected", extra={"account": row["instagram_account_id"], "login": new.login})
    house.wake_chore()
    return row


def _store(house: House, who: Actor, new: Connected) -> RowMapping:
    now = house.clock.real()
    with house.store.write() as tx:
        held = claims.holder(tx, new.ig_id)
        if held is not None and held["user_id"] != who.user_id:
            if not new.proven or held["claim"] == "proven":
                raise ServiceError(409, "account_taken", "Another workspace holds this Instagram account")
            claims.lose(tx, held, now)
        old = claims.own(tx, who.user_id, new.ig_id)
        account_id = old["instagram_account_id"] if old else _insert(house, tx, who, new, now)
        _update(house, tx, account_id, new, old, now)
        chore_rows.add(tx, "account.connect", f"{account_id}:{now}", now, who.user_id, account_id)
        audit.record(tx, now, "account.connect", f"account:{account_id}", actor=who.user_id, account=account_id)
        return scope.an_account(tx, who, account_id)


def _held_by_another(house: House, who: Actor, ig_id: str) -> bool:
    with house.store.read() as tx:
        held = claims.holder(tx, ig_id)
    return held is not None and held["user_id"] != who.user_id


def _prove(house: House, new: Connected) -> Connected:
    """Asks Instagram whose token it is, at once: somebody else holds the id already."""
    outcome = graph.call(house, "account.me", graph.nobody(new.login, new.token, new.page_id, new.ig_id))
    data = outcome.data if outcome.status == "sent" and isinstance(outcome.data, dict) else {}
    return replace(new, proven=str(data.get("igId") or "") == new.ig_id)


def _insert(house: House, tx: Connection, who: Actor, new: Connected, now: int) -> str:
    plans.enforce(tx, who.user_id, "max_instagram_accounts", account, (account.c.user_id == who.user_id) & LIVE)
    account_id = new_id()
    tx.execute(
        insert(account).values(
            instagram_account_id=account_id,
            user_id=who.user_id,
            instagram_user_id=new.ig_id,
            created_at=now,
            updated_at=now,
        )
    )
    tx.execute(insert(lane).values(account_id=account_id, user_id=who.user_id))
    return account_id


LIVE = account.c.status != "disconnected"


def _update(house: House, tx: Connection, account_id: str, new: Connected, old: Any, now: int) -> None:
    proven = new.proven or (old is not None and old["claim"] == "proven" and old["status"] != "disconnected")
    values = {
        "login": new.login,
        "instagram_user_id": new.ig_id,
        "instagram_username": new.username or (old["instagram_username"] if old else ""),
        "instagram_page_id": new.page_id or (old["instagram_page_id"] if old else None),
        "app_scoped_id": new.app_scoped_id or (old["app_scoped_id"] if old else None),
        "access_token": graph.sealed(house, new.token, account_id),
        "token_issued_at": now,
        "token_expires_at": new.expires_at,
        "scopes": list(new.scopes),
        "status": "connected",
        "status_reason": None,
        "claim": "proven" if proven else "provisional",
        "triggers_version": account.c.triggers_version + 1,
        "updated_at": now,
    }
    tx.execute(update(account).where(account.c.instagram_account_id == account_id).values(**values))
    open_again = {"paused_until": 0, "pause_reason": None, "failures": 0, "probing": 0}
    tx.execute(update(lane).where(lane.c.account_id == account_id).values(**open_again))


def listed(house: House, who: Actor, page: Page, status: str | None = None) -> Part:
    """One's accounts, the oldest first; those that were disconnected only when asked for by status."""
    wanted = account.c.status == status if status else LIVE
    rows = select(account).where(account.c.user_id == who.user_id, wanted).order_by(account.c.created_at)
    with house.store.read() as tx:
        return part(tx, rows, page)


def read(house: House, who: Actor, account_id: str) -> RowMapping:
    """One account."""
    with house.store.read() as tx:
        return scope.an_account(tx, who, account_id)


def change(house: House, who: Actor, account_id: str, settings: Mapping[str, Any]) -> RowMapping:
    """Changes settings of an account; None takes one back to its default. Raises ServiceError 400 by setting."""
    now = house.clock.real()
    with house.store.write() as tx:
        row = scope.an_account(tx, who, account_id, lock=True)
        merged = account_settings.merged(row["settings"], settings)
        this = account.c.instagram_account_id == account_id
        values = {"settings": merged, "triggers_version": account.c.triggers_version + 1, "updated_at": now}
        tx.execute(update(account).where(this).values(**values))
        data = {"settings": sorted(settings)}
        audit.record(
            tx, now, "account.settings", f"account:{account_id}", actor=who.user_id, tenant=row["user_id"], data=data
        )
        return scope.an_account(tx, who, account_id)


def disconnect(house: House, who: Actor, account_id: str) -> None:
    """Unsubscribes (as well as can be), wipes the token, keeps the rows: nothing is sent or run any more."""
    now = house.clock.real()
    row = read(house, who, account_id)
    if row["access_token"]:
        graph.call(house, "account.unsubscribe", graph.view(house, row))
    with house.store.write() as tx:
        this = account.c.instagram_account_id == account_id
        values: dict[str, Any] = {
            "status": "disconnected",
            "status_reason": None,
            "access_token": None,
            "claim": "provisional",
            "subscribed_fields": [],
            "triggers_version": account.c.triggers_version + 1,
            "updated_at": now,
        }
        tx.execute(update(account).where(this).values(**values))
        chore_rows.drop(tx, account_id)
        audit.record(tx, now, "account.disconnect", f"account:{account_id}", actor=who.user_id, tenant=row["user_id"])
    log.info("an account was disconnected", extra={"account": account_id})
    house.wake_dispatch()
