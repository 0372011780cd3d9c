"""Uploaded media: kept in a folder, handed to Instagram once, deleted with their account (decision 39)."""

import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import RowMapping, delete, insert, select, update

from core.model.errors import ServiceError
from core.model.flowdoc import UPLOAD
from core.services import audit, graph, media_files, scope
from core.services.actor import Actor
from core.services.house import House
from core.services.paging import Page, Part, part
from core.store.ids import new_id
from core.store.tables.system import media


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came: its name (only shown) and its bytes."""

    name: str
    data: bytes


def create(house: House, who: Actor, account_id: str, new: Upload) -> dict[str, Any]:
    """Keeps a file. Raises ServiceError 415 media_unsupported, 413 media_too_large, 404; StoreUnavailable."""
    with house.store.read() as tx:
        owner = scope.an_account(tx, who, account_id)
    mime = media_files.sniff(new.data)
    if mime is None:
        message = (
            "Instagram takes PNG, JPEG, GIF, MP4, MOV, AVI, WebM, Ogg, AAC, M4A, WAV, MP3 and PDF; this is none of them"
        )
        raise ServiceError(415, "media_unsupported", message)
    kind = media_files.sort_of(mime)
    if len(new.data) > media_files.SIZES[kind]:
        details = {"type": kind, "size": len(new.data), "limit": media_files.SIZES[kind]}
        raise ServiceError(413, "media_too_large", f"This {kind} is larger than Instagram takes", details)
    id_ = new_id()
    to = media_files.path(house, account_id, id_)
    media_files.write(to, new.data)
    row = {"media_id": id_, "user_id": owner["user_id"], "account_id": account_id, "type": kind, "mime": mime}
    row |= {"size": len(new.data), "name": _plain(new.name), "created_at": house.clock.real()}
    try:
        with house.store.write() as tx:
            tx.execute(insert(media).values(**row))
    except BaseException:
        to.unlink(missing_ok=True)
        raise
    return shown(house, row)


def _plain(name: str) -> str:
    """A file's name without folders and control signs.

    >>> _plain("../../a\\\\b/menu\\n.png")
    'menu.png'
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in last if c.isprintable())[:200] or "file"


def shown(house: House, row: Mapping[Any, Any]) -> dict[str, Any]:
    """The row with its expiring address and the word that names it in flows and messages."""
    id_ = row["media_id"]
    named = {"instagram_account_id": row["account_id"], "media_url": f"{UPLOAD}{id_}"}
    return {**row, **named, "address": media_files.address(house, id_)}


def listed(house: House, who: Actor, account_id: str, page: Page) -> Part:
    """An account's uploads, the newest first."""
    wanted = select(media).where(media.c.account_id == account_id)
    with house.store.read() as tx:
        scope.an_account(tx, who, account_id)
        found = part(tx, wanted.order_by(media.c.created_at.desc(), media.c.media_id.desc()), page)
    return Part([shown(house, row) for row in found.rows], found.total, page)


def file_of(house: House, who: Actor | None, media_id: str) -> tuple[Path, str, str]:
    """(file, media type, name) for its owner, or for a signed address (``who`` None). Raises ServiceError 404."""
    row: RowMapping | None
    with house.store.read() as tx:
        if who is not None:
            row = scope.found(tx, who, media, "media_id", media_id, "medium")
        else:
            row = tx.execute(select(media).where(media.c.media_id == media_id)).mappings().first()
    found = media_files.path(house, row["account_id"], media_id) if row is not None else None
    if row is None or found is None or not found.is_file():
        raise ServiceError(404, "not_found", "There is no such medium")
    return found, row["mime"], row["name"]


def remove(house: House, who: Actor, media_id: str) -> None:
    """Deletes row and file; what Instagram has of it stays in the conversations there. Raises ServiceError 404, 409 media_in_use
    while a live flow sends it."""
    from core.services.flow_media import in_use

    with house.store.write() as tx:
        row = scope.found(tx, who, media, "media_id", media_id, "medium")
        if flows := in_use(tx, row["account_id"], media_id):
            raise ServiceError(409, "media_in_use", "A live flow sends this medium", {"flows": flows})
        tx.execute(delete(media).where(media.c.media_id == media_id))
        of = {"actor": who.user_id, "tenant": row["user_id"], "account": row["account_id"]}
        audit.record(tx, house.clock.real(), "media.delete", f"media:{media_id}", **of)
    media_files.path(house, row["account_id"], media_id).unlink(missing_ok=True)


def drop(house: House, account_ids: list[str]) -> None:
    """The files of accounts that are erased, after their rows."""
    for account_id in account_ids:
        with suppress(ServiceError):
            shutil.rmtree(media_files.folder(house) / account_id, ignore_errors=True)


def attached(house: House, who: Actor, account_id: str, url: str) -> dict[str, Any]:
    """``media:<id>`` as a part of a message: {type, attachmentId}. Handed to Instagram at the first use, reused afterwards.

    Raises ServiceError 404, 400 instagram_refused, 503 instagram_unreachable.
    """
    media_id = url.removeprefix(UPLOAD)
    with house.store.read() as tx:
        row = scope.found(tx, who, media, "media_id", media_id, "medium", media.c.account_id == account_id)
        owner = scope.an_account(tx, who, account_id)
    attachment = row["attachment_id"]
    if attachment is None:
        data = file_of(house, who, media_id)[0].read_bytes()
        body = {"type": row["type"], "data": data, "mime": row["mime"], "name": row["name"]}
        outcome = graph.call(house, "media.upload", graph.view(house, owner), body)
        attachment = str(graph.demand(outcome, "the upload of the medium")["attachmentId"])
        with house.store.write() as tx:
            tx.execute(update(media).where(media.c.media_id == media_id).values(attachment_id=attachment))
    return {"type": row["type"], "attachmentId": attachment, "url": url}
