"""The lines in a step's block: what it shows, its exits, its settings."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from core.lang.text.blocks import Block
from core.lang.text.complaint import MISPLACED, SYNTAX, Complaints, cut, quoted
from core.lang.text.conditions import event_of
from core.lang.text.hints import meant
from core.lang.text.mend import mend_of
from core.lang.text.plain_options import PLAIN, show_button
from core.lang.text.row import Row, refuse_name, row_of
from core.lang.text.tree import Step
from core.lang.text.words import ALLOWED, OPTIONS, STEPS
from core.model.flowdoc import payload_for
from core.model.near import near

if TYPE_CHECKING:
    from core.lang.text.steps import Steps

_WORD = re.compile(r"[^\W\d]\w*")
_SHARE = re.compile(r"\d+(\.\d+)?\s*%")
_OWN = {"email": "user_email", "phone": "user_phone_number"}


def first_word(code: str) -> str:
    """The word that a line begins with; empty when it begins with none."""
    found = _WORD.match(code)
    return found[0] if found else ""


class Options:
    """Reads the blocks under steps."""

    def __init__(self, complaints: Complaints, steps: "Steps") -> None:
        self.complaints, self.steps = complaints, steps

    def read(self, step: Step, block: Block, owner: str) -> None:
        """Everything under ``block`` becomes data and exits of ``step``."""
        allowed = ALLOWED.get(owner, frozenset())
        for inner in block.inner:
            step.notes += inner.line.notes
            if row := self._row(inner, owner, allowed):
                self._take(step, row, inner, owner)
        if owner == "carousel" and not step.data["content"].get("cards"):
            message = "a carousel needs at least one card"
            self.complaints.add(MISPLACED, message, *step.place, 'write under it: card "Title" "Subtitle"')

    def _row(self, block: Block, owner: str, allowed: frozenset[str]) -> Row | None:
        line = block.line
        word = first_word(line.code)
        kind = "%" if not word and _SHARE.match(line.code) else word
        refuse_name(line, self.complaints)
        if kind in allowed:
            row = row_of(line, "option", self.complaints)
            if row is None:
                self.steps.look_into(block.inner)
            return row
        self._refuse(block, kind, owner, allowed)
        self.steps.look_into(block.inner)
        return None

    def _refuse(self, block: Block, word: str, owner: str, allowed: frozenset[str]) -> None:
        line = block.line
        fine = f"allowed here: {_listed(allowed)}" if allowed else ""
        if not allowed:
            message, hint = f"nothing can stand under '{owner}'", "remove the indentation"
            if word not in STEPS:
                hint = "it goes on with the next line at the same margin"
            self.complaints.add(MISPLACED, message, line.start, line.first_end, hint)
        elif word in OPTIONS or word == "%":
            shown = word if word != "%" else line.code.partition("%")[0] + "%"
            message = f"{quoted(shown)} cannot stand under '{owner}'"
            self.complaints.add(MISPLACED, message, line.start, line.start + len(shown), fine)
        elif word in STEPS:
            message = f"the step '{word}' cannot stand under '{owner}'"
            hint = f"give it the margin of '{owner}'; what stands under a step are its options"
            self.complaints.add(MISPLACED, message, line.start, line.start + len(word), hint)
        else:
            shown = word or line.code.partition("\n")[0].split(None, 1)[0]
            hint = (meant(word, allowed) if word else "") or fine
            if "%" in allowed and shown.isdigit():
                hint = f"a share is written in percent: {cut(shown)}%"
            message = f"unexpected {quoted(shown)}; expected an option of '{owner}'"
            better = near(word.lower(), allowed) if word else ""
            mend = mend_of(line, "option", word, better) if better else None
            self.complaints.add(SYNTAX, message, line.start, line.start + len(shown), hint, mend)

    def _take(self, step: Step, row: Row, block: Block, owner: str) -> None:
        rule = row.rule
        if rule in _EXITS:
            _EXITS[rule](self, step, row, block, owner)
            return
        if rule == "card":
            self._card(step, row, block)
            return
        PLAIN[rule](step, row)
        if block.inner:
            first = block.inner[0].line
            message = f"nothing can stand under '{first_word(row.line.code)}'"
            self.complaints.add(MISPLACED, message, first.start, first.first_end, "remove the indentation")
            self.steps.look_into(block.inner)

    def _exit(self, step: Step, row: Row, block: Block, condition: Any, at: Any = None) -> None:
        step.exits.append(self.steps.exit(row, block, condition, _arm(row), at))

    def on(self, step: Step, row: Row, block: Block, owner: str) -> None:
        """``on <event>``."""
        condition = event_of(row, row.parts[0], owner)
        self._exit(step, row, block, condition, row.parts[0])

    def otherwise(self, step: Step, row: Row, block: Block, owner: str) -> None:
        """``else``."""
        if any(e.condition is None for e in step.exits):
            row.complain(MISPLACED, f"this '{owner}' has an 'else' already", None, "remove one of the two")
            self.steps.look_into(block.inner)
            return
        self._exit(step, row, block, None)

    def share(self, step: Step, row: Row, block: Block, owner: str) -> None:
        """``50%``."""
        weight = float(row.parts[0][:-1][:12])
        condition = {"type": "random", "weight": int(weight) if weight.is_integer() else weight, "_share": True}
        self._exit(step, row, block, condition, row.parts[0])

    def button(self, step: Step, row: Row, block: Block, owner: str) -> None:
        """``quick "T"`` and ``button "T"``."""
        title, payload, shown_if, _ = row.parts
        text = row.text(title)
        made: dict[str, Any] = {"type": "quick_reply" if row.rule == "quick" else "postback", "text": text}
        made["payload"] = row.text(payload) if payload is not None else payload_for(text)
        show_button(step, row, made, shown_if)
        self._exit(step, row, block, {"type": "button_payload", "value": made["payload"]}, title)

    def quick_own(self, step: Step, row: Row, block: Block, owner: str) -> None:
        """``quick email``: the contact's own address or number, offered by Instagram."""
        kind, title, payload, shown_if, arm = row.parts
        if str(kind) not in _OWN:
            hint = "a title stands in quotes; without quotes only 'quick email' and 'quick phone' are known"
            row.complain(MISPLACED, f"unexpected {quoted(kind)} behind 'quick'", kind, hint)
            return
        made: dict[str, Any] = {"type": "quick_reply", "contentType": _OWN[str(kind)]}
        if title is not None:
            made["text"] = row.text(title)
        if payload is not None:
            made["payload"] = row.text(payload)
        show_button(step, row, made, shown_if)
        if arm is not None and payload is None:
            message = f"'quick {kind}' has no exit of its own: the tap sends the contact's own {kind} as a text"
            row.complain(
                MISPLACED, message, arm if arm.data == "jump" else None, "use 'on reply', or the exits of 'ask'"
            )
        elif payload is not None:
            self._exit(step, row, block, {"type": "button_payload", "value": made["payload"]}, payload)

    def _card(self, step: Step, row: Row, block: Block) -> None:
        cards = step.data["content"]["cards"]
        title, subtitle = row.parts
        card = Step("card", "card", row.place)
        self.read(card, block, "card")
        data: dict[str, Any] = {"title": row.text(title)}
        if subtitle is not None:
            data["subtitle"] = row.text(subtitle)
        for medium in card.data.pop("content", {}).pop("media", ()):
            data["imageUrl"] = medium["url"]
        buttons = card.data.pop("buttons", None)
        data |= card.data
        if buttons:
            data["buttons"] = buttons
        place = ("content", "cards", len(cards))
        step.at[place] = row.place
        step.at |= {(*place, *inner): piece for inner, piece in card.at.items()}
        cards.append(data)
        step.exits += card.exits
        step.notes += card.notes


def _arm(row: Row) -> Any:
    return next((p for p in row.parts if getattr(p, "data", "") in ("jump", "block")), None)


def _listed(allowed: frozenset[str]) -> str:
    known = [w for w in OPTIONS if w in allowed and w != "prop"]
    return ", ".join(["50%", *known] if "%" in allowed else known)


_EXITS: dict[str, Callable[[Options, Step, Row, Block, str], None]] = {
    "on": Options.on,
    "otherwise": Options.otherwise,
    "share": Options.share,
    "quick": Options.button,
    "button": Options.button,
    "quick_own": Options.quick_own,
}
"""Rule of the grammar -> how its exit is read."""
