"""The names in JSON and YAML: ids of nodes or keys of steps, targets, the start, the layout, keys of translations."""

from collections.abc import Mapping
from typing import Any

from core.cli.lsp.names import Names, Piece, in_properties
from core.lang.reading import Source
from core.lang.reading.json_places import KEY
from core.lang.reading.lines import Lines
from core.lang.report import Place


def document_names(source: Source) -> Names:
    """The names of a source that could be read."""
    return _Finder(source).names


class _Finder:
    def __init__(self, source: Source) -> None:
        self.source, self.names = source, Names()
        self.lines = Lines(source.text)
        data = source.data if isinstance(source.data, Mapping) else {}
        self.base: Place = ("flowDefinition",) if "flowDefinition" in data else ()
        definition = data.get("flowDefinition", data)
        if isinstance(definition, Mapping):
            self._definition(definition)

    def _definition(self, definition: Mapping[str, Any]) -> None:
        nodes = definition.get("nodes")
        for i, node in enumerate(nodes if isinstance(nodes, list) else ()):
            if isinstance(node, Mapping) and isinstance(node.get("id"), str):
                self._node(node, (*self.base, "nodes", i))
        self._use(definition.get("startNodeId"), (*self.base, "startNodeId"))
        sections = definition.get("sections")
        for i, name in enumerate(sections if isinstance(sections, list) else ()):
            self._use(name, (*self.base, "sections", i))
        self._properties(definition.get("properties"))
        self._translations(definition.get("locales"))
        for id_ in self.names.found:
            if piece := self._piece(self.source.locate(("layout", id_, KEY))):
                self.names.of(id_).used.append(piece)

    def _node(self, node: Mapping[str, Any], place: Place) -> None:
        name = self.names.of(node["id"])
        written = self.source.written(place)
        keyed = written[:1] == ("steps",)
        piece = self._piece(self.source.key(place) if keyed else self._exact((*place, "id")))
        whole = self._piece(self.source.span(place))
        if piece and whole:
            name.named.append(piece)
            name.whole = (min(piece[0], whole[0]), whole[1])
            name.about = f"{node.get('type')}: {_shown(node)}".rstrip(": ")
        connections = node.get("connections")
        for i, one in enumerate(connections if isinstance(connections, list) else ()):
            if isinstance(one, Mapping):
                self._use(one.get("targetNodeId"), (*place, "connections", i, "targetNodeId"))

    def _use(self, id_: Any, place: Place) -> None:
        piece = self._piece(self._exact(place))
        if isinstance(id_, str) and piece and self.source.text[piece[0] : piece[1]].strip("\"'") == id_:
            self.names.of(id_).used.append(piece)

    def _exact(self, place: Place) -> Any:
        return self.source.locate(self.source.written(place))

    def _piece(self, span: Any) -> Piece | None:
        return self.lines.piece(span) if span else None

    def _properties(self, listed: Any) -> None:
        for i, one in enumerate(listed if isinstance(listed, list) else ()):
            for kind in one if isinstance(one, Mapping) else ():
                if piece := self._piece(self._exact((*self.base, "properties", i, kind))):
                    in_properties(self.source.text, piece, self.names)

    def _translations(self, locales: Any) -> None:
        for language, table in locales.items() if isinstance(locales, Mapping) else ():
            for key in table if isinstance(table, Mapping) else ():
                owner = owner_of(str(key), self.names)
                piece = self._piece(self.source.key((*self.base, "locales", language, key)))
                if owner and piece:
                    self.names.of(owner).keys.append((piece, str(key)))


def owner_of(key: str, names: Names) -> str:
    """The step whose text a key of translations names; of several the longest.

    >>> both = Names(); _ = both.of("a"), both.of("a.b")
    >>> owner_of("a.b.text", both)
    'a.b'
    """
    return max((id_ for id_ in names.found if key.startswith(f"{id_}.")), key=len, default="")


def _shown(node: Mapping[str, Any]) -> str:
    content = node.get("content")
    inner = content if isinstance(content, Mapping) else {}
    keys = ("prompt", "text", "tagName", "integration", "flow", "target", "messageToAgent", "until")
    return next((str(v)[:60] for k in keys for v in (inner.get(k), node.get(k)) if v), "")
