"""What can be named in a flow: steps, variables, attributes, tags, actions, types, flows beside it, each with a word about it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lsprotocol import types as lsp

from core.cli.lsp import words
from core.cli.lsp.page import Page
from core.lang.conditions import KINDS
from core.lang.lowering.inputs import INPUTS
from core.lang.reading.source import ENDINGS
from core.lang.text.words import TRIGGERS
from core.model.context import PROFILE_FIELDS

Kind = lsp.CompletionItemKind


@dataclass(frozen=True, slots=True)
class Word:
    """Something to choose: ``about`` is Markdown, ``insert`` what is written when that is not the word itself."""

    text: str
    kind: lsp.CompletionItemKind
    detail: str = ""
    about: str = ""
    insert: str = ""


def of(
    table: dict[str, str], names: Iterable[str] | None = None, kind: lsp.CompletionItemKind = Kind.Keyword
) -> list[Word]:
    """Words of a table of ``words``, those of ``names`` alone when it is given."""
    return [Word(n, kind, about=table.get(n, "")) for n in (table if names is None else names)]


def steps(page: Page) -> list[Word]:
    """The steps and sections that exist."""
    return [Word(n.id, Kind.Reference, n.about or "section") for n in page.names.steps() if not n.automatic]


def node_types(page: Page) -> list[Word]:
    """Every type of step."""
    types = page.registry.node_types.values()
    return [Word(t.name, Kind.Class, t.title, described(t)) for t in types]


def described(t: Any) -> str:
    """A type's summary and fields."""
    fields = t.json_schema().get("properties", {})
    rows = [f"- `{k}`: {_about(v)}" for k, v in fields.items() if k != "content"]
    return "\n".join((t.summary, *(("", *rows) if rows else ())))


def _about(schema: Any) -> str:
    parts = [schema.get("title", ""), schema.get("description", "")]
    if "enum" in schema:
        parts.append(", ".join(f"`{v}`" for v in schema["enum"]))
    return "; ".join(p for p in parts if p)


def fields(t: Any) -> list[Word]:
    """The fields of a type."""
    given = t.json_schema().get("properties", {}) if t is not None else {}
    return [Word(k, Kind.Field, v.get("title", ""), _about(v)) for k, v in given.items() if k != "content"]


def triggers(page: Page, short: bool = False) -> list[Word]:
    """The types of triggers; ``short`` = by the words of the text language."""
    shorter = {kind: word for word, kind in TRIGGERS.items()} if short else {}
    types = page.registry.trigger_types.values()
    return [Word(shorter.get(t.name, t.name), Kind.Event, t.title, described(t)) for t in types]


def actions(page: Page) -> list[Word]:
    """The actions of integrations."""
    found = []
    for integration in page.registry.integrations.values():
        for name, action in integration.named.items():
            rows = "\n".join(f"- `{k}`: {_about(v)}" for k, v in action.schema.get("properties", {}).items())
            found.append(Word(name, Kind.Function, action.title, rows))
    return found


def arguments(page: Page, action: str) -> list[Word]:
    """The arguments of an action."""
    for integration in page.registry.integrations.values():
        if (one := integration.named.get(action)) is not None:
            given = one.schema.get("properties", {})
            return [Word(k, Kind.Field, str(v.get("type", "")), _about(v)) for k, v in given.items()]
    return []


def inputs(page: Page) -> list[Word]:
    """The kinds of answers."""
    return [Word(n, Kind.EnumMember) for n in (*INPUTS, *page.registry.language.inputs)]


def conditions(page: Page) -> list[Word]:
    """The types of conditions."""
    return [Word(n, Kind.EnumMember) for n in (*KINDS, *page.registry.language.conditions)]


def flows(page: Page) -> list[Word]:
    """The flows that lie beside the file."""
    folder = page.path.parent if page.path else None
    files = sorted(folder.iterdir()) if folder is not None and folder.is_dir() else []
    stems = dict.fromkeys(f.stem for f in files if f.suffix in ENDINGS and ".test." not in f.name and f != page.path)
    return [Word(n, Kind.File, "flow") for n in stems if n != "instaflow"]


def tags(page: Page) -> list[Word]:
    """The tags that the flow sets or asks for."""
    program = page.program
    found = dict.fromkeys(program.uses.get("tags", ()) if program else ())
    found |= dict.fromkeys(re.findall(r"(?<!\w)(?:un)?tag(?:ged)?:?[ ]+[\"']?([^\W\d]\w*)", page.plain))
    return [Word(n, Kind.Value, "tag") for n in found]


def variables(page: Page) -> list[Word]:
    """The variables that are set somewhere in the flow, by the document or, while that cannot be read, by its text."""
    found: dict[str, None] = {}
    program = page.program
    for state in program.states.values() if program else ():
        for name in _set(state):
            found[name] = None
    for param in program.params if program else ():
        found[str(param["name"])] = None
    for name in re.findall(
        r"(?:\binto:?|\bset:?|\bparam|saveToVariable\"?:)[ ]+[{\"']*([^\W\d]\w*)(?![\w.])", page.plain
    ):
        found[name] = None
    return [Word(n, Kind.Variable, "variable") for n in found]


def _set(state: Any) -> Iterator[str]:
    operations = [*state.do, *(op for e in state.edges for op in e.do)]
    yield from (op[2] for op in operations if op[0] == "set" and op[1] == "flow")
    wait = state.wait or {}
    asked: Sequence[Any] = (wait.get("input") or {}).get("save") or ()
    if len(asked) == 2 and asked[0] == "flow":
        yield asked[1]
    if isinstance(wait.get("save"), str):
        yield wait["save"]


def attributes(page: Page) -> list[Word]:
    """What stands behind ``contact.``: profile fields, and attributes that the flow uses."""
    program = page.program
    own = program.uses.get("attributes", ()) if program else ()
    profile = [Word(n, Kind.Property, "profile") for n in sorted(PROFILE_FIELDS)]
    return [*profile, *(Word(n, Kind.Property, "attribute") for n in own if n not in PROFILE_FIELDS)]


def expression(page: Page, before: str) -> list[Word]:
    """What can go on an expression of which ``before`` is written."""
    if re.search(r"(?<!\|)\|[ ]*\w*\Z", before):
        own = [Word(n, Kind.Function, "filter of a plugin") for n in page.registry.language.filters]
        return [*of(words.FILTER, kind=Kind.Function), *own]
    if path := re.search(r"([^\W\d]\w*)\.\w*\Z", before):
        if path[1] == "contact":
            return attributes(page)
        return [Word(n, Kind.Property) for n in words.FIELDS.get(path[1], ())]
    if re.search(r"(?<![\w.])tagged[ ]+\w*\Z", before):
        return tags(page)
    return [*variables(page), *of(words.ROOTS, kind=Kind.Module), *of(words.FUNCTION, kind=Kind.Function)]
