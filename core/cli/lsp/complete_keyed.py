"""Completion in YAML and JSON: keys by where the line stands, values by their key."""

import re
from collections.abc import Iterator

from core.cli.lsp import known
from core.cli.lsp.known import Kind, Word
from core.cli.lsp.names import spelled
from core.cli.lsp.page import Page
from core.lang.document import WORDS
from core.lang.schema import flow_schema
from core.lang.text.words import STATUS

_KEY = re.compile(r"([\w.$\"-]+)\s*:\s*[\"']?([^\s,{}\[\]\"']*)\Z")
_OPEN = re.compile(r"\"?([\w.-]+)\"?\s*:\s*[\[{][^\]}]*\Z")
_LINE_KEY = re.compile(r"([ ]*(?:-[ ]+)?)[\"']?([\w.-]+)[\"']?[ ]*:(?:[ ]|\Z)")
_TARGETS = frozenset({"to", "next", "else", "start", "targetNodeId", "startNodeId"})


def yaml_words(page: Page, row: int, before: str) -> list[Word]:
    """Values behind a key, keys at the beginning of a line or in braces, triggers in the list of ``when``."""
    path = list(_path(page.plain[:row], before))
    if re.search(r"^\s*-\s+\w*\Z", before) and path[-1:] == ["when"]:
        return known.triggers(page)
    if (
        (found := _KEY.search(before))
        and before[found.end(1) :].lstrip().startswith(":")
        and before[found.end(1) :] != ":"
    ):
        return _values(page, found[1].strip('"'), path, "yaml")
    if re.search(r"(?:^\s*(?:-\s+)?|[{,]\s*)\w*\Z", before):
        return _keys(page, path)
    return []


def json_words(page: Page, row: int, before: str) -> list[Word]:
    """Values in quotes behind a key; JSON's own schema completes the keys."""
    found = re.search(r"\"([\w$]+)\"\s*:\s*\"([^\"]*)\Z", before)
    return _values(page, found[1], list(_json_path(page.plain[:row] + before)), "json") if found else []


def _values(page: Page, key: str, path: list[str], notation: str) -> list[Word]:
    if key in _TARGETS:
        ends = [Word("end", Kind.Keyword, "ends the flow")] if notation == "yaml" and key != "start" else []
        made = [Word(w.text, w.kind, w.detail, w.about, _quoted(w.text, notation)) for w in known.steps(page)]
        return [*made, *ends]
    if key == "type":
        return _types(page, path, notation)
    if key in ("call", "integration"):
        return known.actions(page)
    if key in ("run", "flow") and path:
        return known.flows(page)
    if key in ("tag", "untag", "tagged", "tagName"):
        return known.tags(page)
    if key in ("if", "expression"):
        return known.expression(page, "")
    simple = {"use": known.node_types, "inputType": known.inputs}
    if key in simple:
        return simple[key](page)
    fixed = {**WORDS, "answer": ("valid", "invalid"), "reply": ("any", "media"), "status": STATUS}
    return [Word(n, Kind.EnumMember) for n in fixed.get(key, ())]


def _types(page: Page, path: list[str], notation: str) -> list[Word]:
    if "condition" in path[-1:]:
        return known.conditions(page)
    if path[-1:] in (["when"], ["triggers"]):
        return known.triggers(page)
    if path[-1:] in (["quick"], ["buttons"]):
        return [Word(n, Kind.EnumMember) for n in ("quick_reply", "postback", "url")]
    if path[-1:] == ["media"]:
        return [Word(n, Kind.EnumMember) for n in ("image", "video", "audio", "file")]
    return known.inputs(page) if notation == "yaml" else known.node_types(page)


def _quoted(id_: str, notation: str) -> str:
    made = spelled(id_, notation)
    return made[1:-1] if notation == "json" else made


def _keys(page: Page, path: list[str]) -> list[Word]:
    """The keys that the schema knows where the path leads."""
    parts = flow_schema(page.registry)["$defs"]
    where = _place(path)
    if where == "step":
        about = parts["step"]["properties"]
        verbs = {k: v for then in parts["step"]["allOf"] for k, v in then["then"]["properties"].items()}
        known_keys = {**verbs, **about}
        return [_key(k, known_keys[k]) for k in known_keys]
    if where == "when":
        return known.triggers(page)
    found = parts.get(where, {}).get("properties", {})
    if where == "trigger":
        found = parts["when"]["else"]["else"]["properties"].get(path[-1], {}).get("properties", {})
    if where == "settings":
        found = parts["flat"]["properties"]["settings"]["properties"]
    return [_key(k, v) for k, v in found.items()]


def _key(name: str, schema: dict[str, object]) -> Word:
    about = "; ".join(str(schema[k]) for k in ("title", "description") if schema.get(k))
    return Word(name, Kind.Property, about[:80], about, f"{name}: ")


def _place(path: list[str]) -> str:
    """The part of the schema for a path of keys."""
    if not path:
        return "flat"
    if path[-1] in ("routes", "branch"):
        return "route"
    if path[-1] in ("quick", "buttons"):
        return "button"
    if path[-1] == "carousel":
        return "card"
    if path == ["settings"]:
        return "settings"
    if path == ["when"]:
        return "when"
    if len(path) == 2 and path[0] == "when":
        return "trigger"
    return "step" if len(path) == 2 and path[0] == "steps" else ""


def _path(above: str, before: str) -> Iterator[str]:
    """The keys that the line stands under, outermost first; those that are open in its braces last."""
    stack: list[tuple[int, str]] = []
    for line in above.split("\n"):
        bare = line.split(" #")[0].rstrip()
        if bare.strip() and not bare.lstrip().startswith("#"):
            _leave(stack, bare)
            if key := _LINE_KEY.match(bare):
                stack.append((len(key[1]), key[2]))
    _leave(stack, before)
    yield from (key for _, key in stack)
    inside: list[str] = []
    while match := _OPEN.search(before):
        inside.insert(0, match[1])
        before = before[: match.start()]
    yield from inside


def _leave(stack: list[tuple[int, str]], line: str) -> None:
    """Takes away the keys under which a line does not stand. A list may have the margin of its key."""
    margin = len(line) - len(line.lstrip(" "))
    dashed = line.lstrip(" ").startswith("-")
    while stack and (stack[-1][0] > margin or (stack[-1][0] == margin and not dashed)):
        stack.pop()


def _json_path(before: str) -> Iterator[str]:
    """The keys of the objects and lists that are open at the end."""
    stack: list[str] = []
    key = ""
    for token in re.finditer(r'"((?:[^"\\]|\\.)*)"\s*(:?)|[{}\[\]]', before):
        sign = token[0][0]
        if sign in "{[":
            stack.append(key)
            key = ""
        elif sign in "}]" and stack:
            stack.pop()
        elif token[2]:
            key = token[1]
    yield from (k for k in stack if k)
