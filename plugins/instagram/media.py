"""Handing media to Instagram ahead of a send: by address, or as file data for who has no public address (reference 2.2)."""

import secrets
from collections.abc import Mapping
from typing import Any

import orjson

from instaflow import Call, HttpRequest, Outcome
from plugins.instagram.graph import Edge, login, post, text

SIZES = {"image": 8 * 1024 * 1024, "video": 25 * 1024 * 1024, "audio": 25 * 1024 * 1024, "file": 25 * 1024 * 1024}
UPLOAD_SECONDS = 90.0


def _upload(call: Call) -> HttpRequest | Outcome:
    """``body`` = {"type": image|video|audio|file, "url"} or {"type", "data": bytes, "mime", "name"} → {"attachmentId"}."""
    kind = str(call.body.get("type") or "")
    if kind not in SIZES:
        return Outcome("failed", code="media_type", message=f"'{kind}' cannot be uploaded")
    platform = login(call.account).platform
    data = call.body.get("data")
    if isinstance(data, bytes):
        if len(data) > SIZES[kind]:
            return Outcome("failed", code="media_size", message=f"more than {SIZES[kind]} bytes")
        return _multipart(call, kind, data, platform)
    payload = {"url": str(call.body.get("url") or ""), "is_reusable": True}
    body: dict[str, Any] = {"message": {"attachment": {"type": kind, "payload": payload}}}
    if platform:
        body["platform"] = platform
    return post(call.account, "/me/message_attachments", body, UPLOAD_SECONDS)


def _multipart(call: Call, kind: str, data: bytes, platform: str) -> HttpRequest:
    edge = "instaflow" + secrets.token_hex(16)
    message = orjson.dumps({"attachment": {"type": kind, "payload": {"is_reusable": True}}})
    name = (
        "".join(c for c in str(call.body.get("name") or "file") if c.isascii() and (c.isalnum() or c in "._-"))
        or "file"
    )
    mime = "".join(
        c for c in str(call.body.get("mime") or "application/octet-stream") if c.isascii() and c.isprintable()
    )
    fields = [(b'name="message"', b"application/json", message)]
    if platform:
        fields.append((b'name="platform"', b"text/plain", platform.encode()))
    fields.append((b'name="filedata"; filename="%b"' % name.encode(), mime.encode(), data))
    parts = [
        b"--%b\r\nContent-Disposition: form-data; %b\r\nContent-Type: %b\r\n\r\n%b\r\n"
        % (edge.encode(), title, type_, content)
        for title, type_, content in fields
    ]
    whole = b"".join([*parts, b"--%b--\r\n" % edge.encode()])
    base = login(call.account).base
    headers = {
        "Authorization": "Bearer " + call.account.token,
        "Content-Type": f"multipart/form-data; boundary={edge}",
    }
    return HttpRequest("POST", f"{base}:/me/message_attachments", headers, whole, UPLOAD_SECONDS)


def _uploaded(call: Call, data: Mapping[str, Any]) -> Outcome:
    made = text(data.get("attachment_id"))
    if not made:
        return Outcome("failed", code="no_attachment_id", message="the answer names no attachment")
    return Outcome("sent", data={"attachmentId": made})


HANDLERS = (Edge("media.upload", _upload, _uploaded, repeatable=True),)
