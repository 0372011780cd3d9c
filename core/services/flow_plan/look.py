"""Looking: every flow of the folder and of the account gets an item that says what an apply would do with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import Connection

from core.lang import Compilation
from core.lang.behaviour import Difference
from core.model.diagnostic import Diagnostic
from core.model.program import Program
from core.services.flow_plan import parts
from core.services.flow_plan.compare import Verdict, compare
from core.services.flow_plan.files import Asked, FlowFile
from core.services.flow_plan.standing import Stood, standing, state_of
from core.services.house import House

KINDS = ("new", "changed", "rewritten", "same", "drifted", "conflict", "removed", "unmanaged")
"""``rewritten`` = written otherwise, with the same behaviour; ``unmanaged`` = on the server only, left alone."""
WRITTEN = frozenset({"new", "changed", "rewritten"})


class Player(Protocol):
    """Plays flows: the tests that came with the folder, and differences as conversations."""

    def tests(self, compiled: Mapping[str, Compilation]) -> list[dict[str, Any]]:
        """A report for each test file, with ``passed``; flows by slug."""

    def transcript(self, old: Program, new: Program, difference: Difference) -> dict[str, Any] | None:
        """The conversation as both have it, {old, new} in lines, when one was found that shows the difference."""


@dataclass(slots=True)
class Item:
    """A flow. ``done`` = the compiled file; ``old`` = the program that people meet now; ``differences`` = what they will notice,
    ``theirs`` = what was changed for them on the server; ``people`` = rows {node_id, version, status, people};
    ``made`` = the id of a flow that an apply has made."""

    slug: str
    kind: str
    file: FlowFile | None = None
    stood: Stood | None = None
    verdict: Verdict = field(default_factory=Verdict)
    done: Compilation | None = None
    diagnostics: list[Diagnostic] = field(default_factory=list)
    old: Program | None = None
    differences: list[Difference] = field(default_factory=list)
    theirs: list[Difference] = field(default_factory=list)
    transcript: dict[str, Any] | None = None
    people: list[dict[str, Any]] = field(default_factory=list)
    made: str | None = None

    @property
    def flow_id(self) -> str | None:
        """The flow's id; None while it is not on the server."""
        return self.stood.row["flow_id"] if self.stood else self.made

    @property
    def names(self) -> set[str]:
        """Slug and id."""
        return {self.slug, *([self.stood.row["flow_id"]] if self.stood else [])}

    @property
    def status(self) -> str:
        """The flow's status after an apply."""
        said = self.file.said.get("status") if self.file else None
        if self.stood is None:
            return said or "draft"
        takes = said is not None and "status" in self.verdict.changes
        return said if takes and said else str(self.stood.row["status"])

    @property
    def writes(self) -> bool:
        """An apply changes it."""
        return self.kind in WRITTEN or self.kind == "removed"


@dataclass(slots=True)
class Planned:
    """``state`` = the tags under which this holds. ``tests`` = their reports; ``blocked`` = rows {code, message, slug}."""

    account_id: str
    asked: Asked
    items: list[Item]
    state: dict[str, str]
    tests: list[dict[str, Any]] = field(default_factory=list)
    blocked: list[dict[str, Any]] = field(default_factory=list)

    @property
    def compiled(self) -> dict[str, Compilation]:
        """The files, compiled, by slug."""
        return {i.slug: i.done for i in self.items if i.done is not None}

    @property
    def beside(self) -> dict[str, Program]:
        """The programs, by slug and id, of what is active after an apply."""
        live = [i for i in self.items if i.status == "active" and i.done and i.done.program and i.kind != "conflict"]
        return {name: i.done.program for i in live for name in i.names if i.done and i.done.program}


def looked(house: House, tx: Connection, account_id: str, asked: Asked) -> Planned:
    """The items without programs: by parts alone."""
    stood = standing(tx, account_id)
    items = [_of_file(house, asked, one, stood.get(one.slug)) for one in asked.flows]
    here = {i.slug for i in items}
    items += [_without_file(house, asked, s) for slug, s in stood.items() if slug not in here]
    order = sorted(items, key=lambda i: i.slug)
    spoken = spoken_of(asked, stood.values())
    return Planned(account_id, asked, order, state_of(stood, spoken))


def spoken_of(asked: Asked, stood: Iterable[Stood]) -> set[str]:
    """The slugs on which a plan depends: those of the files, and those that the workspace applied once."""
    return {f.slug for f in asked.flows} | {s.row["slug"] for s in stood if _managed(asked, s)}


def _managed(asked: Asked, stood: Stood) -> bool:
    return stood.base is not None and stood.base["workspace"] == asked.workspace


def _of_file(house: House, asked: Asked, file: FlowFile, stood: Stood | None) -> Item:
    if stood is None:
        return Item(file.slug, "new", file)
    base = stood.base["document"] if stood.base else None
    before = base["flowDefinition"] if base else stood.row["flow_definition"]
    file = file.steady(before)
    foreign = stood.base["workspace"] if stood.base and not _managed(asked, stood) else ""
    known = parts.parts_of(house, base) if base else None
    server = parts.parts_of(house, stood.envelope)
    verdict = compare(parts.parts_of(house, file.envelope), server, known, foreign, asked.wins(file.slug))
    item = Item(file.slug, "same", file, stood, verdict)
    if verdict.conflicts:
        item.kind = "conflict"
    elif verdict.changes or _moved(item):
        item.kind = "changed"
    elif verdict.drift:
        item.kind = "drifted"
    return item


def _moved(item: Item) -> bool:
    """Positions that were moved in the file; noted as a part of its own."""
    assert item.file is not None and item.stood is not None
    verdict = item.verdict
    if parts.DOCUMENT in verdict.drift:
        return False
    if parts.places(definition_of(item)) == parts.places(item.stood.row["flow_definition"]):
        return False
    if parts.DOCUMENT not in verdict.changes:
        item.verdict = Verdict((*verdict.changes, parts.POSITIONS), verdict.drift)
    return True


def definition_of(item: Item) -> dict[str, Any]:
    """The file's definition as it would be stored: with the positions that survive."""
    assert item.file is not None
    base = item.stood.base["document"]["flowDefinition"] if item.stood and item.stood.base else None
    return parts.placed(item.file.definition, base, item.stood.row["flow_definition"] if item.stood else None)


def _without_file(house: House, asked: Asked, stood: Stood) -> Item:
    slug = stood.row["slug"]
    if not _managed(asked, stood):
        return Item(slug, "unmanaged", stood=stood)
    assert stood.base is not None
    known, server = parts.parts_of(house, stood.base["document"]), parts.parts_of(house, stood.envelope)
    differ = tuple(p for p in known if p != "status" and known[p] != server.get(p))
    if differ and not asked.wins(slug):
        reason = "its file is gone, and it was changed on the server since the last apply"
        return Item(slug, "conflict", stood=stood, verdict=Verdict(conflicts=differ, reason=reason))
    return Item(slug, "removed", stood=stood)
