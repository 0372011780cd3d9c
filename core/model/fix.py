"""What mends a finding, as changes of the document and as edits of its text; and the other places that belong to a finding."""

from dataclasses import dataclass
from typing import Any

from core.model.span import Span

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """``text`` stands in place of what is in ``span``; an empty span inserts."""

    span: Span
    text: str

    def as_json(self) -> dict[str, Any]:
        """{span, text}."""
        return {"span": self.span.as_json(), "text": self.text}


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the document, the same in every notation.

    ``op``: replace (a text, by ``value``), rename (the last key of ``place``, to ``value``) or remove. ``old`` becomes ``new``
    inside the text, ``times`` times: an edit of a source touches no more than that.
    """

    op: str
    place: Place
    value: str = ""
    old: str = ""
    new: str = ""
    times: int = 1

    def as_json(self) -> dict[str, Any]:
        """An operation of JSON Patch (RFC 6902).

        >>> Change("rename", ("nodes", 0, "txt"), "text").as_json()
        {'op': 'move', 'from': '/nodes/0/txt', 'path': '/nodes/0/text'}
        """
        at = pointer(self.place)
        if self.op == "rename":
            return {"op": "move", "from": at, "path": pointer((*self.place[:-1], self.value))}
        return (
            {"op": "remove", "path": at} if self.op == "remove" else {"op": "replace", "path": at, "value": self.value}
        )


@dataclass(frozen=True, slots=True)
class Fix:
    """``title`` = what it does, for a person. ``sure`` = it says what was certainly meant; else a person should choose it.

    ``changes`` are of the document as JSON; ``edits`` are of the text, in its notation, and empty when there is no text.
    """

    title: str
    changes: tuple[Change, ...] = ()
    edits: tuple[Edit, ...] = ()
    sure: bool = True

    def as_json(self) -> dict[str, Any]:
        """The shape that the API and ``flow check --format json`` print."""
        return {
            "title": self.title,
            "sure": self.sure,
            "changes": [c.as_json() for c in self.changes],
            "edits": [e.as_json() for e in self.edits],
        }


@dataclass(frozen=True, slots=True)
class Related:
    """Another place of the same document that a finding speaks of, such as where a name was given first."""

    message: str
    place: Place = ()
    span: Span | None = None

    def as_json(self) -> dict[str, Any]:
        """{message, span}."""
        return {"message": self.message, "span": self.span.as_json() if self.span else None}


def pointer(place: Place) -> str:
    """A place as a JSON Pointer (RFC 6901).

    >>> pointer(("nodes", 0, "a/b"))
    '/nodes/0/a~1b'
    """
    return "".join("/" + str(p).replace("~", "~0").replace("/", "~1") for p in place)
