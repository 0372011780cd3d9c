"""One door for all notations: bytes or text in, data and a locator out; what cannot be read is a diagnostic."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.lang.reading.json_places import KEY
from core.lang.reading.json_text import read_json
from core.lang.reading.unreadable import Unreadable
from core.lang.report import Locate, Place
from core.model.limits import SOURCE_BYTES_JSON, SOURCE_BYTES_TEXT, SOURCE_BYTES_YAML
from core.model.span import Span

_CAPS = {"json": SOURCE_BYTES_JSON, "yaml": SOURCE_BYTES_YAML, "flow": SOURCE_BYTES_TEXT}
ENDINGS = {".json": "json", ".jsonc": "json", ".yaml": "yaml", ".yml": "yaml", ".flow": "flow"}
"""Ending of a file -> notation."""
_FLOW = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\r?\n)*flow[ \t]+[^\s:]")


@dataclass(frozen=True, slots=True)
class Source:
    """``moved`` maps places of the document to places of the text where they differ (YAML's flat form); ``automatic`` = ids of steps
    that nobody wrote (the text language). ``text`` = what spans count in, ``notation`` = json, yaml or flow."""

    data: Any
    locate: Locate
    moved: Mapping[Place, Place] = field(default_factory=dict)
    automatic: frozenset[str] = frozenset()
    text: str = ""
    notation: str = "json"

    def span(self, place: Place) -> Span | None:
        """The span of a place, or of the nearest thing around it that the text has."""
        place = self.written(place)
        while True:
            if span := self.locate(place):
                return span
            if not place:
                return None
            place = place[:-1]

    def key(self, place: Place) -> Span | None:
        """The span of the key of a place, as it is written (in quotes or not); None where the text has none."""
        return self.locate((*self.written(place), KEY))

    def written(self, place: Place) -> Place:
        """The place as the text has it."""
        for cut in range(len(place), -1, -1):
            if place[:cut] in self.moved:
                return (*self.moved[place[:cut]], *place[cut:])
        return place


def read(text: str | bytes, format: str | None, name: str) -> Source:
    """Reads a text in the named format, else by the ending of ``name``, else by how it begins. Raises Unreadable."""
    plain = decoded(text, max(_CAPS.values()))
    chosen = format or _by_name(name) or _by_beginning(plain)
    if chosen not in _CAPS:
        raise Unreadable(f"the format '{chosen}' is not known", hint="known: json, yaml, flow")
    if len(plain.encode("utf-8", "surrogatepass")) > _CAPS[chosen]:
        raise Unreadable(f"the text is too large; at most {_CAPS[chosen]} bytes are read")
    if chosen == "json":
        data, locate = read_json(plain)
        return Source(data, locate, text=plain)
    return _flow(plain) if chosen == "flow" else _yaml(plain)


def _yaml(text: str) -> Source:
    from core.lang.reading.flat import to_definition
    from core.lang.reading.yaml_text import read_yaml

    data, locate = read_yaml(text)
    if not isinstance(data, dict) or "startNodeId" in data or "flowDefinition" in data:
        return Source(data, locate, text=text, notation="yaml")
    definition, moved = to_definition(data)
    return Source(definition, locate, moved, text=text, notation="yaml")


def _flow(text: str) -> Source:
    from core.lang.reading.flow_text import read_text

    return read_text(text)


def _by_beginning(text: str) -> str:
    if text.lstrip()[:1] in ("{", "[", "/"):
        return "json"
    return "flow" if _FLOW.match(text) else "yaml"


def _by_name(name: str) -> str | None:
    return next((fmt for ending, fmt in ENDINGS.items() if name.lower().endswith(ending)), None)


def decoded(text: str | bytes, cap: int) -> str:
    """Bytes as text, without a byte order mark. Raises Unreadable for what is too large or not UTF-8."""
    if isinstance(text, str):
        return text.removeprefix("\ufeff")
    if len(text) > cap:
        raise Unreadable(f"the text is too large; at most {cap} bytes are read")
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        line = text.count(b"\n", 0, e.start) + 1
        hint = "save the file as UTF-8" if b"\x00" not in text[:4096] else "this looks like a binary file or UTF-16"
        raise Unreadable("the text is not UTF-8", Span(line, 1, line, 2), hint) from None
