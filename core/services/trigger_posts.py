"""Finding the post that a comment trigger's link names, or the next one (decision 12), at once or later as a chore."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select, update

from core.model.errors import ServiceError
from core.runtime.chores import Chore
from core.services import account_posts, chore_rows, flow_publish, graph
from core.services.house import House
from core.store.tables.accounts import account
from core.store.tables.system import chore as chores
from core.store.tables.triggers import trigger

TRY_AGAIN_MS, HOUR_MS = 10_000, 3_600_000


def resolved(house: House, account_row: Mapping[Any, Any], permalink: str | None) -> dict[str, Any]:
    """The columns post_status and media_id for a link. Raises ServiceError 400 when the account has no such post.

    Asks Instagram, so it is called outside of a transaction. Pending when it does not answer, the account is not
    connected, or the post is not among the newest 500.
    """
    if not permalink:
        return {"post_status": None, "media_id": None}
    if not account_row["access_token"]:
        return {"post_status": "pending", "media_id": None}
    state, media_id = account_posts.find(house, graph.view(house, account_row), permalink)
    if state == "missing":
        details = {"postPermalink": ["The account has no post with this address."]}
        raise ServiceError(400, "validation_failed", "The post was not found", details)
    return {"post_status": "resolved" if state == "found" else "pending", "media_id": media_id}


def awaits_next(values: Mapping[Any, Any]) -> bool:
    """The trigger is for the next post, which nobody has named."""
    options = values["options"] or {}
    return options.get("scope") == "next" and not options.get("mediaId")


def plan(tx: Connection, row: Mapping[Any, Any], due: int, since: int | None = None) -> None:
    """Puts down that a pending trigger's post is looked for. ``since``: the next post is one newer than this (else than the
    trigger); it is kept when the chore is planned again."""
    if row["post_status"] == "pending":
        args = {"since": since} if since else _known(tx, row)
        chore_rows.add(tx, "trigger.post", row["trigger_id"], due, row["user_id"], row["instagram_account_id"], args)


def _known(tx: Connection, row: Mapping[Any, Any]) -> Mapping[str, Any]:
    same = (chores.c.kind == "trigger.post") & (chores.c.key == row["trigger_id"])
    return tx.execute(select(chores.c.args).where(same)).scalar() or {}


def resolve_chore(house: House, chore: Chore) -> int | None:
    """Chore ``trigger.post``: looks again for the post of a pending trigger, in the end once an hour."""
    with house.store.read() as tx:
        row = tx.execute(select(trigger).where(trigger.c.trigger_id == chore.key)).mappings().first()
    if row is None or row["post_status"] != "pending":
        return None
    try:
        if resolve(house, row):
            return None
    except ServiceError:
        return 6 * HOUR_MS
    waited: int = house.clock.real() - row["updated_at"]
    return max(TRY_AGAIN_MS, min(waited, HOUR_MS))


def resolve(house: House, row: Mapping[Any, Any]) -> bool:
    """Asks Instagram once for a pending trigger's post; True when it is found and written. Raises ServiceError 400 when the
    account has no post with the link."""
    with house.store.read() as tx:
        of = select(account).where(account.c.instagram_account_id == row["instagram_account_id"])
        owner, since = tx.execute(of).mappings().one(), _known(tx, row).get("since") or 0
    if awaits_next(row):
        media_id = _next(house, owner, max(row["created_at"], since))
        found = {"post_status": "resolved", "media_id": media_id} if media_id else {"post_status": "pending"}
    else:
        found = resolved(house, owner, row["post_permalink"])
    if found["post_status"] == "pending":
        return False
    same = (trigger.c.trigger_id == row["trigger_id"]) & (trigger.c.updated_at == row["updated_at"])
    with house.store.write() as tx:
        now = house.clock.real()
        written = tx.execute(update(trigger).where(same).values(**found, updated_at=now)).rowcount == 1
        flow_publish.touched(tx, row["instagram_account_id"], now)
    return written


def _next(house: House, owner: Mapping[Any, Any], since: int) -> str | None:
    """The first post that is newer than that, if there is one."""
    if not owner["access_token"]:
        return None
    return account_posts.first_after(house, graph.view(house, owner), since)
