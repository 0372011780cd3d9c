"""What somebody sends: the flows of a folder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from core.lang.revisions import carried
from core.model.errors import ServiceError

SAID = ("name", "description", "status")
"""What a file may say of a flow beside its definition; what it does not say stays as it is on the server."""


@dataclass(frozen=True, slots=True)
class FlowFile:
    """One flow. ``file`` = where it stands in the folder; ``said`` = what it says of name, description and status;
    ``automatic`` = ids of steps that nobody wrote (the text language numbers its steps); ``written`` = id to the one in the file, where
    the steps were called as before."""

    slug: str
    file: str
    definition: Mapping[str, Any]
    triggers: Sequence[Mapping[str, Any]] = ()
    said: Mapping[str, str] = field(default_factory=dict)
    automatic: frozenset[str] = frozenset()
    written: Mapping[str, str] = field(default_factory=dict)

    def steady(self, before: Mapping[str, Any]) -> "FlowFile":
        """With the ids that the steps had in the definition ``before``, where nobody wrote one."""
        kept = carried(self.definition, before, self.automatic)
        ids = zip(_ids(kept), _ids(self.definition), strict=True)
        return replace(self, definition=kept, written={new: old for new, old in ids if new != old})

    @property
    def envelope(self) -> dict[str, Any]:
        """As the base keeps it and the compiler reads it."""
        told = {"slug": self.slug, **self.said, "triggers": list(self.triggers)}
        return {**told, "flowDefinition": self.definition}


def _ids(definition: Mapping[str, Any]) -> list[Any]:
    nodes = definition.get("nodes")
    return [n.get("id") if isinstance(n, Mapping) else None for n in nodes] if isinstance(nodes, list) else []


@dataclass(frozen=True, slots=True)
class Asked:
    """A whole folder. ``workspace`` = its name: what it applied once and holds no more is removed; ``overwrite`` = slugs (``*`` = all)
    in which the files win over what was changed on the server."""

    workspace: str
    flows: Sequence[FlowFile]
    overwrite: frozenset[str] = frozenset()

    def wins(self, slug: str) -> bool:
        """True when the file is to win over the server."""
        return "*" in self.overwrite or slug in self.overwrite


def asked(workspace: str, flows: Sequence[Mapping[str, Any]], overwrite: Sequence[str]) -> Asked:
    """The request's rows ``{slug, file, flow_definition, automatic_ids?, triggers?, name?, description?, status?}`` as a folder.

    Raises ServiceError 400 when two files are the same flow.
    """
    known: dict[str, FlowFile] = {}
    for row in flows:
        said = {k: row[k] for k in SAID if row.get(k) is not None}
        free = frozenset(row.get("automatic_ids") or ())
        one = FlowFile(row["slug"], row["file"], row["flow_definition"], row.get("triggers") or (), said, free)
        if one.slug in known:
            message = f"Two files are the flow '{one.slug}': {known[one.slug].file} and {one.file}"
            raise ServiceError(400, "validation_failed", message, {"flows": [message]})
        known[one.slug] = one
    return Asked(workspace, tuple(known.values()), frozenset(overwrite))
