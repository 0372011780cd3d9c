"""Uploads that a flow sends: they must be there, and Instagram is handed them when the flow is published (decision 39)."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from core.lang import Compilation
from core.model.diagnostic import Diagnostic, Severity
from core.model.errors import ServiceError
from core.model.flowdoc import UPLOAD
from core.model.program import Program
from core.runtime.chores import Chore
from core.services import chore_rows, media
from core.services.actor import Actor
from core.services.house import House
from core.store.ids import is_id
from core.store.tables.flows import flow, flow_version, program
from core.store.tables.system import media as table

HAND = "media.hand"
CODE = "IF513"


def missing(tx: Connection, row: Mapping[Any, Any], done: Compilation) -> list[Diagnostic]:
    """A finding for each step that sends an upload which the account does not have. ``row`` = the flow's row."""
    if done.program is None:
        return []
    wanted = uploads(done.program)
    there = {r["media_id"] for r in _rows(tx, row["instagram_account_id"], wanted)} if wanted else set()
    return [
        Diagnostic(CODE, Severity.ERROR, f"the upload '{UPLOAD}{id_}' does not exist in this account", node, hint=_HINT)
        for id_ in wanted
        if id_ not in there
        for node in _nodes(done.program, UPLOAD + id_)
    ]


_HINT = "upload the file to this account (POST /instagram-accounts/{id}/media) and name it by its mediaUrl"


def uploads(of: Program) -> list[str]:
    """The ids of the uploads that a program sends."""
    return [url.removeprefix(UPLOAD) for url in of.uses.get("media", ()) if url.startswith(UPLOAD)]


def plan(tx: Connection, row: RowMapping, of: Program, now: int) -> None:
    """A chore for each upload that Instagram does not have yet, in the transaction that publishes."""
    for found in _rows(tx, row["instagram_account_id"], uploads(of)):
        if found["attachment_id"] is None:
            chore_rows.add(tx, HAND, found["media_id"], now, row["user_id"], row["instagram_account_id"])


def hand(house: House, chore: Chore) -> int | None:
    """Chore ``media.hand``. Until it is done the flow's steps go without the medium, and say so in the log."""
    with house.store.read() as tx:
        row = tx.execute(select(table).where(table.c.media_id == chore.key)).mappings().first()
    if row is None or row["attachment_id"] is not None:
        return None
    try:
        media.attached(house, Actor(row["user_id"]), row["account_id"], UPLOAD + chore.key)
    except ServiceError as e:
        if e.status >= 500:
            raise OSError(e.message) from e
    return None


def in_use(tx: Connection, account_id: str, media_id: str) -> list[str]:
    """The names of the live flows that send an upload."""
    live = (
        select(flow.c.name, program.c.body)
        .join(flow_version, flow_version.c.flow_version_id == flow.c.published_version_id)
        .join(program, program.c.hash == flow_version.c.program_hash)
        .where(flow.c.instagram_account_id == account_id, flow.c.status == "active", flow.c.deleted_at.is_(None))
    )
    return [found.name for found in tx.execute(live) if UPLOAD + media_id in found.body]


def _rows(tx: Connection, account_id: str, ids: Iterable[str]) -> list[RowMapping]:
    fit = [i for i in ids if is_id(i)]
    wanted = select(table).where(table.c.account_id == account_id, table.c.media_id.in_(fit))
    return list(tx.execute(wanted).mappings()) if fit else []


def _nodes(of: Program, url: str) -> Iterable[str | None]:
    sends = (
        s.node
        for s in of.states.values()
        for op in s.do
        if op[0] == "send" and any(m.get("url") == url for m in op[1].get("media") or ())
    )
    return list(dict.fromkeys(sends)) or [None]
