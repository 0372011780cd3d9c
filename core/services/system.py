"""Whether the installation can serve, and its figures for monitoring (decisions 29 and 38)."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import func, select

from core.model.errors import InstaFlowError
from core.services import graph
from core.services.house import House
from core.services.upsert import upsert
from core.services.vitals import vitals
from core.store.migrate import check
from core.store.tables.accounts import account
from core.store.tables.flows import flow
from core.store.tables.runtime import outbox
from core.store.tables.system import setting

WORKER_LATE_MS = 10_000


def readiness(house: House, with_worker: bool) -> dict[str, Any]:
    """{"ready", "checks": {name: "ok" or what is wrong}, "queue", "figures"}. ``with_worker`` = a worker's heartbeat must be
    fresh. A queue that is unreachable is named and nothing more: the worker's sweep does without it, a little later."""
    checks = {name: _tried(probe, house) for name, probe in PROBES.items()}
    figures: dict[str, Any] = {}
    if checks["database"] == "ok":
        found = vitals(house.store, house.clock.now(), house.clock.real())
        figures = {**asdict(found), **_counts(house)}
        late = found.worker_age is None or found.worker_age > WORKER_LATE_MS
        checks["worker"] = "no fresh heartbeat" if late and with_worker else "ok"
    ready = all(c == "ok" for c in checks.values())
    queue = "ok" if house.queue_answers() else "unreachable"
    return {"ready": ready, "checks": checks, "queue": queue, "figures": figures}


def _counts(house: House) -> dict[str, int]:
    """How many accounts are connected, and how many flows are switched on."""
    connected = select(func.count()).select_from(account).where(account.c.status == "connected")
    active = select(func.count()).select_from(flow).where(flow.c.status == "active", flow.c.deleted_at.is_(None))
    with house.store.read() as tx:
        return {"accounts": tx.execute(connected).scalar_one(), "active_flows": tx.execute(active).scalar_one()}


def _tried(probe: Any, house: House) -> str:
    try:
        probe(house)
    except InstaFlowError as e:
        return str(e)
    return "ok"


def _schema(house: House) -> None:
    check(house.settings.database_url)


def _keys(house: House) -> None:
    sealer = graph.sealer(house.settings.encryption_keys)
    sealer.open(sealer.seal("ready", "probe"), "probe")


def _commit(house: House) -> None:
    """A row that is really written: a full disk or a read-only database shows here."""
    now = house.clock.real()
    values = {"value": now, "updated_at": now}
    with house.store.write() as tx:
        row = upsert(tx, setting).values(key="readiness", **values)
        tx.execute(row.on_conflict_do_update(index_elements=["key"], set_=values))


PROBES = {"schema": _schema, "keys": _keys, "database": _commit}


def send_errors(house: House) -> dict[str, int]:
    """Refused and unsettled sends of the kept outbox by error code."""
    counted = select(outbox.c.error_code, func.count()).where(outbox.c.error_code.is_not(None))
    with house.store.read() as tx:
        return {row[0]: row[1] for row in tx.execute(counted.group_by(outbox.c.error_code))}
