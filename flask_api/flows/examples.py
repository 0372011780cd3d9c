"""Examples of flows for the OpenAPI document."""

from typing import Any

DEFINITION: dict[str, Any] = {
    "startNodeId": "node_1",
    "nodes": [
        {"id": "node_1", "type": "start", "connections": [{"targetNodeId": "node_2", "condition": None}]},
        {"id": "node_2", "type": "message", "content": {"text": "Hello {{contact.firstName|default('there')}}!"}},
    ],
}
FLOW: dict[str, Any] = {"name": "Welcome", "description": "Says hello", "flowDefinition": DEFINITION}
CREATED: dict[str, Any] = {
    "flowId": "0192f0c1-7a6b-7c3e-8f00-2b1c4d5e6f72",
    "instagramAccountId": "0192f0c1-7a6b-7c3e-8f00-2b1c4d5e6f71",
    **FLOW,
    "slug": "welcome",
    "status": "draft",
    "diagnostics": [],
    "publishedVersion": None,
    "publishedAt": None,
    "changed": True,
    "revision": 1,
    "createdAt": "2026-11-25T08:00:00.000Z",
    "updatedAt": "2026-11-25T08:00:00.000Z",
}
PARTING: dict[str, Any] = {
    "event": 0,
    "after": ["The flow starts (dm_keyword)."],
    "old": ["Sends “Hello!”."],
    "new": ["Sends “Good morning!”."],
}
DIFFERENT: dict[str, Any] = {
    "old": 2,
    "new": 0,
    "same": False,
    "differences": [{"after": ["the start"], "old": ['say "Hello!"'], "new": ['say "Good morning!"'], "ways": 1}],
    "conversations": {
        "lookedAt": 40,
        "differ": 3,
        "first": {"runId": "0192f0c1-7a6b-7c3e-8f00-2b1c4d5e6f73", "difference": PARTING},
    },
}
"""Two versions held side by side."""
