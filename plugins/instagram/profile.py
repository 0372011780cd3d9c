"""Profiles of people, one message, one comment, the account's posts (platform reference 3)."""

from collections.abc import Mapping
from typing import Any

from instaflow import Call, HttpRequest, HttpTransport, Outcome
from plugins.instagram.graph import Edge, ask, get, outcome, text

PROFILE = "name,username,profile_pic,follower_count,is_user_follow_business,is_business_follow_user,is_verified_user"
MESSAGE = "id,created_time,from,to,message,attachments,story,reply_to"
COMMENT = "id,text,username,timestamp,parent_id,media{id}"
MEDIA = "id,caption,media_type,media_product_type,media_url,thumbnail_url,permalink,timestamp"
PAGE = 100


def _node(call: Call, fields: str, timeout: float = 10.0) -> HttpRequest | Outcome:
    found = call.to.get("id") or call.body.get("id") or ""
    if not isinstance(found, str) or not found or any(c in found for c in "/?#& \r\n"):
        return Outcome("failed", code="no_id", message="there is no id to read")
    return get(call.account, "/" + found, timeout, fields=fields)


def _profile(call: Call) -> HttpRequest | Outcome:
    return _node(call, PROFILE, float(call.body.get("timeout") or 10.0))


def _person(call: Call, data: Mapping[str, Any]) -> Outcome:
    """There is no first and last name at Instagram: the name is split at its first space (may be empty)."""
    name = text(data.get("name")).strip()
    first, _, last = name.partition(" ")
    followers = data.get("follower_count")
    return Outcome(
        "sent",
        data={
            "name": name,
            "firstName": first,
            "lastName": last.strip(),
            "username": text(data.get("username")),
            "profilePictureUrl": text(data.get("profile_pic")) or None,
            "followerCount": followers if isinstance(followers, int) else None,
            "isFollower": _truth(data.get("is_user_follow_business")),
            "isFollowed": _truth(data.get("is_business_follow_user")),
            "isVerified": _truth(data.get("is_verified_user")),
        },
    )


def _truth(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _message(call: Call) -> HttpRequest | Outcome:
    return _node(call, MESSAGE)


def _comment(call: Call) -> HttpRequest | Outcome:
    return _node(call, COMMENT)


def _as_is(call: Call, data: Mapping[str, Any]) -> Outcome:
    return Outcome("sent", data=dict(data))


class Posts:
    """``account.media`` with ``body`` {"max"?: n (25), "after"?: cursor} → {"items": [{id, caption, type, productType, permalink,
    mediaUrl, thumbnailUrl, timestamp}], "after": cursor or None}, newest first."""

    kind = "account.media"
    transport = "graph"

    def perform(self, call: Call, http: HttpTransport) -> Outcome:
        """As many pages as ``max`` needs."""
        wanted = max(int(call.body.get("max") or 25), 1)
        after = str(call.body.get("after") or "")
        items: list[dict[str, Any]] = []
        while True:
            query = {
                "fields": MEDIA,
                "limit": str(min(wanted - len(items), PAGE)),
                **({"after": after} if after else {}),
            }
            page = outcome(call, ask(http, get(call.account, "/me/media", **query)), _posts)
            if page.status != "sent":
                return page
            items += page.data["items"]
            after = page.data["after"] or ""
            if not after or not page.data["items"] or len(items) >= wanted:
                return Outcome("sent", usage=page.usage, data={"items": items[:wanted], "after": after or None})


def _posts(call: Call, data: Mapping[str, Any]) -> Outcome:
    paging = data.get("paging")
    cursors = paging.get("cursors") if isinstance(paging, dict) and paging.get("next") else None
    items = [
        {
            "id": text(m.get("id")),
            "caption": text(m.get("caption")),
            "type": text(m.get("media_type")),
            "productType": text(m.get("media_product_type")),
            "permalink": text(m.get("permalink")),
            "mediaUrl": text(m.get("media_url")) or None,
            "thumbnailUrl": text(m.get("thumbnail_url")) or None,
            "timestamp": text(m.get("timestamp")),
        }
        for m in data.get("data") or ()
        if isinstance(m, dict)
    ]
    after = text(cursors.get("after")) if isinstance(cursors, dict) else ""
    return Outcome("sent", data={"items": items, "after": after or None})


HANDLERS = (
    Edge("profile.get", _profile, _person, repeatable=True),
    Edge("message.get", _message, _as_is, repeatable=True),
    Edge("comment.get", _comment, _as_is, repeatable=True),
    Posts(),
)
