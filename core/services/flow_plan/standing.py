"""What stands on the server: an account's flows with their triggers and bases, and a tag for each by which a change is noticed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from core.services.flow_plan.parts import as_given, digest
from core.store.tables.flows import flow, flow_base
from core.store.tables.people import user
from core.store.tables.triggers import trigger


@dataclass(frozen=True, slots=True)
class Stood:
    """A flow on the server. ``base`` = the row of the file that was applied last."""

    row: RowMapping
    triggers: tuple[dict[str, Any], ...]
    base: RowMapping | None

    @property
    def envelope(self) -> dict[str, Any]:
        """The draft as a file would say it."""
        said = {k: self.row[k] for k in ("slug", "name", "description", "status")}
        return {**said, "triggers": list(self.triggers), "flowDefinition": self.row["flow_definition"]}

    @property
    def tag(self) -> str:
        """``<apply>.<revision>.<the rest>``; another one when anything that a plan looks at has changed."""
        rest = digest([self.row["status"], self.row["published_version_id"], list(self.triggers)])
        return f"{self.base['apply_id'] if self.base else '-'}.{self.row['revision']}.{rest}"


def standing(tx: Connection, account_id: str) -> dict[str, Stood]:
    """The account's flows by slug."""
    here = (flow.c.instagram_account_id == account_id) & flow.c.deleted_at.is_(None)
    rows = tx.execute(select(flow).where(here).order_by(flow.c.slug)).mappings().all()
    known = select(flow_base).join(flow, flow.c.flow_id == flow_base.c.flow_id).where(here)
    bases = {b["flow_id"]: b for b in tx.execute(known).mappings()}
    active = (trigger.c.instagram_account_id == account_id) & (trigger.c.status == "active")
    by_flow: dict[str, list[dict[str, Any]]] = {}
    for t in tx.execute(select(trigger).where(active).order_by(trigger.c.created_at, trigger.c.trigger_id)).mappings():
        by_flow.setdefault(t["flow_id"], []).append(as_given(t))
    return {r["slug"]: Stood(r, tuple(by_flow.get(r["flow_id"], ())), bases.get(r["flow_id"])) for r in rows}


def locked(tx: Connection, account_id: str) -> None:
    """Nobody else changes these flows until the transaction ends. In the order in which others lock: flows, then the account."""
    from core.store.tables.accounts import account

    here = (flow.c.instagram_account_id == account_id) & flow.c.deleted_at.is_(None)
    tx.execute(select(flow.c.flow_id).where(here).order_by(flow.c.flow_id).with_for_update()).all()
    this = account.c.instagram_account_id == account_id
    tx.execute(select(account.c.instagram_account_id).where(this).with_for_update()).all()


def state_of(stood: Mapping[str, Stood], slugs: set[str]) -> dict[str, str]:
    """The tags of the flows that a plan speaks of; a slug that is free has none."""
    return {slug: stood[slug].tag for slug in sorted(slugs) if slug in stood}


def stale(tx: Connection, stood: Mapping[str, Stood], slugs: set[str], then: Mapping[str, str]) -> list[dict[str, Any]]:
    """Why a plan is stale, a row ``{slug, reason, at}`` for each flow that is not as it was; empty when it holds."""
    now = state_of(stood, slugs)
    changed = [s for s in sorted({*now, *then}) if now.get(s) != then.get(s)]
    return [_why(tx, slug, stood.get(slug), then.get(slug)) for slug in changed]


def _why(tx: Connection, slug: str, found: Stood | None, then: str | None) -> dict[str, Any]:
    if found is None:
        return {"slug": slug, "reason": "it was deleted", "at": None}
    base, at = found.base, found.row["updated_at"]
    if base is not None and (then is None or then.partition(".")[0] != base["apply_id"]):
        who = tx.execute(select(user.c.email).where(user.c.user_id == base["applied_by"])).scalar()
        reason = f"another apply wrote it (by {who or 'somebody'}, workspace '{base['workspace']}')"
        return {"slug": slug, "reason": reason, "at": base["applied_at"]}
    if then is None:
        return {"slug": slug, "reason": "it was made on the server", "at": at}
    if then.split(".")[1:2] != [str(found.row["revision"])]:
        return {"slug": slug, "reason": "its draft was saved on the server", "at": at}
    return {"slug": slug, "reason": "it was published or switched, or its triggers were changed", "at": at}
