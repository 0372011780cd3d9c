"""The names in the text language: labels, written ids, arrows, the layout."""

from collections.abc import Iterator

from core.cli.lsp.names import Name, Names, Piece, in_properties
from core.lang.text import read_written
from core.lang.text.ids import nodes_of
from core.lang.text.tree import Exit, Section, Step, Written


def flow_names(text: str) -> Names:
    """What can be found, also in a text with mistakes. Line breaks must be ``\\n``."""
    written = read_written(text)
    names = Names()
    for section in written.sections:
        _section(section, text, names)
    for section in written.sections:
        for step in nodes_of(section.body):
            _step(step, section, text, names)
        for way in _ways(section.body):
            if way.mode == "jump" and way.target_at:
                names.of(way.target).used.append(way.target_at)
    _rest(written, text, names)
    return names


def _section(section: Section, text: str, names: Names) -> None:
    start, end = section.place
    end = start + len(text[start:end].rstrip().removesuffix(":").rstrip())
    name = names.of(section.label)
    name.named.append((start, end))
    steps = list(nodes_of(section.body))
    name.whole = (start, max([section.place[1], *(s.place[1] for s in steps)]))


def _step(step: Step, section: Section, text: str, names: Names) -> None:
    known = step.id in names.found
    name = names.of(step.id)
    name.about = name.about or _line(text, step.place)
    if step.pinned and step.id_at:
        start, end = step.id_at
        name.named.append((start + text[start:end].startswith("@"), end))
    elif step.id != section.label and not (known and name.named):
        name.named, name.automatic = [step.place], True
    if step.id != section.label:
        name.inside, name.whole = section.label, step.place


def _line(text: str, place: Piece) -> str:
    return text[place[0] : place[1]].strip()


def _ways(body: list[Step]) -> Iterator[Exit]:
    for step in body:
        for way in step.exits:
            yield way
            yield from _ways(way.body)


def _rest(written: Written, text: str, names: Names) -> None:
    if piece := written.at.get(("flowDefinition", "startNodeId")):
        names.of(written.entry or "").used.append(piece)
    for id_, (_, piece) in written.layout.items():
        end = _name_end(text, piece[0])
        names.of(id_).used.append((piece[0], end))
    for place, piece in written.at.items():
        if place[:2] == ("flowDefinition", "properties"):
            in_properties(text, piece, names)


def _name_end(text: str, start: int) -> int:
    if text[start] in "\"'":
        return text.index(text[start], start + 1) + 1
    end = start
    while end < len(text) and (text[end].isalnum() or text[end] in "_."):
        end += 1
    return end


__all__ = ["Name", "flow_names"]
