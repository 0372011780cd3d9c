"""YAML to plain data: the core scalars of YAML 1.2, no anchors, no tags, one document, a key twice is an error.

Built from libyaml's events without recursion, so neither deep nesting nor aliases cost more than their text.
"""

import re
from functools import lru_cache
from typing import Any

import yaml

from core.lang.reading.json_places import KEY
from core.lang.reading.unreadable import Unreadable
from core.lang.report import Locate, Place
from core.model.fix import Related
from core.model.limits import DOCUMENT_DEPTH
from core.model.span import Span

_LOADER = getattr(yaml, "CLoader", yaml.Loader)
_WHOLE = re.compile(r"[-+]?[0-9]{1,18}\Z")
_NUMBER = re.compile(r"[-+]?(?:[0-9]{1,18}\.[0-9]{0,18}|\.[0-9]{1,18}|[0-9]{1,18}(?=[eE]))(?:[eE][-+]?[0-9]{1,3})?\Z")
_WORDS = {"null": None, "Null": None, "NULL": None, "~": None, "": None} | dict.fromkeys(("true", "True", "TRUE"), True)
_WORDS |= dict.fromkeys(("false", "False", "FALSE"), False)


def read_yaml(text: str) -> tuple[Any, Locate]:
    """The data, and a function from places to spans that reads the text again when it is first asked. Raises Unreadable."""

    @lru_cache(maxsize=1)
    def spans() -> dict[Place, Span]:
        found: dict[Place, Span] = {}
        _build(text, found)
        return found

    try:
        return _build(text, None), lambda place: spans().get(place)
    except _Twice:
        return _build(text, {}), lambda place: None


class _Twice(Unreadable):
    """A key stands twice in one mapping; where the first one stands is known when the places are noted."""


def scalar(text: str) -> Any:
    """A plain scalar by YAML 1.2's core schema: no yes and no, no dates, no sexagesimals.

    >>> [scalar(x) for x in ("yes", "12:30", "true", "7", "1.5", "")]
    ['yes', '12:30', True, 7, 1.5, None]
    """
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.match(text):
        return int(text)
    return float(text) if _NUMBER.match(text) else text


def _build(text: str, spans: dict[Place, Span] | None) -> Any:
    build = _Build(spans)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            build.take(event)
    except yaml.MarkedYAMLError as e:
        mark = e.problem_mark or e.context_mark
        raise Unreadable(
            f"this is not YAML: {e.problem or e.context}", _point(mark) if mark else None, _slip(text, mark)
        ) from None
    except (yaml.YAMLError, UnicodeEncodeError) as e:
        raise Unreadable(f"this is not YAML: {str(e).splitlines()[0]}") from None
    return build.root


class _Build:
    """The containers that are open, innermost last: each with its place, its start and, in a mapping, the key that waits."""

    def __init__(self, spans: dict[Place, Span] | None) -> None:
        self.root: Any = None
        self.spans = spans
        self.open: list[list[Any]] = []
        self.documents = 0

    def take(self, event: Any) -> None:
        """One event of the parser."""
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._refuse_extras(event)
            plain = event.implicit[0] and event.style in (None, "")
            self._put(scalar(event.value) if plain else event.value, event, event.end_mark)
        elif kind in (yaml.MappingStartEvent, yaml.SequenceStartEvent):
            self._refuse_extras(event)
            self._descend({} if kind is yaml.MappingStartEvent else [], event)
        elif kind in (yaml.MappingEndEvent, yaml.SequenceEndEvent):
            _, place, start, _ = self.open.pop()
            self._mark(place, start, event.end_mark)
        elif kind is yaml.AliasEvent:
            raise Unreadable("aliases (*name) are not used in flows", _point(event.start_mark), "write the value out")
        elif kind is yaml.DocumentStartEvent:
            self.documents += 1
            if self.documents > 1:
                raise Unreadable(
                    "a file holds one flow", _point(event.start_mark), "move the second document to its own file"
                )

    def _refuse_extras(self, event: Any) -> None:
        if event.anchor is not None:
            raise Unreadable("anchors (&name) are not used in flows", _point(event.start_mark), "remove it")
        if event.tag is not None and event.tag != "!":
            raise Unreadable("tags (!name) are not used in flows", _point(event.start_mark), "remove it")

    def _descend(self, value: Any, event: Any) -> None:
        if len(self.open) >= DOCUMENT_DEPTH:
            raise Unreadable(f"the document is nested deeper than {DOCUMENT_DEPTH} levels", _point(event.start_mark))
        place = self._place()
        self._put(value, event, None)
        self.open.append([value, place, event.start_mark, None])

    def _place(self) -> Place:
        if not self.open:
            return ()
        value, place, _, key = self.open[-1]
        return (*place, len(value)) if isinstance(value, list) else (*place, key[0] if key else "")

    def _put(self, value: Any, event: Any, end: Any) -> None:
        if not self.open:
            self.root = value
            self._mark((), event.start_mark, end)
            return
        holder, place, _, key = self.open[-1]
        if isinstance(holder, list):
            self._mark((*place, len(holder)), event.start_mark, end)
            holder.append(value)
        elif key is None:
            self.open[-1][3] = (self._key(holder, event, value),)
            self._mark((*place, self.open[-1][3][0], KEY), event.start_mark, end)
        else:
            self._mark((*place, key[0]), event.start_mark, end)
            holder[key[0]] = value
            self.open[-1][3] = None

    def _key(self, holder: dict[str, Any], event: Any, value: Any) -> str:
        if isinstance(value, dict | list):
            hint = "a text that begins with {{ stands in quotes"
            raise Unreadable("a key must be a text", _point(event.start_mark), hint)
        key = value if isinstance(value, str) else str(event.value)
        if key in holder:
            span = _point(event.start_mark, len(key))
            found = _Twice(f"the key '{key}' is written twice", span, "remove one of the two")
            if first := (self.spans or {}).get((*self.open[-1][1], key)):
                found.related = (Related(f"the first '{key}'", span=first),)
            raise found
        return key

    def _mark(self, place: Place, start: Any, end: Any) -> None:
        if self.spans is not None and end is not None:
            self.spans[place] = Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def _point(mark: Any, width: int = 1) -> Span:
    return Span(mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 1 + width)


def _slip(text: str, mark: Any) -> str:
    line = text.split("\n")[mark.line] if mark and mark.line < text.count("\n") + 1 else ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "indent with spaces, not with tabs"
    if "{{" in line or ": " in line.partition(": ")[2]:
        return "put the text in quotes"
    return ""
