"""An account's newest posts: for the picker, and to find the post that a trigger's link names (decision 12)."""

from datetime import datetime
from typing import Any

from core.model.errors import ServiceError
from core.model.ports import AccountView
from core.services import graph, scope
from core.services.actor import Actor
from core.services.house import House

MOST = 500


def posts(house: House, who: Actor, account_id: str, limit: int, after: str | None) -> dict[str, Any]:
    """One page of the newest posts: {posts: [{media_id, caption, type, permalink, thumbnail_url, timestamp}], next}."""
    with house.store.read() as tx:
        row = scope.an_account(tx, who, account_id)
    if not row["access_token"]:
        raise ServiceError(409, "account_not_connected", "The account is not connected; reconnect it first")
    args: dict[str, Any] = {"max": limit, **({"after": after} if after else {})}
    data = graph.demand(graph.call(house, "account.media", graph.view(house, row), args), "the list of posts")
    return {"posts": [_post(m) for m in data.get("items") or ()], "next": data.get("after")}


def find(house: House, view: AccountView, permalink: str) -> tuple[str, str | None]:
    """Looks for a link among the newest 500 posts: ("found", media id), ("missing", None) when all posts were seen, or
    ("pending", None) when Instagram did not answer or has more posts than that."""
    outcome = graph.call(house, "account.media", view, {"max": MOST})
    if outcome.status != "sent" or not isinstance(outcome.data, dict):
        return "pending", None
    wanted = shortcode(permalink)
    for media in outcome.data.get("items") or ():
        if shortcode(str(media.get("permalink") or "")) == wanted:
            return "found", str(media["id"])
    return ("pending" if outcome.data.get("after") else "missing"), None


def newest(house: House, view: AccountView) -> set[str] | None:
    """The media ids of the newest 100 posts; None when Instagram does not answer."""
    outcome = graph.call(house, "account.media", view, {"max": 100})
    if outcome.status != "sent" or not isinstance(outcome.data, dict):
        return None
    return {str(m["id"]) for m in outcome.data.get("items") or ()}


def first_after(house: House, view: AccountView, since: int) -> str | None:
    """The media id of the oldest among the newest 100 posts that were published after ``since`` (milliseconds)."""
    outcome = graph.call(house, "account.media", view, {"max": 100})
    if outcome.status != "sent" or not isinstance(outcome.data, dict):
        return None
    items = outcome.data.get("items") or ()
    newer = [(at, str(m["id"])) for m in items if (at := published(m)) is not None and at > since]
    return min(newer)[1] if newer else None


def published(media: dict[str, Any]) -> int | None:
    """When a post was published, in milliseconds.

    >>> published({"timestamp": "2026-01-01T00:00:01+0000"}), published({"timestamp": "soon"})
    (1767225601000, None)
    """
    try:
        return int(datetime.fromisoformat(str(media.get("timestamp"))).timestamp() * 1000)
    except ValueError:
        return None


def shortcode(permalink: str) -> str:
    """What names a post in its link, whichever of its forms.

    >>> shortcode("https://www.instagram.com/reel/ABC_1/?igsh=x"), shortcode("https://instagram.com/p/ABC_1")
    ('ABC_1', 'ABC_1')
    """
    path = permalink.split("?")[0].split("#")[0].rstrip("/")
    return path.rpartition("/")[2]


def _post(media: dict[str, Any]) -> dict[str, Any]:
    return {
        "media_id": str(media.get("id") or ""),
        "caption": str(media.get("caption") or ""),
        "type": str(media.get("productType") or media.get("type") or ""),
        "permalink": str(media.get("permalink") or ""),
        "thumbnail_url": media.get("thumbnailUrl") or media.get("mediaUrl") or media.get("url"),
        "timestamp": published(media),
    }
