"""The trigger type comment_keyword."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, validates_schema

from instaflow import Inbound, TriggerRow
from instaflow.fields import Choice, Text
from plugins.triggers._keywords import KeywordSchema

SCOPES = ("post", "all", "next")


class CommentKeyword(KeywordSchema):
    """Somebody comments on a post, on any post, or on the next post; without keyword, whatever the comment says.

    ``scope`` "next" takes the first post that is published after the trigger was made: ``mediaId`` is filled in when it
    is known. A boosted post has another media id, which is why the original one counts too.
    """

    name = "comment_keyword"
    title = "Comment on a post"
    rank = 30
    kinds = frozenset({"comment"})

    scope = Choice(*SCOPES, title="On which posts", default="all")
    postPermalink = Text(2000, title="Address of the post")
    mediaId = Text(64, title="Id of the post")

    @validates_schema(skip_on_field_errors=True)
    def _scope(self, data: Mapping[str, Any], **_more: Any) -> None:
        named = data.get("postPermalink") or data.get("mediaId")
        if data.get("scope") == "post" and not named:
            raise ValidationError("is missing: which post?", "postPermalink")
        if data.get("scope") in ("all", "next") and data.get("postPermalink"):
            raise ValidationError(f"'{data['scope']}' and an address of one post contradict each other", "scope")

    def refuse(self, trigger: TriggerRow, event: Inbound, first_contact: bool) -> str | None:
        """Only comments on its post."""
        options, comment = trigger.options, event.get("comment", {})
        media_id = options.get("mediaId")
        if media_id:
            here = (comment.get("media_id"), comment.get("original_media_id"))
            return None if media_id in here else "the comment is on another post"
        if options.get("scope") == "next":
            return "the next post is not known yet"
        return "its post is not found yet" if options.get("scope") == "post" else None
