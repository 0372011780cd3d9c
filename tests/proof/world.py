"""Random flows, random contacts, and the strict fake Instagram that judges what a flow sends."""

import http.client
import json
import random
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from core.engine import Shelf
from core.engine.script import read
from core.engine.simulation import Simulation
from core.model.program import Program
from instaflow.testing import FakeInstagram

HOUR = 3600
WAITS = (60, HOUR, 5 * HOUR, 12 * HOUR, 20 * HOUR, 26 * HOUR, 3 * 24 * HOUR)
STARTS = ("dm_keyword", "comment_keyword", "reaction")


def flow(rng: random.Random) -> dict[str, Any]:
    """A flow of a few steps of every sort that has to do with time, joined at random."""
    size = rng.randint(2, 7)
    ids = [f"s{i}" for i in range(size)]

    def target() -> str | None:
        return rng.choice([*ids, None])

    nodes = [_node(rng, i, target) for i in ids]
    nodes[0] = _node(rng, "s0", target)
    trigger: dict[str, Any] = {"type": rng.choice(STARTS)}
    if trigger["type"] != "reaction":
        trigger["keyword"] = "go"
    return {"flowDefinition": {"startNodeId": "s0", "nodes": nodes}, "triggers": [trigger]}


def _node(rng: random.Random, id_: str, target: Any) -> dict[str, Any]:
    kind = rng.choice(["say", "say", "quick", "wait", "guard", "ask", "tag"])
    to = {"targetNodeId": target(), "condition": None}
    if kind == "say":
        return {"id": id_, "type": "message", "text": f"This is {id_}", "connections": [to]}
    if kind == "wait":
        return {"id": id_, "type": "wait", "durationSeconds": rng.choice(WAITS), "connections": [to]}
    if kind == "tag":
        return {"id": id_, "type": "tag_contact", "tagName": "x", "connections": [to]}
    if kind == "guard":
        asked = rng.choice(["window.open", "not window.open", "window.left > 7200", "window.left < 1h"])
        yes = {"targetNodeId": target(), "condition": {"type": "expression", "value": asked}}
        return {"id": id_, "type": "condition", "connections": [yes, to]}
    late = {"targetNodeId": target(), "condition": {"type": "timeout", "seconds": rng.choice(WAITS)}}
    if kind == "ask":
        valid = {"targetNodeId": target(), "condition": {"type": "input_valid", "value": True}}
        ask = {"id": id_, "type": "get_input", "prompt": f"Name, {id_}?", "inputType": "text", "saveToVariable": "n"}
        return {**ask, "connections": [valid, late]}
    button = {"targetNodeId": target(), "condition": {"type": "button_payload", "value": "YES"}}
    content = {"text": f"Well, {id_}?", "buttons": [{"type": "quick_reply", "text": "Yes", "payload": "YES"}]}
    return {"id": id_, "type": "message", "content": content, "connections": [button, late, to]}


def schedule(rng: random.Random, kind: str) -> Iterator[dict[str, Any]]:
    """What somebody does with a flow: answers, taps, is silent for hours or for days."""
    trigger = {"type": kind, **({"commentId": "c"} if kind == "comment_keyword" else {})}
    yield {"type": "start", "trigger": trigger}
    for _ in range(rng.randint(1, 8)):
        what = rng.random()
        if what < 0.25:
            yield {"type": "text", "text": "hello"}
        elif what < 0.45:
            yield {"type": "tap", "payload": "YES"}
        else:
            yield {"type": "advance", "seconds": rng.choice([1, *WAITS])}


class Judge:
    """Plays a conversation and sends what the flow says to the fake Instagram, at its time, to its person."""

    def __init__(self, instagram: FakeInstagram) -> None:
        self.instagram = instagram
        self.line = http.client.HTTPConnection("127.0.0.1", instagram.port, timeout=20)
        self._connect()

    def _connect(self) -> None:
        """A new account: time flies here, and tokens live for sixty days."""
        self.username = f"shop.{uuid.uuid4().hex[:8]}"
        _, self.token = self.instagram.account(self.username)

    def play(self, program: Program, events: Iterator[Mapping[str, Any]] | list[dict[str, Any]]) -> list[str]:
        """The texts that Instagram refused."""
        self._connect()
        now = self.instagram.now()
        person = f"p{uuid.uuid4().hex[:10]}"
        simulation = Simulation(Shelf([program]), program.hash, read({"now": now}))
        comment = ""
        refused: list[str] = []
        done = 0
        for event in events:
            if event["type"] == "start" and event["trigger"]["type"] == "comment_keyword":
                media = self.instagram.posts(account=self.username)
                comment = self.instagram.comments(person, "go", media=media, account=self.username)
            elif event["type"] == "start" and event["trigger"]["type"] == "dm_keyword":
                self.instagram.says(person, "go", account=self.username)
            before = len(simulation.transcript)
            simulation.play(event)
            for item in simulation.transcript[before:]:
                self._until(item["at"])
                if item["who"] == "contact" and event["type"] != "start":
                    self.instagram.says(person, item["text"], account=self.username)
                elif item["who"] == "flow":
                    to = {"comment_id": comment} if comment and not done else {"id": self._id(person)}
                    done += 1
                    if not self._sent(to, item["message"]["text"]):
                        refused.append(item["message"]["text"])
            self._until(simulation.now)
        return refused

    def _until(self, at: int) -> None:
        if at > self.instagram.now():
            self.instagram.advance(ms=at - self.instagram.now())

    def _id(self, person: str) -> str:
        return self.instagram.igsid(person, self.username)

    def _sent(self, to: dict[str, str], text: str) -> bool:
        body = json.dumps({"recipient": to, "message": {"text": text}})
        path = f"/ig/v26.0/me/messages?access_token={self.token}"
        self.line.request("POST", path, body, {"Content-Type": "application/json"})
        answer = self.line.getresponse()
        answer.read()
        return answer.status == 200
