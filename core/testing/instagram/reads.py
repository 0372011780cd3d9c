"""Reading edges: conversations and their messages, one message, media and their pages (reference 3.2, 3.4)."""

import urllib.parse
from typing import Any

from core.testing.instagram import fields
from core.testing.instagram.call import Call
from core.testing.instagram.clock import iso
from core.testing.instagram.errors import GraphError
from core.testing.instagram.payloads import refuse
from core.testing.instagram.sends import travelling
from core.testing.instagram.world import Account, Media, Message, Thread

DETAILED = 20
"""Details are there for the newest so many messages of a thread; older ones read as deleted."""


def conversations(call: Call) -> dict[str, Any]:
    """``GET …/conversations``: newest first; ``user_id`` finds one person's; 2 calls a second."""
    stage, account = call.stage, call.account
    stage.rates.take(account.ig_id, "conversations", stage.clock.now())
    if call.login == "fb" and call.text("platform").lower() != "instagram":
        raise refuse("Param platform must be instagram")
    account.needs_query = False
    one = stage.world.thread_of(call.text("user_id"))
    every = ([one] if one else []) if call.text("user_id") else list(stage.world.threads.values())
    found = [t for t in every if t.ig_id == account.ig_id and t.messages]
    found.sort(key=lambda t: t.messages[-1].at, reverse=True)
    return _paged(call, [_conversation(call, t, call.text("fields")) for t in found])


def conversation(call: Call, thread: Thread) -> dict[str, Any]:
    """``GET /<conversation>``; also takes from the 2 calls a second."""
    call.stage.rates.take(thread.ig_id, "conversations", call.stage.clock.now())
    return _conversation(call, thread, call.text("fields"))


def messages(call: Call, thread: Thread) -> dict[str, Any]:
    """``GET /<conversation>/messages``."""
    call.stage.rates.take(thread.ig_id, "conversations", call.stage.clock.now())
    shown = [_listed(call, thread, m, call.text("fields")) for m in reversed(thread.messages)]
    return _paged(call, shown)


def _conversation(call: Call, thread: Thread, wanted: str) -> dict[str, Any]:
    tree = fields.parse(wanted or "id,updated_time")
    updated = thread.messages[-1].at if thread.messages else 0
    out: dict[str, Any] = {"id": thread.id}
    if "updated_time" in tree:
        out["updated_time"] = iso(updated)
    if "participants" in tree:
        out["participants"] = {"data": [_us(call), _them(call, thread)]}
    if "messages" in tree:
        inner = ",".join(tree["messages"])
        out["messages"] = {"data": [_listed(call, thread, m, inner) for m in reversed(thread.messages[-25:])]}
    return out


def _listed(call: Call, thread: Thread, message: Message, wanted: str) -> dict[str, Any]:
    if message not in thread.messages[-DETAILED:]:
        return {"id": message.mid, "created_time": iso(message.at)}
    return fields.pick(_details(call, thread, message), wanted, "id,created_time")


def message(call: Call, thread: Thread, found: Message) -> dict[str, Any]:
    """``GET /<mid>``: error 9000001 for a deleted one and for one that is no longer among the newest 20."""
    if found.state == "deleted" or found not in thread.messages[-DETAILED:]:
        raise GraphError(9000001)
    return fields.pick(_details(call, thread, found), call.text("fields"), "id,created_time")


def _us(call: Call) -> dict[str, str]:
    return {"username": call.account.username, "id": call.account.ig_id}


def _them(call: Call, thread: Thread) -> dict[str, str]:
    return {"username": thread.username, "id": call.stage.igsid(thread)}


def _details(call: Call, thread: Thread, found: Message) -> dict[str, Any]:
    us, them = _us(call), _them(call, thread)
    sender, receiver = (them, us) if found.by == "person" else (us, them)
    body = travelling(found.body)
    story = (found.body.get("reply_to") or {}).get("story")
    mention = next((a for a in found.body.get("attachments", ()) if a["type"] == "story_mention"), None)
    return {
        "id": found.mid,
        "created_time": iso(found.at),
        "from": sender,
        "to": {"data": [receiver]},
        "message": body.get("text", "") if found.state == "ok" else "",
        "attachments": {"data": body["attachments"]} if body.get("attachments") else None,
        "shares": None,
        "story": {"reply_to": story}
        if story
        else {"mention": {"link": mention["payload"]["url"]}}
        if mention
        else None,
        "reactions": {"data": [{"reaction": found.reaction}]} if found.reaction else None,
        "is_unsupported": True if found.body.get("is_unsupported") else None,
    }


def _paged(call: Call, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """One page of ``limit`` rows after the cursor ``after``."""
    limit = call.text("limit", "25")
    if not limit.isdigit() or not 1 <= int(limit) <= 100:
        raise refuse("Param limit must be a number from 1 to 100")
    after = call.text("after")
    start = int(after[3:]) if after[:3] == "QVF" and after[3:].isdigit() else 0
    page = rows[start : start + int(limit)]
    out: dict[str, Any] = {"data": page}
    if start + len(page) < len(rows):
        cursor = f"QVF{start + len(page)}"
        query = urllib.parse.urlencode(
            {**{k: v for k, v in call.request.query.items() if k != "after"}, "after": cursor}
        )
        host = call.request.headers.get("host", "127.0.0.1")
        out["paging"] = {"cursors": {"after": cursor}, "next": f"http://{host}{call.request.path}?{query}"}
    elif page:
        out["paging"] = {"cursors": {"after": f"QVF{len(rows)}"}}
    return out


def media_list(call: Call, account: Account) -> dict[str, Any]:
    """``GET …/media``: posts and reels, newest first."""
    found = [m for m in call.stage.world.media.values() if m.ig_id == account.ig_id and m.product in ("FEED", "REELS")]
    found.sort(key=lambda m: (m.at, m.id), reverse=True)
    return _paged(call, [_media(call, m) for m in found])


def media(call: Call, found: Media) -> dict[str, Any]:
    """``GET /<media>``; POST ``comment_enabled`` switches comments on and off."""
    if call.method == "POST":
        found.comments_enabled = call.text("comment_enabled").lower() == "true"
        return {"success": True}
    return _media(call, found)


def _media(call: Call, m: Media) -> dict[str, Any]:
    data = {
        "id": m.id,
        "caption": m.caption or None,
        "media_type": m.media_type,
        "media_product_type": m.product,
        "media_url": f"https://scontent.cdninstagram.com/v/{m.id}.jpg",
        "thumbnail_url": f"https://scontent.cdninstagram.com/v/{m.id}_t.jpg" if m.media_type == "VIDEO" else None,
        "permalink": m.permalink,
        "timestamp": iso(m.at),
        "username": call.account.username,
        "like_count": 0,
        "comments_count": sum(c.media_id == m.id for c in call.stage.world.comments.values()),
    }
    return fields.pick(data, call.text("fields"), "id")
