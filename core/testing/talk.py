"""A flow that one can talk to: lines in, lines out. The terminal's preview, and anything else that has lines."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from core.engine.replay import recording_of
from core.engine.script import ScriptError, read
from core.engine.shelf import Shelf
from core.engine.simulation import Simulation
from core.lang.durations import seconds_of
from core.model.limits import WINDOW_MS
from core.model.program import Program
from core.model.recording import Recording
from core.model.run import RunStatus
from core.testing.flowtest.seen import Seen
from core.testing.flowtest.starts import start_event
from core.testing.flowtest.transcript import clock

Line = tuple[str, str]
"""(kind, text): flow, note, effect, info, button."""
HELP = (
    "Write what the contact writes. A number taps the button with that number.",
    ":start dm hi        begin again, by a trigger: dm, comment, welcome, ref, story_mention …",
    ":advance 23h        let time pass (30m, 2h, 1d)",
    ":state              where the run is, its variables, its timers, what is left of the window",
    ":contact            the contact; ':contact plan=pro' sets an attribute, ':tag vip' and ':untag vip' tags",
    ":result success {…} answer a call that the flow waits for: outcome and data",
    ":media image        send a picture, a video, an audio or a file",
    ":return             a person gives the conversation back",
    ":why                what happened in the last step, and why",
    ":restart            the same again from the beginning    :help    :quit",
)


class Talk:
    """One conversation. ``say`` takes a line and answers what comes of it."""

    def __init__(self, program: Program, shelf: Shelf, script: Mapping[str, Any]) -> None:
        self._program, self._shelf, self._script = program, shelf, dict(script)
        self._start: Mapping[str, Any] = {"type": "start"}
        self._make()

    def _make(self) -> None:
        self._sim = Simulation(self._shelf, self._program.hash, read(self._script))
        self._shown = 0

    def begin(self) -> list[Line]:
        """The flow starts."""
        return self._play(self._start)

    @property
    def over(self) -> bool:
        """The run has ended."""
        run = self._sim.run
        return run is not None and run.status in (RunStatus.DONE, RunStatus.CANCELLED)

    @property
    def recording(self) -> Recording:
        """What has been said so far."""
        return recording_of(self._sim)

    def say(self, line: str) -> list[Line]:
        """What comes of a line. Never raises for what somebody types."""
        text = line.strip()
        if not text:
            return []
        try:
            if text.startswith(":"):
                word, _, rest = text[1:].partition(" ")
                command = _COMMANDS.get(word)
                return command(self, rest.strip()) if command else [("note", f"there is no ':{word}'; :help lists all")]
            if text.isdecimal() and 0 < int(text) <= len(self._sim.buttons):
                button = self._sim.buttons[int(text) - 1]
                return self._play({"type": "tap", "title": button["text"]})
            return self._play({"type": "text", "text": text})
        except (ScriptError, ValueError) as e:
            return [("note", str(e))]

    def _play(self, event: Mapping[str, Any]) -> list[Line]:
        before = self._sim.now
        read({"events": [dict(event)]})
        self._sim.play(event)
        new = self._sim.transcript[self._shown :]
        lines = [line for item in new for line in _lines(item)]
        self._shown = len(self._sim.transcript)
        if self._sim.now != before:
            lines.insert(0, ("info", clock(self._sim.now)))
        if any(item["who"] == "flow" for item in new):
            lines += [("button", f"{n}  {b.get('text')}") for n, b in enumerate(self._sim.buttons, 1)]
        return lines or [("info", "nothing happens")]

    @property
    def _waits(self) -> bool:
        return self._sim.run is not None and self._sim.run.status is RunStatus.WAITING

    def _state(self, _: str) -> list[Line]:
        told = self._sim.answer()
        run = self._sim.run
        left = 0 if self._sim.last_inbound is None else max(0, WINDOW_MS - (self._sim.now - self._sim.last_inbound))
        lines = [
            f"{clock(self._sim.now)}; {left // 3_600_000} h {left // 60_000 % 60} min are left of the messaging window"
        ]
        if run is not None:
            lines.append(f"run: {run.status}" + (f", waits for a {run.wait_kind}" if self._waits else ""))
        lines += [f"step: {told['node']}"] * bool(told["node"])
        lines += [f"variables: {json.dumps(told['variables'], ensure_ascii=False)}"] * bool(told["variables"])
        lines += [f"timer: {clock(t['at'])}" for t in told["timers"]]
        return [("info", line) for line in lines]

    def _contact(self, given: str) -> list[Line]:
        name, equals, value = given.partition("=")
        if equals:
            self._sim.contact[name.strip()] = value.strip()
        told = {**self._sim.contact, "tags": sorted(self._sim.tags)}
        return [("info", json.dumps(told, ensure_ascii=False))]

    def _tag(self, name: str) -> list[Line]:
        self._sim.tags = self._sim.tags | ({name} if name else set())
        return self._contact("")

    def _untag(self, name: str) -> list[Line]:
        self._sim.tags = self._sim.tags - {name}
        return self._contact("")

    def _advance(self, given: str) -> list[Line]:
        seconds = seconds_of(given)
        if not isinstance(seconds, int):
            return [("note", "how long? :advance 30m, :advance 23h, :advance 1d")]
        return self._play({"type": "advance", "seconds": seconds})

    def _begin(self, given: str) -> list[Line]:
        word, _, said = given.partition(" ")
        self._start = start_event({word: said or None} if word else {"dm": "hi"})
        return self._restart("")

    def _restart(self, _: str) -> list[Line]:
        self._make()
        return self.begin()

    def _result(self, given: str) -> list[Line]:
        outcome, _, data = given.partition(" ")
        try:
            found = json.loads(data) if data else None
        except ValueError:
            return [("note", f"'{data}' is not JSON")]
        return self._play({"type": "result", "outcome": outcome or "success", "data": found})

    def _why(self, _: str) -> list[Line]:
        steps = self._sim.steps
        return [("info", s) for s in (steps[-1]["sentences"] if steps else ["nothing has happened yet"])]

    def _media(self, kind: str) -> list[Line]:
        return self._play({"type": "media", "media": [{"type": kind or "image", "url": "https://cdn.example/sent"}]})


def _lines(item: Mapping[str, Any]) -> Iterator[Line]:
    who = item["who"]
    if who == "flow":
        message = item["message"]
        yield from (("flow", f"[{m['type']}] {m.get('url')}") for m in message.get("media") or ())
        yield from (
            ("flow", f"[card] {c.get('title')}" + (f": {c['subtitle']}" if c.get("subtitle") else ""))
            for c in message.get("cards") or ()
        )
        if message.get("text"):
            yield "flow", str(message["text"])
    elif who == "effect":
        yield "effect", str(Seen(item["kind"], item["data"]))
    elif who == "note":
        yield "note", str(item["text"])


_COMMANDS: Mapping[str, Callable[[Talk, str], list[Line]]] = {
    "advance": Talk._advance,
    "contact": Talk._contact,
    "help": lambda talk, _: [("info", line) for line in HELP],
    "media": Talk._media,
    "restart": Talk._restart,
    "result": Talk._result,
    "return": lambda talk, _: talk._play({"type": "return"}),
    "start": Talk._begin,
    "state": Talk._state,
    "tag": Talk._tag,
    "untag": Talk._untag,
    "why": Talk._why,
}
