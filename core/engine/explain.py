"""A step in sentences, for the preview, the trace of a conversation and ``instaflow why``."""

from collections.abc import Callable, Mapping
from typing import Any

from core.engine.result import Result
from core.engine.values import text_of
from core.model.effect import Effect
from core.model.event import Cancelled, Event, Replied, ResultArrived, Started, event_json
from core.model.run import RunState, RunStatus

LONG = 80

_DISPOSITIONS = {
    "unmatched": "The question does not expect this; triggers are asked before it is asked again.",
    "ignored": "The flow does nothing with it.",
    "early": "It was written before the question could be read, so it is not taken as an answer.",
    "stale": "It belongs to a wait that is over, so nothing changes.",
    "reprompted": "The question is put again.",
    "turn": "Another flow is waiting for this contact's answer, so the question waits for its turn.",
}
_EVENTS = {
    "timer": "The time is up.",
    "returned": "A person gave the conversation back.",
    "turn": "It is this flow's turn to ask.",
    "repeated": "The contact tapped a button of an earlier question.",
    "retried": "Somebody asked to try again.",
}
_WAITS = {
    "reply": "Waits for an answer.",
    "human": "Waits until a person gives the conversation back.",
    "result": "Waits for the result of a call.",
    "turn": "Waits for its turn to ask.",
}


def explain(event: Event, result: Result) -> list[str]:
    """What happened in one step, in order: the event, the exits taken, what was wished, where the run rests.

    >>> from core.model.run import RunState
    >>> explain(Replied("hm"), Result(RunState("r", "c"), [], [], "ignored"))
    ['The contact wrote “hm”.', 'The flow does nothing with it.']
    """
    out = [describe(event)]
    if result.disposition in _DISPOSITIONS:
        out.append(_DISPOSITIONS[result.disposition])
    out += [f"{edge.partition('#')[0]}: {_exit(edge.partition('#')[2])}" for _, edge in result.path]
    out += [sentence for e in result.effects if (sentence := sentence_of(e))]
    if result.disposition in ("handled", "turn"):
        out += _rest(result.run, result.effects)
    return out


def describe(event: Event) -> str:
    """The event as a sentence."""
    if isinstance(event, Started):
        how = event.trigger.get("type")
        return f"The flow starts ({how})." if how else "The flow starts."
    if isinstance(event, Replied):
        if event.payload is not None:
            return f"The contact tapped {_quoted(event.text or event.payload)}."
        return f"The contact wrote {_quoted(event.text)}." if event.text else "The contact sent media."
    if isinstance(event, ResultArrived):
        return f"The call ended: {event.outcome}{f' ({event.error})' if event.error else ''}."
    if isinstance(event, Cancelled):
        return f"The run is cancelled ({event.reason})."
    return _EVENTS[event_json(event)["kind"]]


def _exit(name: str) -> str:
    word, _, rest = name.partition(":")
    known = {
        "": "ends here",
        "next": "goes on",
        "else": "takes the exit for any other answer",
        "valid": "the answer is valid",
        "invalid": "the answer is not valid",
        "timeout": "no answer came in time",
        "retry": "the answer is not valid, asks again",
        "reprompt": "asks again",
        "repeat": "shows the question again",
        "return": "goes on after the person",
    }
    return f"{known.get(word, f'takes the exit {word}')}{f' “{rest}”' if rest else ''}."


def sentence_of(effect: Effect) -> str:
    """An effect as a sentence; "" for book-keeping that nobody needs to read."""
    make = _EFFECTS.get(effect.kind)
    if make is not None:
        return make(effect.data)
    return "" if effect.kind in ("timer.start", "timer.stop", "run.ended") else f"Asks for {effect.kind}."


def _send(data: Mapping[str, Any]) -> str:
    message = data["message"]
    parts = [_quoted(message["text"])] if message.get("text") else []
    parts += [f"{m['type']} {m.get('url', '')}".strip() for m in message.get("media") or ()]
    if message.get("cards"):
        parts.append(f"{len(message['cards'])} cards")
    titles = [b.get("text") or b.get("contentType", "") for b in message.get("buttons") or ()]
    shown = f" with the buttons {', '.join(titles)}" if titles else ""
    return f"Sends {' and '.join(parts) or 'buttons'}{shown}."


def _set(data: Mapping[str, Any]) -> str:
    return f"Sets the contact's {data['name']} to {_quoted(text_of(data['value']))}."


_EFFECTS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "send": _send,
    "comment_reply": lambda d: f"Replies to the comment in public: {_quoted(text_of(d.get('text')))}.",
    "contact.tag": lambda d: f"Tags the contact {d['name']}.",
    "contact.untag": lambda d: f"Takes the tag {d['name']} off the contact.",
    "contact.set": _set,
    "contact.unset": lambda d: f"Clears the contact's {d['name']}.",
    "conversation.handover": lambda d: f"Hands over to a person{': ' + d['message'] if d.get('message') else ''}.",
    "call": lambda d: f"Calls {d['effect']}.",
    "run.failed": lambda d: f"Stops with {d['code']}: {d['message']}.",
}


def _rest(run: RunState, effects: list[Effect]) -> list[str]:
    if run.status is RunStatus.DONE:
        return [f"The flow is over ({run.outcome})."]
    if run.status is not RunStatus.WAITING:
        return []
    if run.wait_kind == "timer":
        return [f"Waits {_length(e.data)}." for e in effects if e.kind == "timer.start"]
    return [_WAITS[run.wait_kind]]


def _length(data: Mapping[str, Any]) -> str:
    if "seconds" in data:
        return duration(data["seconds"])
    if "until" in data:
        return f"until {data['until'].get('time') or text_of(data['until'].get('at'))}"
    return "for business hours"


def duration(seconds: int) -> str:
    """A duration in the two largest units.

    >>> duration(5400), duration(0), duration(90000)
    ('1 h 30 min', '0 s', '1 d 1 h')
    """
    parts = []
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2]) or "0 s"


def _quoted(text: str) -> str:
    return f"“{text if len(text) <= LONG else text[: LONG - 1] + '…'}”"
