"""Random flows with properties, and random people who know what the flow looks at."""

import random
from typing import Any

from core.engine.simulation import Simulation
from core.model.run import RunStatus

TAGS, ATTRIBUTES, WORDS = ("vip", "new"), ("plan", "score"), ("gold", "yes", "blue")
GUARDS: tuple[dict[str, Any], ...] = (
    {"type": "has_tag", "value": "vip"},
    {"type": "attribute_equals", "attribute": "plan", "value": "gold"},
    {"type": "expression", "value": "contact.score > 5"},
    {"type": "expression", "value": "contact.score <= 2 and not tagged new"},
    {"type": "expression", "value": 'answer is "blue" or answer == 3'},
    {"type": "expression", "value": "result.amount >= 10"},
    {"type": "expression", "value": "in_segment('loyal')"},
    {"type": "expression", "value": 'last.text contains "yes"'},
)
PROPERTIES: tuple[dict[str, str], ...] = (
    {"never": 'say "text-3"'},
    {"never": "tag vip if contact.score > 5"},
    {"never": 'say "text*" unless tagged vip or contact.plan is "gold"'},
    {"never": "say after handover until return"},
    {"never": "say after tag new until untag new"},
    {"always": "contact.plan is set when tag new"},
    {"always": "tag vip before call shop.look"},
    {"always": "step n2 before step n4"},
    {"eventually": "end"},
    {"eventually": "end good or end bad or silence or failure or end end"},
    {"eventually": "tag vip or silence"},
    {"eventually": "return or silence after handover"},
)


def flow(rng: random.Random) -> dict[str, Any]:
    """A flow of up to nine steps; any step leads to any."""
    ids = [f"n{i}" for i in range(rng.randint(3, 9))]
    nodes = [{"id": "start", "type": "start", "connections": [{"targetNodeId": "n0", "condition": None}]}]
    nodes += [_node(rng, i, ids) for i in ids]
    properties = [dict(p) for p in rng.sample(PROPERTIES, 4)]
    settings = {"expireSeconds": 86400} if rng.random() < 0.3 else {}
    trigger = {"type": "dm_keyword", "keyword": "hi"}
    inner = {"startNodeId": "start", "nodes": nodes, "settings": settings, "properties": properties}
    return {"triggers": [trigger], "flowDefinition": inner}


def _node(rng: random.Random, id_: str, ids: list[str]) -> dict[str, Any]:
    def to(condition: dict[str, Any] | None = None) -> dict[str, Any]:
        return {"targetNodeId": rng.choice([*ids, None]), "condition": condition}

    def outcome(word: str) -> dict[str, Any]:
        return to({"type": "outcome", "value": word})

    n = id_[1:]
    made: list[dict[str, Any]] = [
        {"type": "message", "content": {"text": f"text-{n}"}, "connections": [to()]},
        {
            "type": "message",
            "content": {"text": f"ask-{n}", "buttons": [{"type": "quick_reply", "text": "A", "payload": "A"}]},
            "connections": [to({"type": "button_payload", "value": "A"}), to()],
        },
        {
            "type": "get_input",
            "prompt": f"what-{n}",
            "inputType": rng.choice(["text", "number", "email"]),
            "retries": rng.choice([0, 1]),
            **rng.choice([{"saveToVariable": "answer"}, {"saveToAttribute": "score"}]),
            "connections": [to({"type": "input_valid", "value": v}) for v in (True, False)]
            + ([to({"type": "timeout", "seconds": 60})] if rng.random() < 0.5 else []),
        },
        {"type": "condition", "connections": [*(to(g) for g in rng.sample(GUARDS, 2)), to()]},
        {"type": "condition", "connections": [to(rng.choice(GUARDS)), to()]},
        {"type": rng.choice(["tag_contact", "untag_contact"]), "tagName": rng.choice(TAGS), "connections": [to()]},
        {"type": "set_attribute", "target": "contact.plan", "value": rng.choice(WORDS), "connections": [to()]},
        {"type": "wait", "durationSeconds": 3600, "connections": [to()]},
        {
            "type": "external_api_call",
            "integration": "http.request",
            "arguments": {"url": "https://shop.example"},
            "saveToVariable": "result",
            "connections": [outcome("success"), outcome("failure")],
        },
        {"type": "human_takeover", "connections": [outcome("return")]},
        {"type": "random_split", "connections": [to({"type": "random", "weight": w}) for w in (50, 50)]},
        {"type": "end", "outcome": rng.choice(["good", "bad"])},
    ]
    return {"id": id_, **rng.choice(made)}


def person(rng: random.Random) -> dict[str, Any]:
    """Somebody, up to the first event."""
    contact: dict[str, Any] = {"tags": [t for t in TAGS if rng.random() < 0.5]}
    if rng.random() < 0.6:
        contact["score"] = rng.choice([*range(-1, 10), "7", "many", ""])
    if rng.random() < 0.6:
        contact["plan"] = rng.choice([*WORDS, "", 0, True])
    segments = ["loyal"] if rng.random() < 0.5 else []
    start = {"type": "start", "trigger": {"type": "dm_keyword"}}
    return {"contact": contact, "segments": segments, "seed": rng.randrange(50), "events": [start]}


def next_event(rng: random.Random, simulation: Simulation) -> dict[str, Any] | None:
    """What they do next; None when there is nothing left to do."""
    run = simulation.run
    if run is None or run.status is not RunStatus.WAITING:
        return None
    if simulation.pending and (run.wait_kind == "timer" or rng.random() < 0.3):
        due = min(at for at, _, _ in simulation.pending)
        return {"type": "advance", "seconds": (due - simulation.now) // 1000 + rng.choice([0, 0, 1, 90])}
    if run.wait_kind == "human":
        return {"type": "return"} if rng.random() < 0.8 else None
    if run.wait_kind == "result":
        data = rng.choice([None, {"amount": rng.randrange(20)}, {"amount": "x"}, 12])
        return {"type": "result", "outcome": rng.choice(["success", "failure"]), "data": data}
    if simulation.buttons and rng.random() < 0.5:
        return {"type": "tap", "payload": "A"}
    if rng.random() < 0.1:
        return {"type": "media"}
    said = [*WORDS, "ana@mail.example", "?", "hm", *map(str, range(8)), "yes please"]
    return {"type": "text", "text": rng.choice(said)} if rng.random() < 0.95 else None
