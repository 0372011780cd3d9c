"""The names that a folder of flows knows: of its ``instaflow.yaml``, and the tags that its flows set."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from core.cli.flow_files import read_bytes

if TYPE_CHECKING:
    from core.lang import Workspace
    from core.model.program import Program

NAME = "instaflow.yaml"


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
    """Folders and their ``instaflow.yaml``."""
    folders = [p for p in paths if p.is_dir()]
    files = [f / NAME for f in folders if (f / NAME).is_file()]
    tags = [_tags(file) for file in files]
    known = [t for t in tags if t is not None]
    return Names(bool(folders), frozenset().union(*known) if known else None)


def _tags(file: Path) -> frozenset[str] | None:
    from core.lang.reading.unreadable import Unreadable
    from core.lang.reading.yaml_text import read_yaml

    try:
        data: Any = read_yaml(read_bytes(file).decode("utf-8", "replace"))[0]
    except Unreadable as e:
        raise click.ClickException(f"{file}: {e.message}") from None
    tags = data.get("tags") if isinstance(data, dict) else None
    if tags is None:
        return None
    if not isinstance(tags, list) or not all(isinstance(t, str) for t in tags):
        raise click.ClickException(f"{file}: 'tags' is a list of names")
    return frozenset(tags)
