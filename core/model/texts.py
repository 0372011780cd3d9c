"""The words of a program that people see or say, each with a stable key, and the program in another language.

Keys: ``<step>.text`` ``.retry`` ``.reprompt`` ``.button.<PAYLOAD>`` ``.link.<n>`` ``.media.<n>`` ``.keyword.<WORD>``
``.card.<n>.title`` (``subtitle``, ``url``, ``imageUrl``, ``button.<PAYLOAD>``, ``link.<n>``). A step's further states and
messages have ``<step>/<state>`` and ``<step>.<n>`` in its place. <n> counts from 1; <WORD> is the first keyword.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.model.flowdoc import payload_for
from core.model.fold import is_word_char, plain
from core.model.program import Json, Program, State

Change = Callable[["Slot"], Json]


@dataclass(frozen=True, slots=True)
class Slot:
    """One text. ``kind``: text, beside (a text above buttons that are no quick replies), quick (a quick reply's title), button,
    title (of a card; its subtitle too), keyword (``text`` is then the list of words), address. Addresses need no translation."""

    key: str
    kind: str
    text: Json
    node: str


def slots(program: Program) -> list[Slot]:
    """Every text of the program, in its order; a key that stands twice is told once."""
    found: dict[str, Slot] = {}
    for state in program.states.values():

        def note(slot: Slot) -> Json:
            found.setdefault(slot.key, slot)
            return slot.text

        spoken(state, note)
    return list(found.values())


def in_language(program: Program, state: State, language: str) -> State:
    """A state of the program in one of its languages (``""`` = its own); equal to the state when it reads the same.

    A keyword counts in every language: first as the contact's language has it, then the flow's own, then the others. Titles of
    the flow's own language may be typed in every language.
    """
    table = program.locales.get(language, {})
    others = [t for name, t in program.locales.items() if name != language]

    def change(slot: Slot) -> Json:
        if slot.kind != "keyword":
            return table.get(slot.key, slot.text)
        more = [w for t in others for w in t.get(slot.key, ())]
        return (table.get(slot.key, ()), more) if slot.key in table or more else slot.text

    return spoken(state, change)


def spoken(state: State, change: Change) -> State:
    """The state with every text as ``change`` answers it; for keywords: words that count before and after the state's own."""
    return _Speaker(state, change).state()


class _Speaker:
    def __init__(self, state: State, change: Change) -> None:
        self._of, self._change = state, change
        self._titles: dict[str, str] = {}
        """Payload to title, where they have changed."""

    def _say(self, key: str, kind: str, text: Json) -> Json:
        return self._change(Slot(key, kind, text, self._of.node))

    def state(self) -> State:
        counted = 0
        operations = []
        for operation in self._of.do:
            if operation[0] == "send":
                counted += 1
                base = self._of.id if counted == 1 else f"{self._of.id}.{counted}"
                operation = ["send", self._message(operation[1], base)]
            elif operation[:2] == ["fx", "comment_reply"] and operation[2].get("text"):
                text = self._say(f"{self._of.id}.text", "text", operation[2]["text"])
                operation = [*operation[:2], {**operation[2], "text": text}]
            operations.append(operation)
        return replace(
            self._of,
            do=tuple(operations),
            wait=self._wait(self._of.wait) if self._of.wait is not None else None,
            next=tuple(replace(e, when=self._guard(e.when)) for e in self._of.next),
        )

    def _message(self, message: Mapping[str, Json], base: str) -> dict[str, Json]:
        out = dict(message)
        if out.get("text"):
            beside = any(b["type"] != "quick_reply" for b in message.get("buttons") or ())
            out["text"] = self._say(f"{base}.text", "beside" if beside else "text", out["text"])
        if out.get("media"):
            out["media"] = [
                {**m, "url": self._say(f"{base}.media.{n}", "address", m["url"])} for n, m in enumerate(out["media"], 1)
            ]
        if out.get("buttons"):
            out["buttons"] = self._buttons(out["buttons"], base)
        if out.get("cards"):
            out["cards"] = [self._card(c, f"{base}.card.{n}") for n, c in enumerate(out["cards"], 1)]
        return out

    def _card(self, card: Mapping[str, Json], base: str) -> dict[str, Json]:
        out = dict(card)
        for key in ("title", "subtitle", "url", "imageUrl"):
            if out.get(key):
                out[key] = self._say(f"{base}.{key}", "address" if key.endswith("rl") else "title", out[key])
        if out.get("buttons"):
            out["buttons"] = self._buttons(out["buttons"], base)
        return out

    def _buttons(self, buttons: list[Mapping[str, Json]], base: str) -> list[dict[str, Json]]:
        links, out = 0, []
        for button in buttons:
            links += button["type"] == "url"
            key = f"{base}.button.{button['payload']}" if "payload" in button else f"{base}.link.{links}"
            more: dict[str, Json] = {}
            if button.get("text") and (button["type"] == "url" or "payload" in button):
                kind = "quick" if button["type"] == "quick_reply" else "button"
                more["text"] = self._say(key, kind, button["text"])
                self._titled(button, more["text"])
            if button.get("url"):
                more["url"] = self._say(f"{key}.url", "address", button["url"])
            out.append({**button, **more})
        return out

    def _titled(self, button: Mapping[str, Json], text: Json) -> None:
        if isinstance(text, str) and text != button["text"] and "payload" in button:
            self._titles[button["payload"]] = text

    def _wait(self, wait: Mapping[str, Json]) -> dict[str, Json]:
        out = {**wait, "edges": [replace(e, when=self._guard(e.when)) for e in wait["edges"]]}
        if wait["kind"] != "reply":
            return out
        if (wait.get("reprompt") or {}).get("text"):
            text = self._say(f"{self._of.id}.reprompt", "text", wait["reprompt"]["text"])
            out["reprompt"] = {**wait["reprompt"], "text": text}
        if wait.get("input"):
            out["input"] = self._input(wait["input"])
        if wait.get("keyword"):
            out["keyword"] = self._keywords(wait["keyword"])
        if self._titles:
            exits = wait.get("payload") or {}
            more: dict[str, int] = {}
            for payload, title in self._titles.items():
                if payload in exits:
                    more.setdefault(plain(title), exits[payload])
            out["title"] = {**(wait.get("title") or {}), **more}
        return out

    def _input(self, asked: Mapping[str, Json]) -> dict[str, Json]:
        out = dict(asked)
        if asked.get("message"):
            out["message"] = self._say(f"{self._of.id}.retry", "text", asked["message"])
        if asked.get("options") and self._titles:
            out["options"] = [self._option(o) for o in asked["options"]]
        return out

    def _option(self, option: Json) -> Json:
        """The value that is kept stays the author's; what is read is the translation."""
        title = self._titles.get(payload_for(option)) if isinstance(option, str) else None
        return option if title is None else {"value": option, "text": title}

    def _keywords(self, table: list[Json]) -> list[Json]:
        first, last = [], []
        for n, (words, exit_) in enumerate(table, 1):
            said = self._say(self._word_key(words, n), "keyword", words)
            if said is not words:
                first += [[list(said[0]), exit_]] if said[0] else []
                last += [[list(said[1]), exit_]] if said[1] else []
        return [*first, *table, *last]

    def _word_key(self, words: list[str], n: int) -> str:
        return f"{self._of.id}.keyword.{word_of(words, n)}"

    def _guard(self, guard: Json) -> Json:
        """``says`` anywhere in a condition."""
        if not isinstance(guard, list) or not guard:
            return guard
        if guard[0] == "says" and all(isinstance(w, str) for w in guard[1:]):
            words = guard[1:]
            said = self._say(self._word_key(words, 1), "keyword", words)
            return guard if said is words else ["says", *dict.fromkeys([*words, *said[0], *said[1]])]
        if guard[0] in ("and", "or", "not"):
            return [guard[0], *(self._guard(g) for g in guard[1:])]
        return guard


def word_of(words: list[str], n: int) -> str:
    """What names a list of keywords: the first of them in capitals, or its place when it has no letter.

    >>> word_of(["free guide", "guide"], 1), word_of(["❤️"], 2)
    ('FREE_GUIDE', '2')
    """
    first = plain(words[0]) if words else ""
    return payload_for(first) if any(is_word_char(c) for c in first) else str(n)


Locales = Mapping[str, Mapping[str, Any]]
"""Language to key to template or list of words."""
