"""Events that are looked at again later: a chore brings them back, the contact's other events do not wait for it."""

from typing import Any

from core.runtime.box import Box, EventRow
from core.runtime.chores import Chore
from core.runtime.post import encode, post
from core.runtime.work import Work
from core.store.driver import Tx


def hold(work: Work, box: Box, row: EventRow, chore: str, after: int = 0, times: int = 1) -> None:
    """A chore of that kind brings the event back after so many real milliseconds, with ``held`` = ``times`` in its payload."""
    args = {
        "user_id": box.account.user_id,
        "contact_id": box.contact.id,
        "kind": row.kind,
        "key": f"held:{row.id}",
        "payload": {**row.payload, "held": times},
        "trace_id": row.trace_id,
    }
    box.chores.append((chore, f"{chore}:{row.id}", work.real + after, encode(args)))
    row.disposition = "held"


def bring_back(tx: Tx, chore: Chore, now: int, prio: int = 1) -> None:
    """The held event is in its contact's mailbox again, once."""
    args: Any = chore.args
    post(
        tx,
        user_id=args["user_id"],
        account_id=str(chore.account_id),
        contact_id=args["contact_id"],
        kind=args.get("kind", "echo"),
        key=args["key"],
        payload=args["payload"],
        now=now,
        prio=prio,
        trace_id=args.get("trace_id"),
    )
