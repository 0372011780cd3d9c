"""The ``flow`` line with what stands under it, and the ``layout`` block."""

from collections.abc import Iterator, Mapping
from typing import Any

from core.lang.printing.text_conditions import said_words
from core.lang.printing.text_values import (
    STEP,
    Unfit,
    assigned,
    block,
    dotted,
    ident,
    name,
    span,
    string,
    tidied,
    value,
    word,
)
from core.lang.text import read_flow
from core.lang.text.tree import Written
from core.lang.text.words import ARGUMENTS, FIRST, PROPERTIES, STATUS, TRIGGERS

_SHORT = {kind: short for short, kind in TRIGGERS.items()}
_ARGUMENTS = {field: short for short, field in ARGUMENTS.items()}
_SETTINGS = {"expireSeconds": ("expire", span), "interrupt": ("interrupt", name), "stale": ("stale", name)}


def header(written: Written) -> Iterator[str]:
    """The lines, comments first."""
    yield from (f"# {note}".rstrip() for note in written.notes)
    left = dict(written.envelope)
    slug, title = left.get("slug"), left.get("name")
    line = f"flow {ident(left.pop('slug'))}" if isinstance(slug, str) else "flow ???"
    yield line + (f" {string(left.pop('name'))}" if isinstance(title, str) else "")
    for made in (*_envelope(left), *_entry(written), *_definition(written.definition)):
        yield STEP + made


def _envelope(left: dict[str, Any]) -> Iterator[str]:
    if isinstance(left.get("description"), str):
        yield f"describe {block(left.pop('description'), STEP)}"
    if left.get("status") in STATUS:
        yield f"status {left.pop('status')}"
    triggers = left.get("triggers")
    lines = [_when(t) for t in triggers] if isinstance(triggers, list) else [None]
    if triggers is not None and None not in lines:
        del left["triggers"]
        yield from (line for line in lines if line is not None)
    yield from (assigned(f"envelope {word(str(k))} = ", v, STEP) for k, v in left.items())


def _when(trigger: Any) -> str | None:
    """The line of a trigger; None when it would not be read as the same one."""
    if not isinstance(trigger, Mapping) or not isinstance(trigger.get("type"), str):
        return None
    kind = trigger["type"]
    left = {k: v for k, v in trigger.items() if k != "type"}
    line = f"when {dotted(_SHORT.get(kind) or kind)}"
    said = left.get(FIRST[kind]) if kind in FIRST else left.get("keyword")
    if isinstance(said, str) and kind in FIRST:
        del left[FIRST[kind]]
        line += f" {string(said)}"
    elif kind not in FIRST and (words := said_words(said)):
        del left["keyword"]
        line += " " + ", ".join(map(string, words))
    for key, given in left.items():
        line = tidied(value(given), STEP, f"{line} {word(_ARGUMENTS.get(key, str(key)))}=")
    return line if read_flow(f"flow x\n{STEP}{line}\n").data.get("triggers") == [trigger] else None


def _entry(written: Written) -> Iterator[str]:
    if written.entry is not None:
        yield f"entry {ident(written.entry) if written.entry else '???'}"


def _definition(definition: Mapping[str, Any]) -> Iterator[str]:
    left = dict(definition)
    for key, lines in (("params", _params), ("settings", _settings), ("properties", _properties)):
        if key in left:
            try:
                yield from list(lines(left[key]))
                del left[key]
            except Unfit:
                pass
    for key, given in left.items():
        yield assigned(f"prop {dotted(key) if dotted(key) == key else string(key)} = ", given, STEP)


def _params(params: Any) -> Iterator[str]:
    if not isinstance(params, list) or not params:
        raise Unfit
    for one in params:
        if not isinstance(one, Mapping) or not {"name"} <= set(one) <= {"name", "type", "default"}:
            raise Unfit
        head = f"param {name(one['name'])}" + (f": {name(one['type'])}" if "type" in one else "")
        yield assigned(f"{head} = ", one["default"], STEP) if "default" in one else head


def _properties(properties: Any) -> Iterator[str]:
    """``never …`` and the like; each is looked at, since its line is read by itself."""
    for one in properties if isinstance(properties, list) and properties else [None]:
        if not isinstance(one, Mapping) or len(one) != 1:
            raise Unfit
        ((word_, said),) = one.items()
        line = f"{word_} {said}"
        if word_ not in PROPERTIES or read_flow(f"flow x\n{STEP}{line}\n").data["flowDefinition"].get("properties") != [
            one
        ]:
            raise Unfit
        yield line


def _settings(settings: Any) -> Iterator[str]:
    if not isinstance(settings, Mapping) or not settings:
        raise Unfit
    for key, given in settings.items():
        yield _setting(str(key), given)


def _setting(key: str, given: Any) -> str:
    try:
        short, written = _SETTINGS[key]
        return f"{short} {written(given)}"
    except (KeyError, Unfit):
        return assigned(f"setting {word(key)} = ", given, STEP)


def layout(written: Written) -> Iterator[str]:
    """The lines of the layout block, or nothing."""
    if not written.layout:
        return
    yield "layout"
    for id_, (more, _) in written.layout.items():
        left = dict(more)
        at = left.get("position")
        line = ident(id_)
        if isinstance(at, Mapping) and set(at) == {"x", "y"} and all(map(_short_number, at.values())):
            del left["position"]
            line += f" {at['x']!r} {at['y']!r}"
        yield STEP + (assigned(f"{line} ", left, STEP) if left else line)


def _short_number(number: Any) -> bool:
    fine = isinstance(number, int | float) and not isinstance(number, bool) and "e" not in repr(number)
    return fine and len(repr(number)) < 16 and repr(number)[-1].isdigit()
