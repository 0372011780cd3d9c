"""In the box: the ways a flow can begin, one file each."""

from collections.abc import Sequence

from instaflow import TriggerType, hookimpl


@hookimpl
def instaflow_trigger_types() -> Sequence[TriggerType]:
    """The trigger types in the order of their rank."""
    from plugins.triggers import (
        ad,
        comment_keyword,
        default_reply,
        dm_keyword,
        ice_breaker,
        live_comment,
        menu,
        reaction,
        ref,
        story_mention,
        story_reply,
        welcome_message,
    )

    return [
        ref.Ref(),
        ice_breaker.IceBreaker(),
        menu.Menu(),
        ad.Ad(),
        reaction.Reaction(),
        story_mention.StoryMention(),
        story_reply.StoryReply(),
        dm_keyword.DmKeyword(),
        comment_keyword.CommentKeyword(),
        live_comment.LiveComment(),
        welcome_message.WelcomeMessage(),
        default_reply.DefaultReply(),
    ]
