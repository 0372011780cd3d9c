"""The trigger type story_reply."""

from instaflow import Inbound, TriggerRow
from instaflow.fields import Text
from plugins.triggers._keywords import KeywordSchema


class StoryReply(KeywordSchema):
    """Somebody answers a story: any, one story, or one with a certain link sticker; with or without keyword."""

    name = "story_reply"
    title = "Reply to a story"
    rank = 20
    kinds = frozenset({"message"})

    storyId = Text(64, title="Id of the story")
    linkStickerUrl = Text(2000, title="Part of the link sticker's address")

    def refuse(self, trigger: TriggerRow, event: Inbound, first_contact: bool) -> str | None:
        """Only replies to its story."""
        story = event.get("reply_to", {}).get("story")
        if story is None:
            return "it is no reply to a story"
        wanted = trigger.options.get("storyId")
        if wanted and story.get("id") != wanted:
            return "it answers another story"
        link = trigger.options.get("linkStickerUrl")
        if link and link not in story.get("link_sticker_url", ""):
            return "the story has no such link sticker"
        return None
