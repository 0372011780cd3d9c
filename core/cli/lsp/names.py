"""The steps of a text: where each is named, and where others lead to it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from core.lang.reading.yaml_text import scalar

Piece = tuple[int, int]
_PLAIN = re.compile(r"[^\W\d][\w.-]*\Z")


@dataclass(slots=True)
class Name:
    """One step or section. ``named`` = where it gets its id, ``used`` = where others write it; both with their quotes.

    ``automatic`` = nobody wrote the id: ``named`` is the step itself, and the id follows the section's. ``whole`` = all of it.
    """

    id: str
    named: list[Piece] = field(default_factory=list)
    used: list[Piece] = field(default_factory=list)
    keys: list[tuple[Piece, str]] = field(default_factory=list)
    automatic: bool = False
    about: str = ""
    inside: str = ""
    whole: Piece = (0, 0)


@dataclass(slots=True)
class Names:
    """All of a text's, by id, in its order. ``keys`` of a name: keys of translations that begin with its id."""

    found: dict[str, Name] = field(default_factory=dict)

    def of(self, id_: str) -> Name:
        """The name, made when it is not known yet."""
        return self.found.setdefault(id_, Name(id_))

    def steps(self) -> Iterator[Name]:
        """Those that exist: a target that nothing is called is no step."""
        return (n for n in self.found.values() if n.named)

    def at(self, offset: int) -> tuple[Name, Piece] | None:
        """The name that stands at an offset, and its piece."""
        for name in self.found.values():
            for piece in (*(() if name.automatic else name.named), *name.used):
                if piece[0] <= offset <= piece[1]:
                    return name, piece
        return None

    def following(self, id_: str) -> Iterator[tuple[Name, str]]:
        """The automatic names that would follow when ``id_`` were renamed, with what stays of each."""
        for name in self.found.values():
            if name.automatic and name.id.startswith(f"{id_}."):
                yield name, name.id[len(id_) :]


def spelled(id_: str, notation: str) -> str:
    """An id as the notation writes it.

    >>> spelled("a b", "flow"), spelled("yes", "yaml"), spelled("12", "yaml"), spelled("a", "json")
    ('"a b"', 'yes', '"12"', '"a"')
    """
    import json

    from core.lang.printing.text_values import ident

    if notation == "flow":
        return ident(id_)
    if notation == "yaml" and _PLAIN.match(id_) and scalar(id_) == id_ and id_.lower() not in ("true", "false", "null"):
        return id_
    return json.dumps(id_, ensure_ascii=False)


def in_properties(text: str, piece: Piece, names: Names) -> None:
    """Notes the steps that a property names: ``never step hello``."""
    for found in re.finditer(r"(?<![\w.])step\s+(\"[^\"]*\"|[\w.]+)", text[piece[0] : piece[1]]):
        names.of(found[1].strip('"')).used.append((piece[0] + found.start(1), piece[0] + found.end(1)))
