"""Two versions of a flow held side by side: what they do differently, and for whom it would have made a difference."""

from typing import Any

from core.lang.behaviour import differences
from core.services import scope
from core.services.actor import Actor
from core.services.flow_versions import program_of
from core.services.house import House
from core.services.recordings import compared


def diff(house: House, who: Actor, flow_id: str, old: int, new: int) -> dict[str, Any]:
    """What version ``new`` does differently from ``old`` for the people who meet it, and how many of the newest recorded conversations
    go otherwise; 0 = the draft. Raises ServiceError 404, 409 flow_has_errors for a draft that cannot be played."""
    with house.store.read() as tx:
        row = scope.a_flow(tx, who, flow_id)
        one, two = (program_of(house, tx, row, number) for number in (old, new))
        conversations = compared(tx, flow_id, one, two)
    found = differences(one, two)
    told = [d.as_json() for d in found]
    return {"old": old, "new": new, "same": not found, "differences": told, "conversations": conversations}
