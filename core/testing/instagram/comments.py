"""Comment edges: list, read, public reply, hide, delete (reference 2.4), and the webhook that each comment causes."""

from typing import Any

from core.testing.instagram import fields, wire
from core.testing.instagram.call import Call
from core.testing.instagram.clock import iso
from core.testing.instagram.payloads import refuse
from core.testing.instagram.stage import Sent, Stage
from core.testing.instagram.world import Account, Comment, Media


def add(stage: Stage, account: Account, media: Media, username: str, text: str, parent: str = "") -> Comment:
    """A comment by a person, or by the account itself when ``username`` is empty; Instagram tells of both."""
    comment = Comment(stage.ids.comment(), media.id, username, text, stage.clock.now(), parent)
    stage.world.comments[comment.id] = comment
    igsid = account.ig_id
    if username:
        igsid = stage.igsid(stage.thread(account, username))
    name = "live_comments" if media.product == "LIVE" else "comments"
    item = {"field": name, "value": _value(stage, account, media, comment, igsid)}
    stage.notify(account.ig_id, name, "comment", item, "comment:" + comment.id, igsid, form=wire.CHANGES)
    stage.touch()
    return comment


def _value(stage: Stage, account: Account, media: Media, comment: Comment, igsid: str) -> dict[str, Any]:
    sender: dict[str, Any] = {"id": igsid, "username": comment.username or account.username}
    if not comment.username:
        sender["self_ig_scoped_id"] = account.self_igsid
    elif stage.faults.comments_without_id:
        sender.pop("id")
    about: dict[str, Any] = {"id": media.id, "media_product_type": media.product}
    if media.original_media_id:
        about |= {"ad_id": media.ad_id, "ad_title": media.ad_title, "original_media_id": media.original_media_id}
    value = {"from": sender, "media": about, "comment_id" if stage.faults.comment_id_key else "id": comment.id}
    if comment.text:
        value["text"] = comment.text
    if comment.parent_id:
        value["parent_id"] = comment.parent_id
    return value


def listed(call: Call, found: list[Comment]) -> dict[str, Any]:
    """Comments or replies as the Graph API lists them."""
    return {"data": [_shown(call, c) for c in found]}


def of_media(call: Call, media: Media) -> dict[str, Any]:
    """``GET /<media>/comments``: top-level ones."""
    every = call.stage.world.comments.values()
    return listed(call, [c for c in every if c.media_id == media.id and not c.parent_id])


def node(call: Call, comment: Comment) -> dict[str, Any]:
    """GET reads, ``POST ?hide=`` hides or shows, DELETE removes."""
    if call.method == "DELETE":
        del call.stage.world.comments[comment.id]
        return {"success": True}
    if call.method == "POST":
        hide = call.text("hide").lower()
        if hide not in ("true", "false"):
            raise refuse("Param hide must be true or false")
        comment.hidden = hide == "true"
        return {"success": True}
    return _shown(call, comment)


def replies(call: Call, comment: Comment) -> dict[str, Any]:
    """GET lists the replies; POST answers in public: not on a live video, not on a hidden comment, always at the top."""
    world = call.stage.world
    if call.method == "GET":
        return listed(call, [c for c in world.comments.values() if c.parent_id == comment.id])
    media, text = world.media[comment.media_id], call.text("message")
    if not text.strip():
        raise refuse("Param message is required")
    if media.product == "LIVE" or comment.hidden or not media.comments_enabled:
        raise refuse("This comment cannot be replied to")
    if len(text) > 2200:
        raise refuse("Param message has at most 2200 characters")
    made = add(call.stage, call.account, media, "", text, comment.parent_id or comment.id)
    author = call.stage.world.threads.get(f"{call.account.ig_id}:{comment.username}")
    igsid = call.stage.igsid(author) if author else call.account.ig_id
    sent = Sent(
        0, 0, 0, call.account.ig_id, igsid, comment.username, made.id, {"text": text}, comment.id, kind="comment_reply"
    )
    call.stage.record_sent(sent)
    return {"id": made.id}


def _shown(call: Call, c: Comment) -> dict[str, Any]:
    username = c.username or call.account.username
    thread = call.stage.world.threads.get(f"{call.account.ig_id}:{c.username}")
    data = {
        "id": c.id,
        "text": c.text or None,
        "timestamp": iso(c.at),
        "username": username,
        "from": {"id": call.stage.igsid(thread) if thread else call.account.ig_id, "username": username},
        "hidden": c.hidden,
        "like_count": 0,
        "parent_id": c.parent_id or None,
        "media": {"id": c.media_id, "media_product_type": call.stage.world.media[c.media_id].product},
        "replies": None,
    }
    return fields.pick(data, call.text("fields"), "id,timestamp,text")
