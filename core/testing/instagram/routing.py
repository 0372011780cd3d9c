"""Conversation routing, Facebook Login only: pass, take, release, request thread control, and who owns it (reference 1.4)."""

from typing import Any

from core.testing.instagram.call import Call
from core.testing.instagram.errors import GraphError
from core.testing.instagram.payloads import refuse
from core.testing.instagram.world import OUR_APP, Thread

EDGES = (
    "pass_thread_control",
    "take_thread_control",
    "release_thread_control",
    "request_thread_control",
    "thread_owner",
)


def control(call: Call, edge: str) -> dict[str, Any]:
    """One of ``EDGES`` for ``recipient.id``."""
    thread = _thread(call)
    if edge == "thread_owner":
        return {"data": [{"thread_owner": {"app_id": thread.owner}}] if thread.owner else []}
    if edge == "pass_thread_control":
        if thread.owner not in ("", OUR_APP):
            raise GraphError(10, 2018300)
        thread.owner = call.text("target_app_id")
        if not thread.owner:
            raise refuse("The parameter target_app_id is required")
    elif edge == "take_thread_control":
        thread.owner = OUR_APP
    elif edge == "release_thread_control":
        thread.owner = ""
    return {"success": True}


def _thread(call: Call) -> Thread:
    recipient = call.json("recipient")
    igsid = recipient.get("id") if isinstance(recipient, dict) else call.text("recipient")
    thread = call.stage.world.thread_of(str(igsid))
    if thread is None or thread.ig_id != call.account.ig_id:
        raise GraphError(100, 2534014)
    return thread
