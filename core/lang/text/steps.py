"""Statements: each line that is a step, with the block under it."""

from typing import Any

from core.lang.text.blocks import Block
from core.lang.text.complaint import MISPLACED, SHARES, SYNTAX, Complaints, Mend, cut, quoted
from core.lang.text.conditions import guard_of
from core.lang.text.hints import step_hint, step_word
from core.lang.text.lines import Line
from core.lang.text.makers import MAKERS, goal_of
from core.lang.text.mend import beginning, mend_of
from core.lang.text.options import Options, first_word
from core.lang.text.row import Row, refuse_name, row_of
from core.lang.text.tree import Exit, Step
from core.lang.text.words import HEADER, OPTIONS, STEPS


class Steps:
    """Reads blocks of steps; never raises for what an author wrote."""

    def __init__(self, complaints: Complaints) -> None:
        self.complaints = complaints
        self.options = Options(complaints, self)

    def body(self, blocks: list[Block]) -> list[Step]:
        """The steps of one block, in order; ``elif`` and ``else`` join the ``if`` before them."""
        out: list[Step] = []
        for block in blocks:
            word = first_word(block.line.code)
            if word in ("elif", "else"):
                self._another(block, word, out)
            else:
                out.append(self._step(block, word))
        return out

    def _step(self, block: Block, word: str) -> Step:
        line = block.line
        if word not in STEPS:
            self._unknown(block, word)
            return Step("pass", "pass", (line.start, line.first_end), notes=line.notes)
        row = row_of(line, "step", self.complaints)
        if row is None:
            step = Step("condition" if word == "if" else "pass", word, (line.start, line.first_end))
            self.look_into(block.inner)
            return step
        step = MAKERS[row.rule](row)
        if word == "if":
            step.exits.append(self.exit(row, block, guard_of(row, row.parts[0]), row.parts[2], row.parts[0]))
        else:
            self.options.read(step, block, word)
        if word == "split":
            self._shares(step, row, block)
        self._complete(step, row)
        return step

    def _complete(self, step: Step, row: Row) -> None:
        """Id, name and comments."""
        step.notes = [*row.line.notes, *step.notes]
        if row.line.names:
            step.name = " ".join(row.line.names)
        if tag := row.part("tagid"):
            step.id, step.pinned = row.dotted(tag.children[0]), True
            step.id_at = row.piece(tag)
            if step.kind == "stop":
                step.kind = "end"
        if step.name is not None and step.kind == "stop":
            step.kind = "end"

    def _another(self, block: Block, word: str, out: list[Step]) -> None:
        """``elif`` or ``else``."""
        line = block.line
        refuse_name(line, self.complaints)
        row = row_of(line, "step", self.complaints)
        before = out[-1] if out else None
        if before is None or before.kind != "condition" or before.word != "if":
            hint = f"'{word}' must line up with its 'if' (or stand under its step, with the other options)"
            message = f"there is no 'if' above this '{word}'"
            self.complaints.add(SYNTAX, message, line.start, line.start + len(word), hint)
            self.look_into(block.inner)
            return
        before.notes += line.notes
        if row is None:
            self.look_into(block.inner)
            return
        if before.exits and before.exits[-1].condition is None:
            row.complain(
                MISPLACED, f"this '{word}' stands behind the 'else' of its 'if'", None, "let 'else' be the last"
            )
        condition = guard_of(row, row.parts[0]) if word == "elif" else None
        before.exits.append(self.exit(row, block, condition, row.parts[-1], row.parts[0] if word == "elif" else None))

    def exit(self, row: Row, block: Block, condition: dict[str, Any] | None, arm: Any, at: Any = None) -> Exit:
        """A way on, with the steps under it."""
        where = row.piece(at) if at is not None else None
        mode = "fall" if arm is None else str(arm.data)
        out = Exit(condition, mode, row.place, condition_at=where)
        if mode == "block":
            out.body = self.body(block.inner)
            if not block.inner:
                shown = cut(row.line.code)
                row.complain(
                    SYNTAX, f"nothing stands under '{shown}'", None, "add an indented step below, such as: pass"
                )
            return out
        if mode == "jump":
            out.mode, out.target = goal_of(row, arm.children[0])
            out.target_at = row.piece(arm.children[0])
        if block.inner:
            self._no_colon(block, mode)
        return out

    def _no_colon(self, block: Block, mode: str) -> None:
        first = block.inner[0].line
        message = "this line is indented more than the one above, but nothing there opens a block"
        hint = "end the line above with ':'" if mode == "fall" else "the line above leads away already; remove its '->'"
        self.complaints.add(SYNTAX, message, first.start, first.first_end, hint)
        self.look_into(block.inner)

    def look_into(self, blocks: list[Block]) -> None:
        """Complains about the lines under a line that was not understood; what they say is dropped."""
        for block in blocks:
            word = first_word(block.line.code)
            if word in STEPS and word not in ("elif", "else"):
                self._step(block, word)
            elif word in OPTIONS or word in ("elif", "else"):
                row_of(block.line, "step" if word == "elif" else "option", self.complaints)
                self.look_into(block.inner)
            else:
                self.look_into(block.inner)

    def _unknown(self, block: Block, word: str) -> None:
        line = block.line
        self.complaints.add(SYNTAX, *_unknown(line.code, word, line.start, line.first_end), self._mend(line, word))
        self.look_into(block.inner)

    def _mend(self, line: Line, word: str) -> Mend | None:
        if not word:
            hint = step_hint(line.code, word)
            if hint == "a comment begins with #":
                return Mend("write '#'", ((line.start, line.start + 2, "#"),))
            new = beginning(line.code, hint)
            return Mend(f"write: {cut(new)}", ((line.start, line.end, new),)) if new else None
        better = step_word(word) if word not in (*OPTIONS, *HEADER, "layout") and line.code != f"{word}:" else ""
        return mend_of(line, "step", word, better) if better else None

    def _shares(self, step: Step, row: Row, block: Block) -> None:
        weights = [e.condition["weight"] for e in step.exits if e.condition and "_share" in e.condition]
        for one in step.exits:
            if one.condition:
                one.condition.pop("_share", None)
        rest = any(e.condition is None or e.condition.get("type") != "random" for e in step.exits)
        total = round(sum(weights), 6)
        if not block.inner:
            row.complain(SYNTAX, "a split needs shares under it", None, "such as '50% -> label', one line for each way")
        elif weights and len(weights) == len(step.exits) - rest and (total > 100 or (total != 100 and not rest)):
            message = f"the shares of a split add up to {total:g} %, not 100 %"
            row.complain(SHARES, message, None, "change a share, or add 'else' for what is left")
            for one in step.exits:
                if one.condition is not None:
                    one.condition["weight"] *= 100 / total


def _unknown(code: str, word: str, start: int, end: int) -> tuple[str, int, int, str]:
    """Message, start, end and hint about a line that begins with no step."""
    wanted = "expected a step (say, ask, wait, if, tag, call, goto, …)"
    hint = step_hint(code, word)
    if word:
        return f"unexpected {quoted(word)}; {wanted}", start, start + len(word), hint
    shown = code.partition("\n")[0] if code[0] in "\"'" else code.split(None, 1)[0]
    return f"a step cannot begin with {cut(shown)}; {wanted}", start, min(end, start + len(shown)), hint
