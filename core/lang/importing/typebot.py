"""Typebot's JSON export (versions 3 to 6) as a flow: groups of blocks become steps, edges become connections."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from core.lang.importing.imported import Imported, NotReadable
from core.lang.importing.typebot_text import name_of, plain, template
from core.model.limits import NODES_PER_FLOW

WEEK = 604_800
BUBBLES = ("image", "video", "audio")
INPUTS = {
    "text input": "text",
    "number input": "number",
    "email input": "email",
    "url input": "url",
    "date input": "date",
    "phone number input": "phone",
}
CHOICES = ("choice input", "picture choice input")
HTTP = ("Webhook", "HTTP request")
MADE = {
    *BUBBLES,
    *INPUTS,
    *CHOICES,
    *HTTP,
    *("text", "embed", "rating input", "file input", "Set variable", "Condition", "Redirect", "Wait", "AB test"),
}
"""Types of blocks that become steps; a ``Jump`` becomes a connection."""
ASKING = {*INPUTS, *CHOICES, "rating input", "file input"}


@dataclass(slots=True)
class Block:
    """One block. ``prompt`` = the bubble before it that asks the question; ``on`` = where it stands on the canvas."""

    raw: Mapping[str, Any]
    id: str
    group: str
    next: str | None = None
    prompt: str = ""
    on: tuple[float, float] | None = None

    @property
    def kind(self) -> str:
        """Typebot's name of the type."""
        return str(self.raw.get("type") or "")

    @property
    def options(self) -> Mapping[str, Any]:
        """Its options, empty when there are none."""
        found = self.raw.get("options")
        return found if isinstance(found, Mapping) else {}

    @property
    def items(self) -> list[Mapping[str, Any]]:
        """Its choices, conditions or shares."""
        return [i for i in _list(self.raw.get("items")) if isinstance(i, Mapping)]


@dataclass(slots=True)
class Typebot:
    """The export, looked up: blocks by their own id, edges by id, our names of variables."""

    blocks: dict[str, Block] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    """Group to its first block."""
    edges: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    """Bubbles that became the question of the block after them."""
    names: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def target(self, edge: Any) -> str | None:
        """The step that an edge leads to; None = the end."""
        return self.step(self._place(self.edges[edge]) if isinstance(edge, str) and edge in self.edges else None)

    def _place(self, to: Mapping[str, Any]) -> str | None:
        """The block that {blockId, groupId} names; a group's is its first one."""
        block = to.get("blockId")
        return block if block and isinstance(block, str) else self.groups.get(str(to.get("groupId")))

    def step(self, block_id: str | None) -> str | None:
        """The id of the step for a block, or for the first one after it that becomes a step."""
        seen: set[str] = set()
        while block_id is not None and block_id not in seen:
            seen.add(block_id)
            block = self.blocks.get(self.merged.get(block_id, block_id))
            if block is None:
                return None
            if block.kind in MADE:
                return block.id
            if block.kind == "Jump":
                block_id = self._place(block.options)
            else:
                block_id = self.after(block)
        return None

    def after(self, block: Block) -> str | None:
        """The block that comes after one, by its edge or because it stands below."""
        to = self.edges.get(str(block.raw.get("outgoingEdgeId")))
        return block.next if to is None else self._place(to)

    def way_on(self, block: Block) -> str | None:
        """The step after a block."""
        return self.step(self.after(block))

    def note(self, block: Block, words: str) -> None:
        """Something that a person has to look at."""
        self.notes.append(f"{block.id}: {words}")


