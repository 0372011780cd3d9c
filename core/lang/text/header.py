"""The ``flow`` line with what stands under it, and the ``layout`` block."""

from collections.abc import Callable
from typing import Any

from core.lang.text.blocks import Block
from core.lang.text.complaint import MISPLACED, SYNTAX, Complaints, quoted
from core.lang.text.conditions import keywords
from core.lang.text.hints import header_hint, header_word
from core.lang.text.lines import Line
from core.lang.text.makers import goal_of
from core.lang.text.mend import mend_of
from core.lang.text.options import first_word
from core.lang.text.row import Row, refuse_name, row_of
from core.lang.text.tree import Written
from core.lang.text.words import ARGUMENTS, FIRST, HEADER, PROPERTIES, STATUS, STEPS, TRIGGERS


def read_header(block: Block, out: Written, complaints: Complaints) -> None:
    """The ``flow`` line and the lines under it."""
    out.notes += block.line.notes
    refuse_name(block.line, complaints)
    if row := row_of(block.line, "flow_line", complaints):
        mode, slug = goal_of(row, row.parts[0])
        if mode != "hole":
            out.envelope["slug"] = slug or "end"
            out.at[("slug",)] = row.piece(row.parts[0])
        if row.parts[1] is not None:
            out.envelope["name"] = row.text(row.parts[1])
            out.at[("name",)] = row.piece(row.parts[1])
    for inner in block.inner:
        out.notes += inner.line.notes
        _line(inner, out, complaints)


def _line(block: Block, out: Written, complaints: Complaints) -> None:
    line = block.line
    word = first_word(line.code)
    refuse_name(line, complaints)
    if word not in HEADER:
        shown = word or line.code.split(None, 1)[0]
        message = f"unexpected {quoted(shown)} under the 'flow' line; expected describe, status, when, param, expire, …"
        better = header_word(word) if word and word not in STEPS else ""
        mend = mend_of(line, "header_line", word, better) if better else None
        complaints.add(SYNTAX, message, line.start, line.start + len(shown), header_hint(word), mend)
    elif word in PROPERTIES:
        _property(line, word, out)
        _nothing_inside(block, word, complaints)
    elif row := row_of(line, "header_line", complaints):
        _READ[row.rule](row, out)
        _nothing_inside(block, word, complaints)


def _nothing_inside(block: Block, word: str, complaints: Complaints) -> None:
    if block.inner:
        first = block.inner[0].line
        message = f"nothing can stand under '{word}'"
        complaints.add(MISPLACED, message, first.start, first.first_end, "give it the margin of the line above")


def _property(line: Line, word: str, out: Written) -> None:
    """``never say "*coupon*"``: what stands behind the word is read with the document, as in every notation."""
    found = out.definition.setdefault("properties", [])
    if isinstance(found, list):
        out.at[("flowDefinition", "properties", len(found))] = line.start, line.first_end
        found.append({word: " ".join(line.code[len(word) :].split("\n")).strip()})


def _text(key: str) -> Callable[[Row, Written], None]:
    def read(row: Row, out: Written) -> None:
        out.envelope[key] = row.text(row.parts[0])
        out.at[(key,)] = row.piece(row.parts[0])

    return read


def _status(row: Row, out: Written) -> None:
    _text("status")(row, out)
    if out.envelope["status"] not in STATUS:
        hint = f"known: {', '.join(STATUS)}"
        row.complain(MISPLACED, f"the status {quoted(out.envelope['status'])} does not exist", row.parts[0], hint)


def _entry(row: Row, out: Written) -> None:
    mode, label = goal_of(row, row.parts[0])
    out.entry = label or ("end" if mode == "end" else "")
    out.at[("flowDefinition", "startNodeId")] = row.piece(row.parts[0])


