"""The breaker of an account's way to Graph: 5 bad answers of the last 10 open it, one probe at a time tests it (durability 3.6)."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from core.store.driver import Tx, Writes

WINDOW, BAD = 10, 5
FIRST_MS, LONGEST_MS = 5_000, 600_000


@dataclass(slots=True)
class Breakers:
    """The last answers, each process for itself; what is open stands in the lane, for all of them."""

    last: dict[str, deque[bool]] = field(default_factory=dict)
    open_until: dict[str, int] = field(default_factory=dict)

    def note(self, account_id: str, good: bool, real: int) -> bool:
        """Remembers one answer; True when the breaker must open now."""
        if self.open_until.get(account_id, 0) > real:
            return False
        if good and account_id not in self.last:
            return False
        seen = self.last.setdefault(account_id, deque(maxlen=WINDOW))
        seen.append(good)
        if good:
            if all(seen):
                del self.last[account_id]
            return False
        return sum(not g for g in seen) >= BAD

    def trip(self, tx: Tx, account_id: str, failures: int, real: int) -> int:
        """Opens it for 5 s, doubling with each failed probe to 10 min; answers until when."""
        until = real + min(FIRST_MS << min(failures, 20), LONGEST_MS)
        tx.run(
            "UPDATE lane SET paused_until = CASE WHEN paused_until > ? AND COALESCE(pause_reason, '') <> 'breaker'"
            " THEN paused_until ELSE ? END,"
            " pause_reason = CASE WHEN paused_until > ? AND COALESCE(pause_reason, '') <> 'breaker'"
            " THEN pause_reason ELSE 'breaker' END, failures = ?, probing = 0 WHERE account_id = ?",
            (until, until, until, failures + 1, account_id),
        )
        self.last.pop(account_id, None)
        self.open_until[account_id] = until
        return until

    def close(self, tx: Tx, account_id: str) -> None:
        """A probe came back well."""
        tx.run(
            "UPDATE lane SET paused_until = CASE WHEN pause_reason = 'breaker' THEN 0 ELSE paused_until END,"
            " failures = 0, probing = 0 WHERE account_id = ?",
            (account_id,),
        )
        self.last.pop(account_id, None)
        self.open_until.pop(account_id, None)


def probe(tx: Writes, account_ids: Iterable[str], until: int) -> None:
    """These lanes have a probe on its way: nothing else leaves until its answer, or until its lease is over."""
    for account_id in sorted(account_ids):
        tx.run(
            "UPDATE lane SET probing = 1, paused_until = ?, pause_reason = 'breaker' WHERE account_id = ?",
            (until, account_id),
        )
