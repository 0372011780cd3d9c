"""What the compiler is told of a flow's account: its live flows, read when a flow runs one of them."""

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson
from sqlalchemy import Connection, or_, select

from core.lang import Workspace
from core.lang.tags import tags_set
from core.model.codec import program_from_json
from core.model.program import Program
from core.store.ids import is_id
from core.store.tables.contacts import contact_tag
from core.store.tables.flows import flow, flow_version, program


class LiveFlows(Mapping[str, Program]):
    """The programs of an account's active flows, by slug and id, each read once and only when it is asked for."""

    def __init__(self, tx: Connection, account_id: str) -> None:
        self._tx, self._account_id = tx, account_id
        self._known: dict[str, Program | None] = {}

    def __getitem__(self, name: str) -> Program:
        if name not in self._known:
            self._known[name] = self._read(name)
        found = self._known[name]
        if found is None:
            raise KeyError(name)
        return found

    def _read(self, name: str) -> Program | None:
        wanted = (
            select(program.c.hash, program.c.body)
            .join(flow_version, flow_version.c.program_hash == program.c.hash)
            .join(flow, flow.c.published_version_id == flow_version.c.flow_version_id)
            .where(self._live(), or_(flow.c.slug == name, flow.c.flow_id == (name if is_id(name) else None)))
        )
        row = self._tx.execute(wanted).first()
        return None if row is None else program_from_json(orjson.loads(row.body), row.hash)

    def _live(self) -> Any:
        here = (flow.c.instagram_account_id == self._account_id) & flow.c.deleted_at.is_(None)
        return here & (flow.c.status == "active")

    def __iter__(self) -> Iterator[str]:
        return iter(self._tx.execute(select(flow.c.slug).where(self._live())).scalars().all())

    def __len__(self) -> int:
        return sum(1 for _ in self)


def around(
    tx: Connection, account_id: str, own: Iterable[str] = (), beside: Mapping[str, Program] | None = None
) -> Workspace:
    """The surroundings of a flow of this account; ``own`` = the flow's own slug and id; ``beside`` = programs, by slug and id, that
    go live together with it."""
    live = LiveFlows(tx, account_id)
    flows: Mapping[str, Program] = ChainMap(dict(beside), live) if beside else live  # type: ignore[arg-type]
    return Workspace(flows, frozenset(own), sets_tag=SetTags(tx, account_id, flows))


class SetTags:
    """Whether a tag is given to anybody: a contact has it already, or one of the flows sets it."""

    def __init__(self, tx: Connection, account_id: str, flows: Mapping[str, Program]) -> None:
        self._tx, self._account_id, self._flows = tx, account_id, flows
        self._by_flows: frozenset[str] | None = frozenset()
        self._read = False

    def __call__(self, name: str) -> bool:
        has = (contact_tag.c.instagram_account_id == self._account_id) & (contact_tag.c.name == name)
        if self._tx.execute(select(contact_tag.c.name).where(has).limit(1)).first() is not None:
            return True
        if not self._read:
            found = [tags_set(p) for p in self._flows.values()]
            self._by_flows = None if None in found else frozenset().union(*(f for f in found if f is not None))
            self._read = True
        return self._by_flows is None or name in self._by_flows