def _when(row: Row, out: Written) -> None:
    kind, words, *arguments = row.parts
    name = row.dotted(kind)
    triggers = out.envelope.setdefault("triggers", [])
    if not isinstance(triggers, list):
        row.complain(MISPLACED, "the triggers are given twice")
        return
    trigger: dict[str, Any] = {"type": TRIGGERS.get(name, name)}
    place = ("triggers", len(triggers))
    out.at |= {place: row.place, (*place, "type"): row.piece(kind)}
    if words is not None:
        given = row.texts(words)
        field = FIRST.get(trigger["type"])
        trigger[field or "keyword"] = given[0] if field and len(given) == 1 else keywords(given)
        out.at[(*place, field or "keyword")] = row.piece(words)
    for name, value, piece in row.pairs(arguments):
        trigger[ARGUMENTS.get(name, name)] = value
        out.at[(*place, ARGUMENTS.get(name, name))] = piece
    triggers.append(trigger)


def _param(row: Row, out: Written) -> None:
    name, kind, default = row.parts
    params = out.definition.setdefault("params", [])
    if not isinstance(params, list):
        row.complain(MISPLACED, "the parameters are given twice")
        return
    param: dict[str, Any] = {"name": str(name)}
    if kind is not None:
        param["type"] = str(kind)
    if default is not None:
        param["default"] = row.value(default)
    out.at[("flowDefinition", "params", len(params))] = row.place
    params.append(param)


def _setting(key: str, read: Callable[[Row, Any], Any]) -> Callable[[Row, Written], None]:
    def take(row: Row, out: Written) -> None:
        _put_setting(row, out, key, read(row, row.parts[0]), row.parts[0])

    return take


def _any_setting(row: Row, out: Written) -> None:
    name, value = row.parts
    _put_setting(row, out, row.text(name), row.value(value), value)


def _put_setting(row: Row, out: Written, key: str, value: Any, at: Any) -> None:
    settings = out.definition.setdefault("settings", {})
    if not isinstance(settings, dict):
        row.complain(MISPLACED, "the settings are given twice")
        return
    settings[key] = value
    out.at[("flowDefinition", "settings", key)] = row.piece(at)


def _prop(row: Row, out: Written) -> None:
    target, value = row.parts[0].children
    name = row.dotted(target)
    if name in ("nodes", "startNodeId") or name in out.definition:
        row.complain(MISPLACED, f"{quoted(name)} cannot be set here", target)
        return
    out.definition[name] = row.value(value)
    out.at[("flowDefinition", name)] = row.piece(value)


def _envelope(row: Row, out: Written) -> None:
    target, value = row.parts
    name = row.text(target)
    if name == "flowDefinition" or name in out.envelope:
        row.complain(MISPLACED, f"{quoted(name)} cannot be set here", target)
        return
    out.envelope[name] = row.value(value)
    out.at[(name,)] = row.piece(value)


def _word(row: Row, part: Any) -> str:
    return str(part)


_READ: dict[str, Callable[[Row, Written], None]] = {
    "describe": _text("description"),
    "status": _status,
    "entry": _entry,
    "when": _when,
    "param": _param,
    "expire": _setting("expireSeconds", Row.seconds),
    "interrupt": _setting("interrupt", _word),
    "stale": _setting("stale", _word),
    "setting": _any_setting,
    "envelope": _envelope,
    "header_line": _prop,
}


def read_layout(block: Block, out: Written, complaints: Complaints) -> None:
    """``id x y {more keys}`` for each step that has a place on the canvas, or what the language has no word for.

    Among the keys ``connections`` is a list of objects: more keys of the step's connections, in their order.
    """
    out.notes += block.line.notes
    if not block.inner:
        line = block.line
        complaints.add(SYNTAX, "nothing stands under 'layout'", line.start, line.first_end, "remove it")
    for inner in block.inner:
        out.notes += inner.line.notes
        row = row_of(inner.line, "place_line", complaints)
        if row is None:
            continue
        name, x, y, more = row.parts
        node: dict[str, Any] = {}
        if x is not None:
            node["position"] = {"x": _number(x), "y": _number(y)}
        node |= row.value(more) if more is not None else {}
        for key in ("id", "type"):
            if node.pop(key, None) is not None:
                row.complain(MISPLACED, f"'{key}' cannot be set in the layout", more)
        out.layout[row.dotted(name)] = node, row.place


def _number(token: str) -> int | float:
    return float(token) if "." in token or len(token) > 16 else int(token)
