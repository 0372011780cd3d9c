"""What is pulled, as a file says it: only the parts that differ, translations left where they are."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.cli.workspace import Workspace

if TYPE_CHECKING:
    from core.cli.workspace_files import Local

ORDER = ("slug", "name", "description", "status", "triggers", "flowDefinition")


class Unwritten(Exception):
    """The file's notation has no words for what is on the server."""


def new_file(workspace: Workspace, item: Mapping[str, Any]) -> Path:
    """Where a flow without a file goes: where it was, else as YAML into the first folder."""
    if item["file"]:
        return workspace.root / str(item["file"])
    folders = [p for p in workspace.flows if (workspace.root / p).is_dir()]
    return workspace.root / (folders[0] if folders else Path()) / f"{item['slug']}.yaml"


def laid_over(local: "Local", theirs: Mapping[str, Any], parts: Sequence[str]) -> dict[str, Any]:
    """The file's own document with those parts of the server's."""
    from core.lang.printing.normal import enveloped

    mine = enveloped(local.source.data)
    if "document" in parts:
        mine["flowDefinition"] = _own_texts(theirs["flowDefinition"], mine["flowDefinition"], local)
    if "triggers" in parts:
        mine["triggers"] = _own_words(theirs.get("triggers") or [], mine.get("triggers") or [], local)
    for part in ("name", "description", "status"):
        if part in parts:
            mine[part] = theirs.get(part) or ("draft" if part == "status" else "")
    return {**{k: mine[k] for k in ORDER if k in mine}, **mine}


def _own_texts(theirs: Mapping[str, Any], mine: Mapping[str, Any], local: "Local") -> dict[str, Any]:
    """Without the translations that stand in locale files: those that differ from the files stay in the flow."""
    inside = theirs.get("locales")
    full = local.envelope["flowDefinition"].get("locales") or {}
    own = mine.get("locales") or {}
    if not isinstance(inside, Mapping):
        return dict(theirs)
    kept: dict[str, Any] = {}
    for language, table in inside.items():
        known, said = full.get(language) or {}, own.get(language) or {}
        new = {k: v for k, v in table.items() if k in said or known.get(k) != v}
        if new:
            kept[language] = new
    rest = {k: v for k, v in theirs.items() if k != "locales"}
    return {**rest, "locales": kept} if kept else rest


def _own_words(theirs: Sequence[Any], mine: Sequence[Any], local: "Local") -> list[Any]:
    """A trigger that is as the file has it, translated keywords beside its own, stays as the file writes it."""
    spoken = [_folded(t) for t in local.envelope.get("triggers") or ()]
    written = dict(zip((repr(t) for t in spoken), mine, strict=False))
    return [written.get(repr(_folded(t)), t) for t in theirs]


def _folded(trigger: Mapping[str, Any]) -> list[tuple[str, Any]]:
    from core.lang.conditions import words_of

    words = trigger.get("keyword")
    keyword = words_of(words) if isinstance(words, str | list) else []
    rest = {k: v for k, v in trigger.items() if k not in ("keyword", "mediaId") and v not in (None, "", [])}
    if rest.get("postPermalink") and rest.get("scope") == "post":
        del rest["scope"]
    return sorted({**rest, "keyword": keyword}.items(), key=lambda kv: kv[0])


def printed(envelope: Mapping[str, Any], path: Path) -> str:
    """The file's text, in the notation of its ending. Raises Unwritten."""
    from core.cli.flow_convert import named
    from core.lang.printing import PRINTERS, Unsayable
    from core.lang.reading.source import ENDINGS

    form = ENDINGS.get(path.suffix, "yaml")
    try:
        return PRINTERS[form](named(dict(envelope), path.stem) if form == "flow" else envelope)
    except Unsayable as e:
        raise Unwritten(f"{e.message}; 'instaflow flow convert {path.name} {path.stem}.yaml' and pull again") from None
