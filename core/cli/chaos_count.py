"""Counting after the storm: what people wrote against what Instagram was asked to send and what the rows say."""

import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

from sqlalchemy import select

from core.cli.chaos_crew import Crew
from core.settings import Settings
from core.store.invariants import violations
from core.store.store import Store
from core.store.tables.runtime import inbound_event
from core.testing.instagram import FakeInstagram

QUIET_SECONDS = 120
FLUSH_MS = 1000
"""What deleting the whole queue may add to a reply's p99."""
OPEN = (
    "SELECT (SELECT count(*) FROM inbound_event WHERE state = 0) +"
    " (SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending'))"
)
Said = dict[str, list[tuple[int, int]]]


@dataclass
class Report:
    """What was counted; ``well`` when nothing is lost, doubled, out of order or left over."""

    messages: int = 0
    kills: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    disordered: int = 0
    refused: int = 0
    open: int = 0
    settled: dict[str, int] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)
    p99_ms: float = 0.0
    calm_p99_ms: float = 0.0
    flush_p99_ms: float | None = None

    @property
    def well(self) -> bool:
        """True when the bars hold."""
        slow = self.flush_p99_ms is not None and self.flush_p99_ms - self.calm_p99_ms > FLUSH_MS
        found = self.missing or self.doubled or self.disordered or self.open or self.refused or self.violations
        return not (found or slow)

    def text(self) -> str:
        """The report for people."""
        lines = [
            f"{self.messages} messages, {sum(self.kills.values())} kills {self.kills}",
            (
                f"lost {len(self.missing)} {self.missing[:5] or ''}, doubled {len(self.doubled)} {self.doubled[:5] or ''}, "
                f"out of order {self.disordered}, left open {self.open}, webhooks never accepted {self.refused}"
            ),
            f"sends settled by {self.settled}; reply p99 {self.p99_ms:.0f} ms over the whole storm",
        ]
        if self.flush_p99_ms is not None:
            lines.append(
                f"reply p99 of the second before the queue was deleted: {self.calm_p99_ms:.0f} ms,"
                f" of the second after: {self.flush_p99_ms:.0f} ms (at most {FLUSH_MS} more)"
            )
        return "\n".join([*lines, *self.violations[:10], "well" if self.well else "NOT WELL"])


def count(settings: Settings, instagram: FakeInstagram, said: Said, crew: Crew) -> Report:
    """Waits for quiet, then compares."""
    store = Store(settings.database_url)
    refused = _delivered(instagram, QUIET_SECONDS)
    report = Report(sum(map(len, said.values())), dict(crew.kills), refused=refused, open=_wait(store, QUIET_SECONDS))
    taken = _taken(store)
    sent = {person: instagram.sent(person) for person in said}
    late: list[float] = []
    before: list[float] = []
    flushed: list[float] = []
    for person, messages in said.items():
        got = [int(s.body["text"].rsplit(" ", 1)[1]) for s in sent[person]]
        times = Counter(got)
        report.missing += [f"{person}:{n}" for n, _ in messages if not times[n]]
        report.doubled += [f"{person}:{n}" for n in times if times[n] > 1]
        order = {n: place for place, n in enumerate(taken)}
        report.disordered += sum(order.get(a, -1) > order.get(b, -1) for a, b in pairwise(got))
        said_at = dict(messages)
        for s, n in zip(sent[person], got, strict=True):
            late.append((s.at_ns - said_at[n]) / 1e6)
            since = said_at[n] - crew.flushed_ns
            if crew.flushed_ns and -1e9 < since < 1e9:
                (before if since < 0 else flushed).append(late[-1])
    report.p99_ms, report.calm_p99_ms = _p99(late), _p99(before)
    report.flush_p99_ms = _p99(flushed) if crew.flushed_ns else None
    with store.read() as tx:
        rows = tx.exec_driver_sql("SELECT settled_by, count(*) FROM outbox GROUP BY settled_by").all()
    report.settled = {str(by): n for by, n in rows}
    report.violations = violations(store)
    return report


def quiet(settings: Settings, instagram: FakeInstagram, seconds: float) -> None:
    """Waits until every webhook is accepted and nothing is open, so long at most."""
    _delivered(instagram, seconds)
    store = Store(settings.database_url)
    _wait(store, seconds)
    store.dispose()


def _delivered(instagram: FakeInstagram, seconds: float) -> int:
    """Waits until Instagram got 200 for every webhook or gave it up; answers how many it gave up."""
    hooks = instagram.stage.hooks
    end = time.monotonic() + seconds
    while time.monotonic() < end and any(d.state == "pending" for d in list(hooks.log)):
        time.sleep(0.25)
    return sum(d.state not in ("done", "dropped") for d in list(hooks.log))


def _taken(store: Store) -> list[int]:
    """The numbers in the order in which the inbox took them."""
    with store.read() as tx:
        rows = tx.execute(
            select(inbound_event.c.payload).where(inbound_event.c.kind == "message").order_by(inbound_event.c.id)
        ).all()
    return [int(payload["text"].rsplit(" ", 1)[1]) for (payload,) in rows]


def _wait(store: Store, seconds: float) -> int:
    """Seconds pass until nothing is open; answers what still is."""
    end = time.monotonic() + seconds
    left = -1
    while time.monotonic() < end:
        with store.read() as tx:
            left = int(tx.exec_driver_sql(OPEN).scalar_one())
        if not left:
            break
        time.sleep(0.25)
    return left


def _p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)] if values else 0.0
