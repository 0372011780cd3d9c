"""Finding the post that a comment trigger's link names (decision 12), at once or later as a chore."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from core.model.errors import ServiceError
from core.runtime.chores import Chore
from core.services import account_posts, flow_publish, graph
from core.services.house import House
from core.store.tables.accounts import account
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


def resolve_chore(house: House, chore: Chore) -> int | None:
    """Chore ``trigger.post``: looks again for the post of a pending trigger, for some hours."""
    with house.store.read() as tx:
        row = tx.execute(select(trigger).where(trigger.c.trigger_id == chore.key)).mappings().first()
        if row is None or row["post_status"] != "pending":
            return None
        of = select(account).where(account.c.instagram_account_id == row["instagram_account_id"])
        owner = tx.execute(of).mappings().one()
    try:
        found = resolved(house, owner, row["post_permalink"])
    except ServiceError:
        return 6 * HOUR_MS
    if found["post_status"] == "pending":
        waited: int = house.clock.real() - row["updated_at"]
        return max(TRY_AGAIN_MS, min(waited, HOUR_MS))
    with house.store.write() as tx:
        same = (trigger.c.trigger_id == row["trigger_id"]) & (trigger.c.post_permalink == row["post_permalink"])
        now = house.clock.real()
        tx.execute(update(trigger).where(same).values(**found, updated_at=now))
        flow_publish.touched(tx, row["instagram_account_id"], now)
    return None
