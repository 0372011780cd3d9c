"""The names that a folder of flows knows: of its ``instaflow.yaml``, and the tags that its flows set."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.cli.workspace import above, read

if TYPE_CHECKING:
    from core.lang import Workspace
    from core.model.program import Program


@dataclass(frozen=True, slots=True)
class Names:
    """``folder`` = whole folders are looked at, so that what no flow of them does nobody does; ``tags`` = those that people and imports
    set, None = nobody has written them down."""

    folder: bool = False
    tags: frozenset[str] | None = None

    def around(self, programs: "Iterable[Program]") -> "Workspace":
        """What a flow of the folder is told of it."""
        from core.lang import Workspace
        from core.lang.tags import tags_set

        if not self.folder:
            return Workspace()
        found = [tags_set(p) for p in programs]
        if None in found:
            return Workspace()
        known = (self.tags or frozenset()).union(*(f for f in found if f is not None))
        return Workspace(sets_tag=known.__contains__, all_setters=self.tags is not None)


def workspace_of(paths: Iterable[Path]) -> Names:
    """Folders and their ``instaflow.yaml``, in them or above. Raises ClickException for one with mistakes."""
    folders = [p for p in paths if p.is_dir()]
    files = dict.fromkeys(f for f in map(above, folders) if f is not None)
    known = [t for t in (read(file).tags for file in files) if t is not None]
    return Names(bool(folders), frozenset().union(*known) if known else None)
