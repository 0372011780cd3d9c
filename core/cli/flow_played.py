"""Flows that are played in the terminal: a file, and beside it those that it runs."""

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from core.cli.flow_files import compiled, explain

if TYPE_CHECKING:
    from core.engine.shelf import Shelf
    from core.model.program import Program

ENDINGS = (".yaml", ".yml", ".json", ".flow")


@dataclass(slots=True)
class Played:
    """``program`` = the file's; ``starts`` = its kinds of triggers; ``active`` = the hashes of all by slug and file name;
    ``files`` = where they lie."""

    programs: list["Program"] = field(default_factory=list)
    active: dict[str, str] = field(default_factory=dict)
    starts: list[str] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)

    @property
    def program(self) -> "Program":
        """The one that is played."""
        return self.programs[0]

    @property
    def shelf(self) -> "Shelf":
        """All of them."""
        from core.engine.shelf import Shelf

        return Shelf(self.programs, self.active)


def played(file: Path) -> Played:
    """Compiles the file and the subflows that lie beside it, by their names. One with errors ends the command with status 1."""
    from core.host.manager import load

    registry = load()
    out = Played()
    waiting, seen = [file], {file}
    while waiting:
        one = waiting.pop(0)
        text, done = compiled(one, registry)
        if done.program is None or done.doc is None:
            explain(one, text, done)
            sys.exit(1)
        if not out.programs:
            out.starts = [str(t.get("type")) for t in done.doc.triggers]
        out.programs.append(done.program)
        out.files.append(one)
        out.active |= {n: done.program.hash for n in (one.stem, done.doc.slug) if n}
        for name in done.program.uses.get("flows", ()):
            found = next((p for e in ENDINGS if (p := one.parent / f"{name}{e}").is_file()), None)
            if found is not None and found not in seen:
                seen.add(found)
                waiting.append(found)
    return out
