"""The conversation of the demo: a person at the fake Instagram, and what InstaFlow really answers, with its times."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from core.cli.demo_http import Client, until
from core.cli.demo_seed import ACCOUNT, API

WAIT_SECONDS = 20.0
QUIET_SECONDS = 1.0
"""How long nothing may come where nothing automated may answer: replies take some ten milliseconds."""
_CHIPS = {"user_email": "your e-mail", "user_phone_number": "your phone number"}


@dataclass(frozen=True)
class Turn:
    """``act`` is an address under /fake/ (or with a slash: of the fake itself), ``body`` what goes with it.

    ``expect``: (kind, words that the reply holds); ``rests``: the step that the contact must have come to; ``status``: what
    the API must then say of the conversation; ``silent``: nothing automated may answer.
    """

    act: str
    body: dict[str, Any]
    shown: str
    expect: tuple[tuple[str, str], ...] = ()
    rests: str = ""
    status: str = ""
    silent: bool = False


CONVERSATION: tuple[Turn, ...] = (
    Turn(
        "comment",
        {"text": "GIVEAWAY please!"},
        'comments "GIVEAWAY please!" on the newest post',
        (("comment_reply", "Check your messages"), ("message", "Reply YES")),
    ),
    Turn("say", {"text": "Yes"}, 'writes "Yes"', (("message", "Where should we send the prize"),)),
    Turn("tap", {"what": "user_email"}, "taps the chip with their e-mail address", (("message", "You are in"),)),
    Turn(
        "say",
        {"text": "Do you have new products?"},
        'writes "Do you have new products?"',
        (("message", "Tell me more"),),
    ),
    Turn("tap", {"what": "Tell me more"}, 'taps "Tell me more" on a card', (("message", "dishwasher"),)),
)
REQUIREMENTS: tuple[Turn, ...] = (
    Turn("say", {"text": "Hello"}, 'writes "Hello"', (("message", "Hello Ana! Welcome to our page"),)),
    Turn("tap", {"what": "Browse Products"}, 'taps "Browse Products"', rests="node_5"),
    Turn("/clock", {"advanceMs": 3_600_000}, "waits an hour (the clock is moved)", (("message", "your email"),)),
    Turn("say", {"text": "not an address"}, 'writes "not an address"', (("message", "does not look like"),)),
    Turn("say", {"text": "ana@mail.example"}, "writes a good address", (("message", "We will write to ana@mail"),)),
    Turn("say", {"text": "hi"}, 'writes "hi"', (("message", "Hello Ana! Welcome to our page"),)),
    Turn(
        "tap",
        {"what": "Contact Support"},
        'taps "Contact Support": a person takes over',
        status="pending_human",
        silent=True,
    ),
    Turn("say", {"text": "Hello, anybody?"}, 'writes "Hello, anybody?"', status="pending_human", silent=True),
)
"""The requirements' own flow, played with ``--once``: it moves the clock."""


@dataclass
class Reply:
    """One message that arrived at Instagram; ``ms`` = since the webhook began to leave."""

    kind: str
    text: str
    buttons: list[str]
    ms: float


@dataclass
class Played:
    """What one turn came to. ``ack_ms``: how long InstaFlow took to accept the webhook. ``missing``: what did not come."""

    turn: Turn
    ack_ms: float = 0.0
    flow: str = ""
    replies: list[Reply] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def newcomer(fake: Client) -> str:
    """A person whom this account has never met."""
    taken = {p["username"] for p in fake.get("/fake/state")["people"]}
    number = 1
    while (name := "ana.ruiz" if number == 1 else f"ana.ruiz{number}") in taken:
        number += 1
    fake.post("/fake/person", {"person": name, "name": "Ana Ruiz", "email": "ana@mail.example", "public": True})
    return name


