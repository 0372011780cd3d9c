"""An open file: its text and what is known of it, found out when it is first asked for."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from core.cli.lsp.names import Names
from core.cli.lsp.names_document import document_names
from core.cli.lsp.names_flow import flow_names
from core.cli.lsp.positions import Positions
from core.lang.reading import Source, read
from core.lang.reading.source import ENDINGS
from core.lang.reading.unreadable import Unreadable

if TYPE_CHECKING:
    from core.host.registry import Registry
    from core.lang import Compilation
    from core.model.program import Program

LANGUAGES = {"instaflow": "flow", "yaml": "yaml", "json": "json", "jsonc": "json"}
_FLOWS = {
    "flow": re.compile(""),
    "yaml": re.compile(r"^(?:steps|flowDefinition|nodes)[ ]*:", re.MULTILINE),
    "json": re.compile(r'"(?:startNodeId|flowDefinition)"\s*:'),
}


@dataclass(eq=False)
class Page:
    """``path`` = where it lies, if it does; ``notation`` = "" for what is no flow. ``before`` = an older version that could be
    read: its names stand in while the text cannot be."""

    text: str
    notation: str
    path: Path | None
    encoding: str
    registry: "Registry"
    before: "Page | None" = None

    @cached_property
    def plain(self) -> str:
        """The text as spans count in it."""
        return self.text.removeprefix("\ufeff") if self.notation else self.text

    @cached_property
    def positions(self) -> Positions:
        """Offsets and positions."""
        return Positions(self.plain, self.encoding)

    @cached_property
    def source(self) -> Source | None:
        """The document and its places; None for what cannot be read."""
        try:
            return read(self.plain, self.notation, "")
        except Unreadable as e:
            return e.rest if isinstance(e.rest, Source) else None

    @cached_property
    def names(self) -> Names:
        """The steps; of the last version that could be read for JSON and YAML that cannot be."""
        if self.notation == "flow":
            return flow_names(self.plain.replace("\r\n", " \n"))
        if self.source is not None:
            return document_names(self.source)
        return self.before.names if self.before is not None else Names()

    @cached_property
    def compiled(self) -> "Compilation":
        """What ``instaflow flow check`` says of the file with this text."""
        from core.cli.lsp.checking import checked

        return checked(self)

    @property
    def program(self) -> "Program | None":
        """The program; of the last version that had one while this one has none."""
        known = self.compiled.program
        return known if known is not None or self.before is None else self.before.compiled.program

    def last_known(self) -> "Page | None":
        """What stands in for the next version while that cannot be read; older ones are let go."""
        if self.source is None:
            return self.before
        self.before = None
        return self


def notation_of(text: str, path: Path | None, language: str) -> str:
    """The notation of a file; empty for one that is no flow: another YAML or JSON, a test, translations.

    >>> notation_of("steps:\\n  a: {say: Hi}", Path("a.yaml"), "yaml"), notation_of("jobs: {}", Path("b.yaml"), "yaml")
    ('yaml', '')
    """
    found = (ENDINGS.get(path.suffix.lower()) if path else None) or LANGUAGES.get(language, "")
    if path and (
        path.name.endswith((".test.yaml", ".test.yml"))
        or path.name == "instaflow.yaml"
        or path.parent.name == "locales"
    ):
        return ""
    return found if found and _FLOWS[found].search(text) else ""
