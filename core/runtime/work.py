"""What all parts of one drain share: the transaction, the time, the caches."""

from dataclasses import dataclass

from core.runtime.box import Box
from core.runtime.programs import Bound, Programs
from core.store.driver import Tx


class Parked(Exception):
    """The event waits for the contact's profile (decision 17); ``until`` is when it goes on without (milliseconds)."""

    def __init__(self, until: int) -> None:
        super().__init__(until)
        self.until = until


@dataclass(slots=True)
class Work:
    """``now`` is business time, ``ready`` the time that mailboxes are compared with, ``real`` the time of chores; milliseconds."""

    tx: Tx
    now: int
    ready: int
    programs: Programs
    app_id: str = ""
    real: int = 0

    def bound(self, box: Box) -> Bound:
        """The programs as the engine asks for them, for this contact's account."""
        return Bound(self.programs, self.tx, box.account.rules.flows)
