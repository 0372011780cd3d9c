"""The inbox over HTTP (LLD 4.5)."""

from typing import Any

from flask import g

from core.services import conversations, message_fate, messages
from core.services.actor import Actor
from core.services.house import House
from flask_api.api import Blueprint
from flask_api.conversations import schemas
from flask_api.paged import PAGED, page_of, paged

ONE = "/conversations/{conversationId}"


def blueprint(house: House) -> Blueprint:
    """The operations on conversations."""
    blp = Blueprint("conversations", "The inbox")
    _reading(blp)
    _messages(blp)
    _fate(blp)
    _status(blp)
    _owner(blp)
    _notes(blp)
    return blp


def _reading(blp: Blueprint) -> None:
    @blp.operation(
        "GET",
        "/instagram-accounts/{instagramAccountId}/conversations",
        id="listConversations",
        role="agent",
        summary="An account's conversations",
        query=schemas.ConversationsQuery,
        out=schemas.ConversationsSchema,
        headers=PAGED,
    )
    def list_conversations(house: House, who: Actor, query: dict[str, Any], instagram_account_id: str) -> Any:
        """The newest message first."""
        found = conversations.listed(house, who, instagram_account_id, page_of(query), query.get("status"))
        return paged({"conversations": found.rows, "total": found.total}, found)

    @blp.operation(
        "GET", ONE, id="getConversation", role="agent", summary="One conversation", out=schemas.ConversationSchema
    )
    def get_conversation(house: House, who: Actor, conversation_id: str) -> Any:
        """With its last message."""
        return conversations.read(house, who, conversation_id)

    @blp.operation(
        "POST",
        f"{ONE}/read",
        id="readConversation",
        role="agent",
        summary="Mark as read",
        out=schemas.ConversationSchema,
    )
    def mark_read(house: House, who: Actor, conversation_id: str) -> Any:
        """Sets the number of unread messages to 0."""
        return conversations.mark_read(house, who, conversation_id)


def _messages(blp: Blueprint) -> None:
    @blp.operation(
        "GET",
        f"{ONE}/messages",
        id="listMessages",
        role="agent",
        summary="A conversation's messages",
        query=schemas.MessagesQuery,
        out=schemas.MessageSchema(many=True),
        headers=PAGED,
    )
    def list_messages(house: House, who: Actor, query: dict[str, Any], conversation_id: str) -> Any:
        """Page 1 holds the newest; within a page the oldest comes first."""
        found = messages.listed(house, who, conversation_id, page_of(query))
        return paged(found.rows, found)

    @blp.operation(
        "POST",
        f"{ONE}/messages",
        id="sendMessage",
        role="agent",
        summary="Answer as a person",
        body=schemas.SendBody,
        out=schemas.SentSchema,
        status=201,
        errors=(409,),
        example={"text": "Hello, this is Ana. How can I help?"},
        answer={"messageLogId": "0192f0c1-7a6b-7c3e-8f00-2b1c4d5e6f73", "status": "sent"},
        idempotent=True,
    )
    def send(house: House, who: Actor, body: dict[str, Any], conversation_id: str) -> Any:
        """Takes the conversation over from automation and opens it. Waits up to three seconds for Instagram's word."""
        said = messages.Said(body.get("text", ""), body.get("media_url", ""), _trace())
        return messages.send(house, who, conversation_id, said)


def _fate(blp: Blueprint) -> None:
    @blp.operation(
        "POST",
        "/messages/{messageId}/retry",
        id="retryMessage",
        role="agent",
        summary="Send a failed message again",
        out=schemas.SentSchema,
        errors=(409,),
        answer={"messageLogId": "0192f0c1-7a6b-7c3e-8f00-2b1c4d5e6f73", "status": "sent"},
    )
    def retry(house: House, who: Actor, message_id: str) -> Any:
        """A person's message that failed. What a flow said is refused: retry the run, or write to the contact yourself."""
        return message_fate.retry(house, who, message_id, _trace())

    @blp.operation(
        "POST",
        "/messages/{messageId}/settle",
        id="settleMessage",
        role="agent",
        summary="Say whether a message arrived",
        body=schemas.SettleBody,
        out=schemas.SentSchema,
        errors=(409,),
        example={"sent": True},
        answer={"messageLogId": "0192f0c1-7a6b-7c3e-8f00-2b1c4d5e6f73", "status": "sent"},
    )
    def settle(house: House, who: Actor, body: dict[str, Any], message_id: str) -> Any:
        """For `needs_review`: nobody knows whether Instagram took it. Look there: `sent` true settles it, false sends it again."""
        return message_fate.settle(house, who, message_id, body["sent"])


def _trace() -> str | None:
    """The request's id as the send's trace, where it fits the column."""
    found = str(g.request_id)
    return found if len(found) <= 36 else None


def _status(blp: Blueprint) -> None:
    @blp.operation(
        "PUT",
        f"{ONE}/status",
        id="setConversationStatus",
        role="agent",
        summary="Open, close, or mark as waiting for a person",
        body=schemas.StatusBody,
        out=schemas.StatusSchema,
        example={"status": "closed"},
    )
    def set_status(house: House, who: Actor, body: dict[str, Any], conversation_id: str) -> Any:
        """`closed` ends what automation had paused; `pending_human` silences automation; `open` changes no owner."""
        return conversations.set_status(house, who, conversation_id, body["status"])


def _owner(blp: Blueprint) -> None:
    @blp.operation(
        "POST",
        f"{ONE}/take-over",
        id="takeOver",
        role="agent",
        summary="Take a conversation over",
        out=schemas.ConversationSchema,
    )
    def take_over(house: House, who: Actor, conversation_id: str) -> Any:
        """Nothing automated leaves after it; runs pause until the conversation is handed back."""
        return conversations.take(house, who, conversation_id)

    @blp.operation(
        "POST",
        f"{ONE}/resume-automation",
        id="resumeAutomation",
        role="agent",
        summary="Hand a conversation back",
        body=schemas.ResumeBody,
        out=schemas.ConversationSchema,
        example={"how": "resume"},
    )
    def resume(house: House, who: Actor, body: dict[str, Any], conversation_id: str) -> Any:
        """Paused runs resume, restart or stop. Done by a worker within moments; the answer waits half a second for it."""
        return conversations.hand_back(house, who, conversation_id, body["how"])


def _notes(blp: Blueprint) -> None:
    @blp.operation(
        "GET",
        f"{ONE}/notes",
        id="listNotes",
        role="agent",
        summary="Notes about a conversation",
        out=schemas.NoteSchema(many=True),
    )
    def list_notes(house: House, who: Actor, conversation_id: str) -> Any:
        """The oldest first; the contact never sees them."""
        return conversations.notes(house, who, conversation_id)

    @blp.operation(
        "POST",
        f"{ONE}/notes",
        id="addNote",
        role="agent",
        summary="Write a note",
        body=schemas.NoteBody,
        out=schemas.NoteSchema,
        status=201,
        example={"text": "Prefers to be called in the evening"},
        idempotent=True,
    )
    def add_note(house: House, who: Actor, body: dict[str, Any], conversation_id: str) -> Any:
        """For colleagues."""
        return conversations.add_note(house, who, conversation_id, body["text"])
