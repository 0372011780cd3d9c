"""The trigger type live_comment."""

from plugins.triggers._keywords import KeywordSchema


class LiveComment(KeywordSchema):
    """Somebody comments on a live video; the answer must leave while the broadcast runs."""

    name = "live_comment"
    title = "Comment on a live video"
    rank = 30
    kinds = frozenset({"live_comment"})
