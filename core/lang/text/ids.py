"""Ids that nobody wrote: a section's first step is called like its label, the others ``<label>.<word><n>``."""

from collections.abc import Iterator

from core.lang.text.tree import Section, Step


def nodes_of(body: list[Step]) -> Iterator[Step]:
    """The steps of a body that are nodes, in the order of the text, those of inner blocks included."""
    for step in body:
        if step.is_node:
            yield step
        for way in step.exits:
            yield from nodes_of(way.body)


def give_ids(sections: list[Section]) -> None:
    """Gives each node without an id its own. The count is for each section and word, so that a new ``wait`` renames no ``say``."""
    used = {s.label for s in sections} | {n.id for s in sections for n in nodes_of(s.body) if n.pinned}
    for section in sections:
        count: dict[str, int] = {}
        first = True
        for step in nodes_of(section.body):
            count[step.word] = count.get(step.word, 0) + 1
            if not step.pinned:
                step.id = section.label if first else _free(f"{section.label}.{step.word}{count[step.word]}", used)
                step.id_at = section.place if first else None
            first = False


def _free(name: str, used: set[str]) -> str:
    while name in used:
        name += "_"
    used.add(name)
    return name
