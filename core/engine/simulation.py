"""The state of a simulated conversation: one run, a virtual clock, timers, what can be tapped, the transcript."""

from collections.abc import Callable, Mapping, MutableMapping
from collections.abc import Set as AbstractSet
from copy import copy
from dataclasses import replace
from typing import Any

from core.engine.explain import explain
from core.engine.localtime import due
from core.engine.result import Programs, Result
from core.engine.script import Script, seconds
from core.engine.step import step
from core.model.context import Context
from core.model.effect import Effect
from core.model.event import Event, Replied, ResultArrived, Returned, Started, TimerFired, event_json
from core.model.fold import plain
from core.model.limits import LIVE_REPLY_MS, PRIVATE_REPLY_MS, WINDOW_MS
from core.model.run import RunState, RunStatus
from core.model.starts import COMMENTS, opens_window

FIRINGS = 2000


class Simulation:
    """Plays events one by one; ``answer`` is the JSON of ``core.engine.simulate``."""

    def __init__(self, programs: Programs, program: str, script: Script) -> None:
        self.programs, self.program, self.script = programs, program, script
        self.now = script.now
        self.contact: MutableMapping[str, Any] = dict(script.contact)
        self.tags: AbstractSet[str] = script.tags
        self.run: RunState | None = None
        self.last_inbound: int | None = None
        self.wrote_ago: int | None = None
        self.private_replies = self.commented = self.reply_ms = 0
        self.pending: list[tuple[int, int, Event]] = []
        self.calls: dict[str, int] = {}
        self.answers: list[ResultArrived] = []
        self.buttons: list[dict[str, Any]] = []
        self.transcript: list[dict[str, Any]] = []
        self.steps: list[dict[str, Any]] = []
        self.rested: set[str] = set()

    def play(self, event: Mapping[str, Any]) -> None:
        """One event of the script."""
        kind = event["type"]
        if kind == "advance":
            self.advance(self.now + seconds(event) * 1000)
        elif kind == "start" or self.run is None:
            self._start(event)
        else:
            _PLAY[kind](self, event)

    def _start(self, event: Mapping[str, Any]) -> None:
        said = {k: event[k] for k in ("text", "payload", "media") if event.get(k)}
        trigger = event.get("trigger") or {"type": "dm_keyword", **said}
        kind = trigger.get("type")
        self.private_replies, self.commented = int(kind in COMMENTS), self.now
        self.reply_ms = LIVE_REPLY_MS if kind == "live_comment" else PRIVATE_REPLY_MS
        if opens_window(str(kind)):
            self.last_inbound = self.now
        elif event.get("wroteAgo") is not None:
            self.wrote_ago = max(event["wroteAgo"], 0)
            self.last_inbound = self.now - self.wrote_ago * 1000
        if said or trigger.get("text"):
            self._contact(said or {"text": trigger["text"]})
        self.run = RunState(*self.script.ids, seq=self.run.seq if self.run else 0)
        self.pending, self.buttons = [], []
        entry = (event["at"], -1) if event.get("at") else None
        self._step(Started(self.program, trigger, dict(event.get("args") or {}), entry))

    def take(self, event: Event) -> None:
        """An event as the engine knows it, for what no script can say."""
        if self.run is not None:
            self._step(event)

    def hear(self, text: str, payload: str | None, media: tuple[dict[str, Any], ...]) -> None:
        """An answer as it was given, whether it could be tapped or not."""
        if self.run is not None:
            said = {k: v for k, v in (("text", text), ("payload", payload), ("media", list(media))) if v}
            self._reply(Replied(text, payload, media), said)

    def _text(self, event: Mapping[str, Any]) -> None:
        self._reply(Replied(event["text"]), {"text": event["text"]})

    def _media(self, event: Mapping[str, Any]) -> None:
        media = tuple(event.get("media") or ({"type": "image"},))
        self._reply(Replied(media=media), {"media": list(media)})

    def _tap(self, event: Mapping[str, Any]) -> None:
        button = self._shown(event)
        if button is None:
            self._note("not_shown", f"No button “{event.get('title') or event.get('payload')}” can be tapped now.")
            return
        payload = button.get("payload")
        if payload is None:
            told = f"The button “{button['text']}” opens a link or answers by itself: nothing comes back."
            self._note("not_shown", told)
            return
        self._reply(Replied(button["text"], payload), {"text": button["text"], "payload": payload})

    def _shown(self, event: Mapping[str, Any]) -> dict[str, Any] | None:
        if event.get("payload"):
            return next((b for b in self.buttons if b.get("payload") == event["payload"]), None)
        return next((b for b in self.buttons if plain(b.get("text") or "") == plain(event["title"])), None)

    def _reply(self, reply: Replied, said: dict[str, Any]) -> None:
        assert self.run is not None
        self.last_inbound, self.private_replies = self.now, 0
        self._contact(said)
        if self.run.status in (RunStatus.DONE, RunStatus.CANCELLED):
            self._note("over", "The flow is over: triggers decide who answers.")
            return
        result = self._step(reply)
        if result.disposition == "unmatched":
            result = self._step(Replied(reply.text, reply.payload, reply.media, final=True))
        if result.disposition == "ignored":
            self._note("unanswered", "The flow does not answer this.")

    def _result(self, event: Mapping[str, Any]) -> None:
        assert self.run is not None
        if self.run.wait_kind != "result":
            self._note("no_call", "The flow waits for no call.")
            return
        self._step(ResultArrived(self.run.wait, event["outcome"], event.get("data"), str(event.get("error") or "")))

    def _return(self, event: Mapping[str, Any]) -> None:
        if self._step(Returned()).disposition == "stale":
            self._note("unanswered", "The flow does not wait for a person.")

    def advance(self, until: int) -> None:
        """Lets time pass until an instant, in milliseconds; what is due on the way happens."""
        for _ in range(FIRINGS):
            if not self.pending or min(self.pending, key=_when)[0] > until:
                break
            first = min(self.pending, key=_when)
            self.pending.remove(first)
            self.now = max(self.now, first[0])
            self._step(first[2])
        self.now = until

    def _step(self, event: Event) -> Result:
        """The event, then what mocks answered at once, one after the other: a flow may go round calling for long."""
        result = self._one(event)
        while self.answers:
            self._one(self.answers.pop(0))
        return result

    def _one(self, event: Event) -> Result:
        assert self.run is not None
        context = Context(
            self.now, self.contact, self.tags, self.script.segments, self.script.account, self.last_inbound
        )
        result = step(self.programs, self.run, event, context)
        self.run = result.run
        self.rested |= {f.state for f in result.run.frames}
        self.steps.append(
            {
                "at": self.now,
                "event": event_json(event),
                "disposition": result.disposition,
                "path": [list(p) for p in result.path],
                "effects": [_effect(e) for e in result.effects],
                "sentences": explain(event, result),
                "node": self._node(),
            }
        )
        for effect in result.effects:
            self._happen(effect)
        self._mocked(result)
        return result

    def _happen(self, effect: Effect) -> None:
        kind, data = effect.kind, effect.data
        if kind == "send":
            self._send(effect)
        elif kind == "timer.start":
            at = due(data, self.now, self.contact, self.script.account)
            self.pending.append((at, data["wait"], TimerFired(data["wait"])))
        elif kind == "timer.stop":
            self.pending = [p for p in self.pending if p[1] != data["wait"]]
        else:
            self._change(kind, data)
            self.transcript.append({"at": self.now, "who": "effect", **_effect(effect)})
            if kind == "run.failed":
                self._note("failed", f"{data['code']}: {data['message']}")

    def _change(self, kind: str, data: Mapping[str, Any]) -> None:
        if kind == "contact.tag":
            self.tags = self.tags | {data["name"]}
        elif kind == "contact.untag":
            self.tags = self.tags - {data["name"]}
        elif kind == "contact.set":
            self.contact[data["name"]] = data["value"]
        elif kind == "contact.unset":
            self.contact.pop(data["name"], None)

    def _send(self, effect: Effect) -> None:
        message = effect.data["message"]
        closed = self.last_inbound is None or self.now - self.last_inbound >= WINDOW_MS
        if self.private_replies:
            self.private_replies -= 1
            if self.now - self.commented > self.reply_ms:
                self._note(
                    "window_closed", "Instagram would refuse this: it is too late for a private reply to the comment."
                )
            else:
                self._note("private_reply", "This goes out as the one private reply to the comment.")
        elif closed:
            self._note("window_closed", "Instagram would refuse this: the contact wrote nothing in the last 24 hours.")
        self.buttons = [
            *(message.get("buttons") or ()),
            *(b for c in message.get("cards") or () for b in c.get("buttons", ())),
        ]
        self.transcript.append({"at": self.now, "who": "flow", "message": message, "node": effect.node})

    def _mocked(self, result: Result) -> None:
        """A call with a mock is answered when its time has come; one without waits for a ``result`` event or its time-out."""
        for effect in result.effects:
            name = effect.data["effect"] if effect.kind == "call" else ""
            if name not in self.script.mocks:
                continue
            mock = self.script.mocks[name]
            if isinstance(mock, list):
                place = self.calls.get(name, 0)
                self.calls[name] = place + 1
                mock = mock[min(place, len(mock) - 1)] if mock else "success"
            answer = mock if isinstance(mock, dict) else {"outcome": str(mock)}
            if answer.get("outcome") == "timeout":
                continue
            later = answer.get("seconds", 0)
            wait, outcome = effect.data["wait"], str(answer.get("outcome", "success"))
            event = ResultArrived(wait, outcome, answer.get("data"), str(answer.get("error", "")))
            if later:
                self.pending.append((self.now + int(later) * 1000, wait, event))
            else:
                self.answers.append(event)

    def _contact(self, said: dict[str, Any]) -> None:
        self.transcript.append({"at": self.now, "who": "contact", **said})

    def _note(self, code: str, text: str) -> None:
        self.transcript.append({"at": self.now, "who": "note", "code": code, "text": text})

    def _node(self) -> str | None:
        """The step that the run rests in."""
        top = self.run.frames[-1] if self.run is not None and self.run.frames else None
        linked = self.programs.linked(top.program).states.get(top.state) if top is not None else None
        return linked.node if linked is not None else None

    def fork(
        self, contact: MutableMapping[str, Any], tags: AbstractSet[str], segments: AbstractSet[str]
    ) -> "Simulation":
        """The same conversation up to here, which goes on by itself, with nothing in its transcript yet."""
        other = copy(self)
        other.script = replace(self.script, segments=segments)
        other.contact, other.tags = contact, tags
        other.pending, other.calls = list(self.pending), dict(self.calls)
        other.answers, other.transcript, other.steps, other.rested = [], [], [], set()
        return other

    def answer(self) -> dict[str, Any]:
        """What came of it, as JSON."""
        run = self.run
        top = run.frames[-1] if run is not None and run.frames else None
        live = run is not None and run.status is RunStatus.WAITING
        return {
            "transcript": self.transcript,
            "steps": self.steps,
            "run": run.as_json() if run is not None else None,
            "node": self._node(),
            "variables": dict(top.vars) if top is not None else {},
            "buttons": self.buttons if live else [],
            "contact": self.contact,
            "tags": sorted(self.tags),
            "timers": [
                {"wait": wait, "at": at}
                for at, wait, event in sorted(self.pending, key=_when)
                if isinstance(event, TimerFired)
            ],
            "now": self.now,
        }


def _when(pending: tuple[int, int, Event]) -> tuple[int, int]:
    return pending[0], pending[1]


def _effect(effect: Effect) -> dict[str, Any]:
    return {"kind": effect.kind, "data": effect.data, "node": effect.node}


_PLAY: dict[str, Callable[[Simulation, Mapping[str, Any]], None]] = {
    "text": Simulation._text,
    "tap": Simulation._tap,
    "media": Simulation._media,
    "result": Simulation._result,
    "return": Simulation._return,
}