def play(turn: Turn, person: str, api: Client, fake: Client, account_id: str, flows: dict[str, str]) -> Played:
    """Does the turn and waits for what it should bring."""
    seen, told, began = len(_sent(fake, person)), len(_webhooks(fake)), time.time_ns()
    if turn.act.startswith("/"):
        fake.post(turn.act, turn.body)
    else:
        fake.post(f"/fake/{turn.act}", {**turn.body, "person": person, "account": ACCOUNT})
    until(lambda: not _missing(turn, _sent(fake, person)[seen:]), WAIT_SECONDS, 0.02)
    if turn.rests:
        until(lambda: _contact(api, account_id, person).get("currentFlowStepNodeId") == turn.rests, WAIT_SECONDS)
    came_to = _came_to(turn, api, account_id, person) if turn.status else ""
    time.sleep(QUIET_SECONDS if turn.silent else 0.05)
    webhook = next((d for d in _webhooks(fake)[told:] if d["state"] == "done"), None)
    fresh, contact = _sent(fake, person)[seen:], _contact(api, account_id, person)
    played = Played(turn, webhook["ack_ms"] if webhook else 0.0, _flow(contact, flows))
    played.replies = [_reply(s, webhook["sent_ns"] if webhook else began) for s in fresh]
    played.missing = _missing(turn, fresh)
    if turn.rests and contact.get("currentFlowStepNodeId") != turn.rests:
        played.missing.append(f"step {turn.rests}")
    if came_to != turn.status:
        played.missing.append(f"conversation {turn.status}, it is {came_to}")
    if turn.silent and fresh:
        played.missing.append("silence")
    return played


def _came_to(turn: Turn, api: Client, account_id: str, person: str) -> str:
    """The conversation's status by the API, once the person's words are in it."""
    place = f"{API}/conversations/{_contact(api, account_id, person)['conversationId']}"
    words = turn.body.get("text") or turn.body["what"]

    def heard() -> bool:
        return any(m["direction"] == "inbound" and words in str(m["content"]) for m in api.get(f"{place}/messages"))

    def status() -> str:
        return str(api.get(place)["status"])

    until(heard, WAIT_SECONDS)
    until(lambda: status() == turn.status, WAIT_SECONDS)
    return status()


def _sent(fake: Client, person: str) -> list[dict[str, Any]]:
    every = fake.get("/fake/sent", person=person)["sent"]
    return [s for s in every if s["kind"] in ("message", "comment_reply")]


def _webhooks(fake: Client) -> list[dict[str, Any]]:
    every = fake.get("/fake/deliveries")["deliveries"]
    return [d for d in every if d["kind"] in ("message", "postback") or d["kind"] == "comment"]


def _missing(turn: Turn, sent: Sequence[dict[str, Any]]) -> list[str]:
    got = [(s["kind"], _words(s["body"])) for s in sent]
    return [words for kind, words in turn.expect if not any(k == kind and words in text for k, text in got)]


def _reply(sent: dict[str, Any], start_ns: int) -> Reply:
    body = sent["body"]
    kind = "private_reply" if sent["kind"] == "message" and sent["comment_id"] else sent["kind"]
    return Reply(kind, _text(body), _buttons(body), round((sent["at_ns"] - start_ns) / 1e6, 1))


def _words(body: dict[str, Any]) -> str:
    return " ".join([_text(body), *_buttons(body)])


def _text(body: dict[str, Any]) -> str:
    if body.get("text"):
        return str(body["text"])
    for attachment in body.get("attachments", ()):
        payload = attachment.get("payload", {})
        if payload.get("text"):
            return str(payload["text"])
        if payload.get("elements"):
            return "cards: " + " | ".join(str(e["title"]) for e in payload["elements"])
        return f"{attachment['type']} {payload.get('url', '')}".strip()
    return ""


def _buttons(body: dict[str, Any]) -> list[str]:
    """The titles that can be tapped."""
    found = [str(r.get("title") or _CHIPS[r["content_type"]]) for r in body.get("quick_replies", ())]
    for attachment in body.get("attachments", ()):
        payload = attachment.get("payload", {})
        rows = [*payload.get("buttons", ()), *(b for e in payload.get("elements", ()) for b in e.get("buttons", ()))]
        found += [str(b["title"]) for b in rows]
    return list(dict.fromkeys(found))


def _contact(api: Client, account_id: str, person: str) -> dict[str, Any]:
    found = api.get(f"{API}/instagram-accounts/{account_id}/contacts", search=person)["contacts"]
    return next((dict(c) for c in found if c.get("instagramUsername") == person), dict(found[0]) if found else {})


def _flow(contact: dict[str, Any], flows: dict[str, str]) -> str:
    """Where InstaFlow says the contact is: the flow's name and step, or that no flow is under way."""
    name = next((n for n, i in flows.items() if i == contact.get("currentFlowId")), "")
    return f'{name}, waits at "{contact.get("currentFlowStepNodeId")}"' if name else "none under way"
