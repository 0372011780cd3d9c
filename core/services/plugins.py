"""The plugins as they are now, in this process and in the workers that live."""

from dataclasses import replace

from sqlalchemy import select

from core.host.registry import Plugin
from core.services.house import House
from core.store.tables.system import heartbeat

LATE_MS = 60_000


def standing(house: House) -> list[Plugin]:
    """Every plugin; ``problem`` says what it is left out for, or what of it failed at work since the start."""
    with house.store.read() as tx:
        alive = heartbeat.c.at > house.clock.real() - LATE_MS
        told = [data.get("faults") or {} for (data,) in tx.execute(select(heartbeat.c.data).where(alive))]
    failed = {plugin: says for faults in told for plugin, says in faults.items()}
    return [p if p.problem else replace(p, problem=failed.get(p.name, "")) for p in house.registry.standing()]
