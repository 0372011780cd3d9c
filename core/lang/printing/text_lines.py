"""Sections and steps as lines."""

from collections.abc import Iterator

from core.lang.printing.text_entry import Entry
from core.lang.printing.text_header import header, layout
from core.lang.printing.text_steps import entries
from core.lang.printing.text_values import STEP, ident
from core.lang.text.tree import Section, Step, Written


def lines(written: Written, plain: frozenset[str] = frozenset()) -> Iterator[str]:
    """The lines of a text; some hold line breaks."""
    yield from header(written)
    for section in written.sections:
        yield ""
        yield from _section(section, plain)
    placed = list(layout(written))
    if placed:
        yield from ("", *placed)


def _section(section: Section, plain: frozenset[str]) -> Iterator[str]:
    yield from comments(section.notes, "")
    yield f"{ident(section.label)}:"
    yield from _body(section.body, STEP, plain)


def _body(body: list[Step], margin: str, plain: frozenset[str]) -> Iterator[str]:
    for step in body:
        yield from comments(step.notes, margin)
        if step.name is not None:
            yield f"{margin}## {step.name}".rstrip()
        for entry in entries(step, margin, step.id in plain):
            yield from _entry(entry, margin, plain)


def _entry(entry: Entry, margin: str, plain: frozenset[str]) -> Iterator[str]:
    yield margin + entry.line
    for inner in entry.inner:
        yield from _entry(inner, margin + STEP, plain)
    if entry.exit is not None and entry.exit.mode == "block":
        yield from _body(entry.exit.body, margin + STEP, plain)


def comments(notes: list[str], margin: str) -> Iterator[str]:
    """Each note as a line."""
    return (f"{margin}# {note}".rstrip() for note in notes)
