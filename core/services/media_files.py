"""Uploaded bytes: what they are by their content, where they lie, addresses that expire."""

import hashlib
import hmac
import os
import tempfile
from pathlib import Path

from core.model.errors import ServiceError, StoreUnavailable
from core.model.limits import IMAGE_BYTES, MEDIA_BYTES
from core.services.house import House

SIZES = {"image": IMAGE_BYTES, "video": MEDIA_BYTES, "audio": MEDIA_BYTES, "file": MEDIA_BYTES}
"""Instagram's limits by sort (reference 2.2)."""
STARTS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"OggS", "video/ogg"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
    (b"ID3", "audio/mpeg"),
)
RIFF = {b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
BRANDS = {b"M4A ": "audio/mp4", b"M4B ": "audio/mp4", b"qt  ": "video/quicktime"}
LIVES_MS = 3_600_000
"""How long an address is good."""


def sniff(data: bytes) -> str | None:
    """The media type by the content's first bytes, whatever its name says; None for what Instagram does not take.

    >>> sniff(b"\\x89PNG\\r\\n\\x1a\\n...."), sniff(b"<html>")
    ('image/png', None)
    """
    for start, mime in STARTS:
        if data.startswith(start):
            return mime
    if data[:4] == b"RIFF":
        return RIFF.get(data[8:12])
    if data[4:8] == b"ftyp":
        return BRANDS.get(data[8:12], "video/mp4")
    if len(data) > 1 and data[0] == 0xFF and data[1] & 0xF6 == 0xF0:
        return "audio/aac"
    if len(data) > 1 and data[0] == 0xFF and data[1] & 0xE6 == 0xE2:
        return "audio/mpeg"
    return None


def sort_of(mime: str) -> str:
    """image, video, audio or file."""
    first = mime.partition("/")[0]
    return first if first in SIZES else "file"


def folder(house: House) -> Path:
    """Where the files lie. Raises ServiceError 503 media_unavailable for a place that is no folder."""
    place = house.settings.media_url or str(Path(house.settings.data_dir) / "media")
    if "://" in place:
        raise ServiceError(
            503, "media_unavailable", "INSTAFLOW_MEDIA_URL must name a folder: other places are not served yet"
        )
    return Path(place)


def path(house: House, account_id: str, media_id: str) -> Path:
    """The file of a medium."""
    return folder(house) / account_id / media_id


def write(to: Path, data: bytes) -> None:
    """Whole or not at all, only the owner may read it. Raises StoreUnavailable when the disk is full or read-only."""
    try:
        to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=to.parent, prefix=".", delete=False) as made:
            try:
                made.write(data)
                made.flush()
                os.fsync(made.fileno())
                os.replace(made.name, to)
            except BaseException:
                Path(made.name).unlink(missing_ok=True)
                raise
    except OSError as e:
        raise StoreUnavailable(f"the media folder cannot be written: {e.strerror}") from e


def signature(house: House, media_id: str, expires: int) -> str:
    """What proves that we made this address; it is good for one medium until ``expires`` (real milliseconds)."""
    text = f"media:{media_id}:{expires}".encode()
    return hmac.new(house.settings.secret_key.encode(), text, hashlib.sha256).hexdigest()


def address(house: House, media_id: str) -> str:
    """The address of a medium, good for an hour and longer than half of it for caches."""
    expires = (house.clock.real() // LIVES_MS + 2) * LIVES_MS
    base = (house.settings.public_url or "").rstrip("/")
    return f"{base}/api/v1/media/{media_id}?expires={expires}&signature={signature(house, media_id, expires)}"


def proven(house: House, media_id: str, expires: int, given: str) -> bool:
    """True when the address is ours and not over."""
    right = hmac.compare_digest(signature(house, media_id, expires).encode(), given.encode())
    return right and expires > house.clock.real()