def from_typebot(data: Any) -> Imported:
    """The flow and the notes. Raises NotReadable when ``data`` is no export of Typebot."""
    from core.lang.importing.typebot_steps import steps_of

    if (
        not isinstance(data, Mapping)
        or not isinstance(data.get("groups"), list)
        or not isinstance(data.get("edges"), list)
    ):
        raise NotReadable("this is no export of Typebot: it has no groups and edges")
    bot = _read(data)
    nodes = [n for b in bot.blocks.values() if b.kind in MADE for n in steps_of(bot, b)]
    for block in bot.blocks.values():
        if block.kind not in MADE and block.kind not in ("start", "Jump"):
            bot.note(block, f"a block of type '{block.kind}' has no counterpart and was left out")
    start = _start(bot, data)
    if start is None:
        raise NotReadable("the export has no block that the flow could begin with")
    bot.notes.append("nothing starts the flow yet: add a trigger")
    name = str(data.get("name") or "Imported")
    definition = {"startNodeId": start, "settings": {"expireSeconds": WEEK}, "nodes": nodes}
    return Imported({"name": name, "slug": name_of(name, "flow"), "flowDefinition": definition}, tuple(bot.notes))


def _read(data: Mapping[str, Any]) -> Typebot:
    bot = Typebot()
    bot.edges = {
        str(e.get("id")): e["to"] for e in data["edges"] if isinstance(e, Mapping) and isinstance(e.get("to"), Mapping)
    }
    for variable in _list(data.get("variables")):
        if isinstance(variable, Mapping):
            bot.names[str(variable.get("id"))] = name_of(variable.get("name"))
    taken: set[str] = set()
    for group in data["groups"]:
        if isinstance(group, Mapping):
            _group(bot, group, taken)
    if len(bot.blocks) > NODES_PER_FLOW:
        raise NotReadable(f"the export has {len(bot.blocks)} blocks; a flow has at most {NODES_PER_FLOW} steps")
    return bot


def _group(bot: Typebot, group: Mapping[str, Any], taken: set[str]) -> None:
    blocks = [b for b in _list(group.get("blocks")) if isinstance(b, Mapping) and isinstance(b.get("id"), str)]
    title = _free(name_of(group.get("title") or "step", "step")[:60], taken)
    at = group.get("graphCoordinates")
    left, top = (at.get("x"), at.get("y")) if isinstance(at, Mapping) else (None, None)
    kept = list(_merged(blocks))
    for n, (raw, prompt) in enumerate(kept):
        block = Block(raw, title if n == 0 else f"{title}.{n + 1}", title, prompt=prompt)
        if _near(left) and _near(top):
            block.on = round(left), round(top) + 120 * n
        block.next = str(kept[n + 1][0]["id"]) if n + 1 < len(kept) else None
        bot.blocks[str(raw["id"])] = block
    if kept:
        bot.groups[str(group.get("id"))] = str(kept[0][0]["id"])
        for place, raw in enumerate(blocks):
            if str(raw["id"]) not in bot.blocks:
                bot.merged[str(raw["id"])] = str(blocks[place + 1]["id"])


def _merged(blocks: list[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], str]]:
    """A bubble of text right before a question is the question."""
    held: Mapping[str, Any] | None = None
    for raw in blocks:
        if held is not None and str(raw.get("type")) not in ASKING:
            yield held, ""
            held = None
        if raw.get("type") == "text" and not raw.get("outgoingEdgeId"):
            held = raw
            continue
        yield raw, template(plain(held.get("content"))) if held is not None else ""
        held = None
    if held is not None:
        yield held, ""


def _free(title: str, taken: set[str]) -> str:
    name, n = title, 1
    while name in taken:
        n += 1
        name = f"{title}_{n}"
    taken.add(name)
    return name


def _start(bot: Typebot, data: Mapping[str, Any]) -> str | None:
    for event in _list(data.get("events")):
        if isinstance(event, Mapping) and event.get("type") == "start":
            return bot.target(event.get("outgoingEdgeId"))
    first = next((i for i, b in bot.blocks.items() if b.kind == "start"), next(iter(bot.blocks), None))
    return bot.step(first)


def _near(value: Any) -> TypeGuard[float]:
    """A number that a canvas can have; neither endless nor none."""
    return isinstance(value, int | float) and abs(value) < 1e9


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
