"""The chores of the use cases, for the runtime's ChoreRunner: ``{**core.runtime.chore_kinds.KINDS, **kinds(house)}``."""

from collections.abc import Callable, Mapping
from functools import partial

from core.runtime.chores import Chore, Desk
from core.services import account_setup, account_tokens, flow_media, trigger_comments, trigger_posts
from core.services.house import House

Work = Callable[[House, Chore], int | None]
"""Answers None when the chore is done, else the milliseconds after which to try again."""

CHORES: Mapping[str, Work] = {
    "account.connect": account_setup.finish,
    "account.refresh": account_tokens.refresh_chore,
    flow_media.HAND: flow_media.hand,
    "trigger.comment": trigger_comments.comment_chore,
    "trigger.post": trigger_posts.resolve_chore,
}


def kinds(house: House) -> dict[str, Callable[[Desk, Chore], int | None]]:
    """The chores as the runner calls them."""

    def bound(work: Work, _desk: Desk, chore: Chore) -> int | None:
        return work(house, chore)

    return {kind: partial(bound, work) for kind, work in CHORES.items()}
