"""The writing of a plan, in the caller's transaction: what goes first, then the drafts, then what goes live, then the bases."""

from typing import Any

from sqlalchemy import Connection, insert, select, update

from core.model.codec import canonical
from core.services import flow_publish, flow_versions, flows, plans, scope, trigger_merge
from core.services.actor import Actor
from core.services.flow_plan import parts
from core.services.flow_plan.look import WRITTEN, Item, Planned, definition_of
from core.services.house import House
from core.services.upsert import upsert
from core.store.ids import new_id
from core.store.tables.flows import flow, flow_base


class Pen:
    """Writes one plan."""

    def __init__(self, house: House, tx: Connection, who: Actor, planned: Planned, apply_id: str) -> None:
        self._house, self._tx, self._who, self._planned, self._apply_id = house, tx, who, planned, apply_id
        self._now = house.clock.real()
        self._ids = {i.slug: i.stood.row["flow_id"] for i in planned.items if i.stood is not None}
        self._owner: str = scope.an_account(tx, who, planned.account_id)["user_id"]

    def write(self) -> None:
        """All of it. Raises ServiceError as the use cases of single flows do."""
        written = [i for i in self._planned.items if i.kind in WRITTEN]
        for item in self._planned.items:
            if item.kind == "removed" and item.stood is not None:
                flow_versions.remove_in(self._house, self._tx, self._who, item.stood.row)
        for item in written:
            self._draft(item)
        beside = self._beside()
        for item in written:
            flows.compile_draft(self._house, self._tx, self._ids[item.slug], self._now, beside)
        for item in written:
            self._status(item, beside)
        for item in self._planned.items:
            self._base(item)

    def _beside(self) -> dict[str, Any]:
        named = self._planned.beside
        new = {self._ids[s]: p for s, p in named.items() if s in self._ids}
        return {**named, **new}

    def _draft(self, item: Item) -> None:
        """The row and its triggers."""
        assert item.file is not None
        said = {k: v for k, v in item.file.said.items() if k != "status" and self._takes(item, k)}
        values: dict[str, Any] = {**said, "updated_at": self._now}
        if item.stood is None or {parts.DOCUMENT, parts.POSITIONS} & {*item.verdict.changes}:
            values["flow_definition"] = definition_of(item)
        if item.stood is None:
            self._create(item, values)
        else:
            this = flow.c.flow_id == item.stood.row["flow_id"]
            revision = item.stood.row["revision"] + 1
            flows.write(self._tx, update(flow).where(this).values(**values, revision=revision))
        if self._takes(item, parts.TRIGGERS):
            wanted = parts.unique(self._house, item.file.triggers)
            trigger_merge.replace(self._house, self._tx, self._ids[item.slug], wanted, self._now)

    def _takes(self, item: Item, part: str) -> bool:
        return item.stood is None or part in item.verdict.changes

    def _create(self, item: Item, values: dict[str, Any]) -> None:
        mine = (flow.c.user_id == self._owner) & flow.c.deleted_at.is_(None)
        plans.enforce(self._tx, self._owner, "max_flows", flow, mine)
        self._ids[item.slug] = item.made = flow_id = new_id()
        at = {"flow_id": flow_id, "user_id": self._owner, "instagram_account_id": self._planned.account_id}
        named = {"name": item.slug, **values, "slug": item.slug, "revision": 1, "created_at": self._now}
        flows.write(self._tx, insert(flow).values(**at, **named))

    def _status(self, item: Item, beside: dict[str, Any]) -> None:
        """An active flow's draft goes live at once; any other status is only written."""
        row = self._tx.execute(select(flow).where(flow.c.flow_id == self._ids[item.slug])).mappings().one()
        if item.status == "active" or item.status != row["status"]:
            assert item.file is not None
            house, tx, who, note = self._house, self._tx, self._who, f"applied from {item.file.file}"
            flow_publish.set_status(house, tx, who, row["flow_id"], item.status, self._now, note, beside)

    def _base(self, item: Item) -> None:
        """What the file said becomes the base, also where the server said the same already."""
        if item.file is None or item.kind == "conflict":
            return
        known = item.stood.base if item.stood else None
        workspace = self._planned.asked.workspace
        told = {"workspace": workspace, "file": item.file.file, "document": item.file.envelope}
        if known is not None and all(canonical(known[k]) == canonical(v) for k, v in told.items()):
            return
        values = {**told, "apply_id": self._apply_id, "applied_by": self._who.user_id, "applied_at": self._now}
        row = upsert(self._tx, flow_base).values(flow_id=self._ids[item.slug], user_id=self._owner, **values)
        self._tx.execute(row.on_conflict_do_update(index_elements=["flow_id"], set_=values))
