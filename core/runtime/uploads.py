"""Uploads that a flow sends: ``media:<id>`` becomes the attachment that Instagram was handed (decision 39)."""

from collections.abc import Mapping
from typing import Any

from core.model.flowdoc import UPLOAD
from core.store.driver import Tx
from core.store.ids import is_id

Item = Mapping[str, Any]


def placed(tx: Tx, account_id: str, message: Mapping[str, Any]) -> tuple[dict[str, Any], list[Item]]:
    """The message with each upload as {type, attachmentId, url}, and the media that cannot be sent: the upload is gone, or
    Instagram does not have it yet (the chore ``media.hand`` is at it)."""
    media = message.get("media") or ()
    wanted = {str(m["url"]).removeprefix(UPLOAD) for m in media if is_upload(m)}
    if not wanted:
        return dict(message), []
    where, params = tx.within("media_id", sorted(filter(is_id, wanted)))
    sql = f"SELECT media_id, type, attachment_id FROM media WHERE account_id = ? AND attachment_id IS NOT NULL AND {where}"
    known = {UPLOAD + row[0]: row for row in tx.all(sql, [account_id, *params])}
    lost = [m for m in media if is_upload(m) and m["url"] not in known]
    kept = [_placed(m, known) for m in media if m not in lost]
    return {**message, "media": kept}, lost


def is_upload(item: Item) -> bool:
    """The medium is not an address but an upload."""
    return str(item.get("url") or "").startswith(UPLOAD) and not item.get("attachmentId")


def _placed(item: Item, known: Mapping[str, tuple[Any, ...]]) -> Item:
    row = known.get(str(item.get("url")))
    return item if row is None else {"type": row[1], "attachmentId": row[2], "url": item["url"]}
