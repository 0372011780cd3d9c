"""The strict fake Instagram judges what a flow sends: at its time, to its person, as a private reply when it must be one."""

import http.client
import itertools
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from core.engine import Shelf
from core.engine.script import DEFAULT_NOW, read
from core.engine.simulation import Simulation
from core.model.program import Program
from core.model.starts import COMMENTS, opens_window
from instaflow.testing import FakeInstagram

LIVE_MS = 5 * 60_000
"""How long a broadcast goes on at least after a comment."""

Acts = Callable[[Simulation], Iterable[Mapping[str, Any]]]


class Judge:
    """Plays conversations in the engine, and sends what the flow says over HTTP."""

    def __init__(self, instagram: FakeInstagram) -> None:
        self.instagram = instagram
        self.line = http.client.HTTPConnection("127.0.0.1", instagram.port, timeout=20)
        self.account, self.people = "shop", itertools.count()
        _, self.token = instagram.account(self.account, token_days=1_000_000)  # time flies here
        self.broadcast, self.ends = "", 0

    def play(
        self,
        program: Program,
        script: Mapping[str, Any],
        others: Mapping[str, Program] | None = None,
        live_ms: int = LIVE_MS,
        acts: Acts | None = None,
    ) -> list[str]:
        """The steps whose messages Instagram refused. ``acts`` = what happens after the script's events, as the run goes."""
        events: Sequence[Mapping[str, Any]] = script["events"]
        self.person = f"person{next(self.people)}"
        now = script.get("now", DEFAULT_NOW)
        self._begin(now, events[0])
        shelf = Shelf([program, *(others or {}).values()], {name: p.hash for name, p in (others or {}).items()})
        simulation = Simulation(shelf, program.hash, read({"contact": script.get("contact"), "now": now}))
        self.comment = self._start(str(events[0]["trigger"]["type"]), live_ms)
        self.private = bool(self.comment)
        goes_on = acts(simulation) if acts else ()
        return [node for event in itertools.chain(events, goes_on) for node in self._play(simulation, event)]

    def _begin(self, now: int, start: Mapping[str, Any]) -> None:
        """The person has written before, if they have; ``ahead`` = how far Instagram's clock is ahead of the script's."""
        if (ago := start.get("wroteAgo")) is not None:
            self.instagram.says(self.person, "hello", account=self.account)
            self.instagram.advance(ms=ago * 1000)
        self.ahead = self.instagram.now() - now

    def _start(self, kind: str, live_ms: int) -> str:
        """The comment's id, if it is one."""
        self.broadcast = ""
        if kind in COMMENTS:
            media = self.instagram.posts(product="LIVE" if kind == "live_comment" else "FEED", account=self.account)
            if kind == "live_comment":
                self.broadcast, self.ends = media, self.instagram.now() + live_ms
            return self.instagram.comments(self.person, "go", media=media, account=self.account)
        if opens_window(kind):
            self.instagram.says(self.person, "go", account=self.account)
        return ""

    def _play(self, simulation: Simulation, event: Mapping[str, Any]) -> Iterable[str]:
        before = len(simulation.transcript)
        simulation.play(event)
        for item in simulation.transcript[before:]:
            self._until(item["at"])
            if item["who"] == "contact" and event["type"] != "start":
                self.instagram.says(self.person, "hello", account=self.account)
            elif item["who"] == "flow" and not self._sent(item["message"]):
                yield item["node"]
        self._until(simulation.now)

    def _until(self, at: int) -> None:
        at += self.ahead
        if self.broadcast and at > self.ends:
            self.instagram.ends_live(self.broadcast)
        if at > self.instagram.now():
            self.instagram.advance(ms=at - self.instagram.now())

    def _sent(self, message: Mapping[str, Any]) -> bool:
        """Sends as the runtime does: the first message of a run that a comment began is the private reply."""
        to = {"comment_id": self.comment} if self.private else {"id": self.instagram.igsid(self.person, self.account)}
        self.private = False
        body = json.dumps({"recipient": to, "message": {"text": message["text"]}})
        path = f"/ig/v26.0/me/messages?access_token={self.token}"
        self.line.request("POST", path, body, {"Content-Type": "application/json"})
        answer = self.line.getresponse()
        answer.read()
        return answer.status == 200
