"""``message_attachments``: media by address or as file data, with Instagram's sizes and types (reference 2.2)."""

import email.parser
import email.policy
from typing import Any

from core.model.limits import IMAGE_BYTES, MEDIA_BYTES
from core.testing.instagram import payloads
from core.testing.instagram.call import Call
from core.testing.instagram.errors import GraphError
from core.testing.instagram.payloads import refuse
from core.testing.instagram.world import Upload

_TYPES = {
    "image": ("image/png", "image/jpeg", "image/gif"),
    "audio": ("audio/",),
    "video": ("video/",),
    "file": ("application/pdf",),
}


def upload(call: Call) -> dict[str, Any]:
    """Answers ``{"attachment_id"}``; 2018047 for a wrong type, 2018109 for too many bytes, 2018008 for a bad address."""
    data, content_type = b"", ""
    if call.request.headers.get("content-type", "").startswith("multipart/form-data"):
        data, content_type = _multipart(call)
    if call.login == "fb" and call.text("platform").lower() != "instagram":
        raise refuse("Param platform must be instagram")
    message = call.json("message")
    attachment = message.get("attachment") if isinstance(message, dict) else None
    if not isinstance(attachment, dict) or attachment.get("type") not in payloads.MEDIA_KINDS:
        raise refuse("Param message[attachment][type] must be one of {image, video, audio, file}")
    kind = attachment["type"]
    if content_type:
        _fits(kind, content_type, len(data))
    else:
        payloads.fetchable(kind, str((attachment.get("payload") or {}).get("url", "")), call.stage.faults.media)
    made = Upload(call.stage.ids.upload(), call.account.ig_id, kind, len(data))
    call.stage.world.uploads[made.id] = made
    return {"attachment_id": made.id}


def _multipart(call: Call) -> tuple[bytes, str]:
    """Fills the parameters from the form and answers the file with its type."""
    head = f"Content-Type: {call.request.headers['content-type']}\r\n\r\n".encode("latin-1")
    form = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + call.request.body)
    data, content_type = b"", ""
    for part in form.iter_parts() if form.is_multipart() else ():
        name = part.get_param("name", header="content-disposition")
        inside = part.get_payload(decode=True)
        raw = inside if isinstance(inside, bytes) else b""
        if name == "filedata":
            data, content_type = raw, part.get_content_type()
        elif isinstance(name, str):
            call.params[name] = raw.decode("utf-8", "replace")
    if not content_type:
        raise refuse("The form field filedata is missing")
    return data, content_type


def _fits(kind: str, content_type: str, size: int) -> None:
    if not content_type.startswith(_TYPES[kind]):
        raise GraphError(100, 2018047)
    if not 0 < size <= (IMAGE_BYTES if kind == "image" else MEDIA_BYTES):
        raise GraphError(100, 2018109)
