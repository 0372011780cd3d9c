"""What there is to translate in a flow, in its own words."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.lang.conditions import words_of
from core.lang.expressions.unparse import unparse_template
from core.lang.locales.translations import is_wordy
from core.lang.locales.words import trigger_slots
from core.model.flowdoc import FlowDoc
from core.model.program import Program
from core.model.texts import slots


@dataclass(frozen=True, slots=True)
class Text:
    """``text`` = as the author wrote it, or a list of keywords; ``optional`` = an address, or nothing with a letter."""

    key: str
    text: str | list[str]
    optional: bool


def texts_of(doc: FlowDoc, program: Program) -> Iterator[Text]:
    """Every text of the flow: first the words of its triggers, then step by step."""
    for key, words in trigger_slots(doc.triggers):
        translated = {w for table in doc.locales.values() for w in words_of(table.get(key, ""))}
        yield Text(key, [w for w in words if w not in translated] or words, False)
    for slot in slots(program):
        if slot.kind == "keyword":
            yield Text(slot.key, [str(w) for w in slot.text], not is_wordy(slot.text))
        else:
            optional = slot.kind == "address" or not is_wordy(slot.text)
            yield Text(slot.key, unparse_template(slot.text), optional)
