"""Flows for the tests, as short as they can be."""

from typing import Any


def say(text: str = "Hello", **more: Any) -> dict[str, Any]:
    """Says one thing."""
    return {
        "startNodeId": "s",
        "nodes": [
            {"id": "s", "type": "start", "connections": [{"targetNodeId": "m"}]},
            {"id": "m", "type": "message", "content": {"text": text, **more}, "connections": [{"targetNodeId": None}]},
        ],
    }


def ask(question: str = "Yes or no?", settings: dict[str, Any] | None = None) -> dict[str, Any]:
    """Asks with two quick replies; says Good or Bad."""
    buttons = [
        {"type": "quick_reply", "text": "Yes", "payload": "YES"},
        {"type": "quick_reply", "text": "No", "payload": "NO"},
    ]
    return {
        "startNodeId": "s",
        "settings": settings or {},
        "nodes": [
            {"id": "s", "type": "start", "connections": [{"targetNodeId": "q"}]},
            {
                "id": "q",
                "type": "message",
                "content": {"text": question, "buttons": buttons},
                "connections": [
                    {"condition": {"type": "button_payload", "value": "YES"}, "targetNodeId": "good"},
                    {"condition": {"type": "button_payload", "value": "NO"}, "targetNodeId": "bad"},
                ],
            },
            {"id": "good", "type": "message", "content": {"text": "Good"}, "connections": [{"targetNodeId": None}]},
            {"id": "bad", "type": "message", "content": {"text": "Bad"}, "connections": [{"targetNodeId": None}]},
        ],
    }


def chain(*nodes: dict[str, Any]) -> dict[str, Any]:
    """Nodes one after the other, each with only its own fields."""
    ids = [f"n{i}" for i in range(len(nodes))]
    made = [
        {"connections": [{"targetNodeId": ids[i + 1] if i + 1 < len(nodes) else None}], **node, "id": ids[i]}
        for i, node in enumerate(nodes)
    ]
    start = {"id": "s", "type": "start", "connections": [{"targetNodeId": ids[0]}]}
    return {"startNodeId": "s", "nodes": [start, *made]}


KEYWORD = {"type": "dm_keyword", "keyword": "price"}
