"""Bodies and answers of the inbox."""

import re
from urllib.parse import urlsplit

import marshmallow as ma
from marshmallow import fields

from core.store.tables.conversations import CONVERSATION_STATUS, MESSAGE_STATUS, MESSAGE_TYPE
from flask_api.fields import Dictionary, Instant, PageQuery, Schema, identifier, one_of, string


class ConversationSchema(Schema):
    """A conversation (LLD 3.7) with its last message."""

    conversation_id = identifier(required=True)
    instagram_account_id = identifier(required=True)
    contact_id = identifier(required=True)
    instagram_username = fields.String(required=True, allow_none=True)
    first_name = fields.String(allow_none=True)
    last_name = fields.String(allow_none=True)
    profile_picture_url = fields.String(allow_none=True)
    status = fields.String(required=True, metadata={"enum": list(CONVERSATION_STATUS)})
    owner = fields.String(required=True, metadata={"enum": ["automation", "human"]})
    assigned_agent_id = identifier(required=True, allow_none=True)
    last_message_id = identifier(required=True, allow_none=True)
    last_message_content = fields.String(required=True, allow_none=True)
    last_message_timestamp = Instant(required=True, allow_none=True)
    last_direction = fields.String(data_key="last_message_direction", allow_none=True)
    unread = fields.Integer(required=True)
    started_at = Instant(required=True)
    closed_at = Instant(required=True, allow_none=True)
    created_at = Instant(required=True)
    updated_at = Instant(required=True)


class ConversationsSchema(Schema):
    """One page of conversations."""

    conversations = fields.List(fields.Nested(ConversationSchema), required=True)
    total = fields.Integer(required=True)


class ConversationsQuery(PageQuery):
    """Which conversations."""

    status = one_of(*CONVERSATION_STATUS)


class MessageSchema(Schema):
    """A message of the log (LLD 3.6)."""

    message_log_id = identifier(required=True)
    instagram_account_id = identifier(required=True)
    contact_id = identifier(required=True)
    conversation_id = identifier(required=True)
    direction = fields.String(required=True, metadata={"enum": ["inbound", "outbound"]})
    type = fields.String(required=True, metadata={"enum": list(MESSAGE_TYPE)})
    content = Dictionary(required=True)
    timestamp = Instant(required=True)
    is_automated = fields.Boolean(required=True)
    flow_id = identifier(required=True, allow_none=True)
    node_id = fields.String(allow_none=True)
    author_id = identifier(allow_none=True)
    status = fields.String(required=True, metadata={"enum": list(MESSAGE_STATUS)})
    reason = fields.String(allow_none=True)
    seen_at = Instant(allow_none=True)
    edit_count = fields.Integer()


class SendBody(Schema):
    """A person's answer: text, media, or both."""

    text = string(20_000, 1)
    media_url = string(
        2000, 1, metadata={"format": "uri", "description": "An https address, or `media:<id>` of an upload"}
    )

    @ma.validates("media_url")
    def reachable(self, value: str, data_key: str) -> None:
        """Instagram fetches media itself, unless they were uploaded here."""
        if re.fullmatch(r"media:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value):
            return
        parts = urlsplit(value)
        if parts.scheme != "https" or not parts.hostname:
            raise ma.ValidationError("Not an https address, nor media:<id> of an upload.")

    @ma.validates_schema
    def something(self, data: dict[str, object], **kwargs: object) -> None:
        """At least one of the two."""
        if not data or not str(data.get("text", "x")).strip():
            raise ma.ValidationError("Send text or mediaUrl.", "text")


class SentSchema(Schema):
    """What came of it."""

    message_log_id = identifier(required=True)
    status = fields.String(
        required=True, metadata={"description": "sent when Instagram said so within 3 seconds, else queued; or failed"}
    )
    reason = fields.String(allow_none=True)


class SettleBody(Schema):
    """What a person saw in the conversation at Instagram."""

    sent = fields.Boolean(
        required=True,
        truthy={True},
        falsy={False},
        metadata={"description": "true: the message is there; false: it is not, send it again"},
    )


class StatusBody(Schema):
    """The new status."""

    status = one_of(*CONVERSATION_STATUS, required=True)


class StatusSchema(Schema):
    """The conversation's status."""

    conversation_id = identifier(required=True)
    status = fields.String(required=True)
    owner = fields.String(required=True)
    closed_at = Instant(allow_none=True)


class ResumeBody(Schema):
    """What becomes of the paused runs."""

    how = one_of("resume", "restart", "stop", load_default="resume")


class NoteBody(Schema):
    """A note."""

    text = string(5000, 1, required=True)


class NoteSchema(Schema):
    """A note for colleagues."""

    note_id = identifier(required=True)
    conversation_id = identifier(required=True)
    author_id = identifier(required=True, allow_none=True)
    text = fields.String(required=True)
    created_at = Instant(required=True)


class MessagesQuery(PageQuery):
    """Which part: page 1 holds the newest, the oldest of a page on top."""
