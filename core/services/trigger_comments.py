"""A comment that a trigger may take whose post is not known yet: the post is looked for, then the comment goes on."""

from typing import Any

from sqlalchemy import select

from core.model.errors import ServiceError
from core.runtime.chores import Chore
from core.runtime.hold import bring_back
from core.services import account_posts, graph, trigger_posts
from core.services.house import House
from core.store.tables.accounts import account
from core.store.tables.triggers import trigger

TRIES = 4
"""A new post is not always listed at once; after so many looks (35 s) the comment goes on."""
SEEN = 10_000
_seen: dict[tuple[str, str], None] = {}
"""Posts that were looked for: they are no pending trigger's, and Instagram is not asked again for each of their comments."""


def comment_chore(house: House, chore: Chore) -> int | None:
    """Chore ``trigger.comment``. Raises OSError, and so comes back, when Instagram does not know the post yet."""
    payload: Any = chore.args["payload"]
    comment = payload.get("comment") or {}
    media = {str(m) for m in (comment.get("media_id"), comment.get("original_media_id")) if m}
    account_id = str(chore.account_id)
    if media and not any((account_id, m) in _seen for m in media):
        clear = _looked_for(house, account_id, media)
        if not clear and chore.attempts < TRIES:
            raise OSError("the post of a comment is not known yet")
        if clear is not None:
            _remember(account_id, media)
    with house.store.db.write() as tx:
        bring_back(tx, chore, house.clock.now())
    return None


def _looked_for(house: House, account_id: str, media: set[str]) -> bool | None:
    """Resolves the account's pending triggers. True = Instagram knows the post, False = not (yet), None = no answer."""
    with house.store.read() as tx:
        wanted = (trigger.c.instagram_account_id == account_id) & (trigger.c.post_status == "pending")
        pending = tx.execute(select(trigger).where(wanted)).mappings().all()
        owner = tx.execute(select(account).where(account.c.instagram_account_id == account_id)).mappings().one()
    if not owner["access_token"]:
        return None
    known = account_posts.newest(house, graph.view(house, owner))
    if known is None:
        return None
    for row in pending:
        _resolve(house, row)
    return bool(media & known)


def _resolve(house: House, row: Any) -> None:
    try:
        trigger_posts.resolve(house, row)
    except ServiceError:
        return  # the account has no post with that link: its own chore looks again


def _remember(account_id: str, media: set[str]) -> None:
    _seen.update({(account_id, m): None for m in media})
    for old in list(_seen)[: max(0, len(_seen) - SEEN)]:
        _seen.pop(old, None)
