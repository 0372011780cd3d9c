"""A folder of flow files against an account: what an apply would do, and doing it (`instaflow plan` and `apply`).

Three sides are held together, flow by flow and part by part: the file, the server's draft, and the *base*, which is the file that
was applied last. Where only the file differs from the base it is a change; where only the server does it is drift, which is shown
and left alone; where both do it is a conflict, which stops the apply until somebody decides. A flow's parts are its document
(without positions), its triggers, and what the file says of name, description and status.
"""

from core.services.flow_plan.apply import apply
from core.services.flow_plan.files import Asked, FlowFile
from core.services.flow_plan.look import Item, Planned, Player
from core.services.flow_plan.plan import plan

__all__ = ["Asked", "FlowFile", "Item", "Planned", "Player", "apply", "plan"]
"""``plan`` looks, ``apply`` writes what was looked at in one transaction."""
