"""A plan for the eyes: flow by flow what people would notice, then the tests, then what stands in the way."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from core.cli.flow_differences import told

if TYPE_CHECKING:
    from core.cli.workspace_files import Local

MARKS = {
    "new": ("+", "green", "new"),
    "changed": ("~", "yellow", "changed"),
    "rewritten": ("≈", "cyan", "written otherwise, the same for people"),
    "same": ("=", None, "unchanged"),
    "drifted": ("<", "blue", "changed on the server, left as it is there"),
    "conflict": ("!", "red", "conflict"),
    "removed": ("-", "red", "removed"),
    "unmanaged": ("?", None, "on the server only"),
}
WORDS = {"published": "not yet live"}
"""Parts that need another word here: the draft is as the file says, what people meet is not."""
QUIET = ("same", "unmanaged")
SHOWN = 5
"""Differences of one flow that are shown; `--json` has them all."""
Line = tuple[str, str | None]


def show(plan: Mapping[str, Any], flows: Sequence["Local"], everything: bool = False) -> None:
    """Prints it."""
    files = {f.slug: f for f in flows}
    for item in plan["flows"]:
        if everything or item["kind"] not in QUIET or _errors(item):
            for text, colour in _item(item, files.get(item["slug"])):
                click.secho(text, fg=colour)
    for text, colour in (*_tests(plan["tests"]), *_end(plan)):
        click.secho(text, fg=colour)


def _item(item: Mapping[str, Any], file: "Local | None") -> Iterator[Line]:
    mark, colour, word = MARKS[item["kind"]]
    parts = ", ".join(WORDS.get(p, p) for p in item["changes"] or item["conflicts"] or item["drift"])
    yield f"{mark} {item['slug']}  {word}" + (f": {parts}" if parts else ""), colour
    if item["reason"]:
        yield f"    {item['reason']}", "red"
    if item["drift"] and item["kind"] != "drifted":
        yield f"    changed on the server and left as it is there: {', '.join(item['drift'])}", "blue"
    yield from _diagnostics(item, file)
    yield from _differences(item["differences"], "")
    if item["transcript"]:
        yield from _transcript(item["transcript"])
    yield from _differences(item["theirs"], "on the server, ")
    if item["people"]:
        yield f"    {_people(item)}", None


def _diagnostics(item: Mapping[str, Any], file: "Local | None") -> Iterator[Line]:
    for d in item["diagnostics"]:
        if d["severity"] == "error" or (d["severity"] == "warning" and item["kind"] not in QUIET):
            span = file.span(d["node"]) if file is not None else None
            at = f"{file.shown}:{span.line}:{span.column}: " if file is not None and span else ""
            node = f" [{d['node']}]" if d["node"] else ""
            yield (
                f"    {at}{d['severity']} {d['code']}{node}: {d['message']}",
                "red" if d["severity"] == "error" else "yellow",
            )
            if d["hint"]:
                yield f"      = hint: {d['hint']}", None


def _differences(found: Sequence[Mapping[str, Any]], where: str) -> Iterator[Line]:
    for difference in found[:SHOWN]:
        yield from ((f"    {text}", colour) for text, colour in told(difference, where))
    if len(found) > SHOWN:
        yield f"    … and {len(found) - SHOWN} more differences", None


def _transcript(both: Mapping[str, Sequence[str]]) -> Iterator[Line]:
    """The shortest conversation that shows the first difference: what is the same once, then both ways."""
    old, new = both["old"], both["new"]
    same = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    yield "    a conversation that shows it:", None
    yield from ((f"        {line}", None) for line in old[:same])
    yield from ((f"      - {line}", "red") for line in old[same:])
    yield from ((f"      + {line}", "green") for line in new[same:])


def _people(item: Mapping[str, Any]) -> str:
    places = Counter[str]()
    for row in item["underWay"]:
        version = f" (version {row['version']})" if row["version"] else ""
        places[f"{row['nodeId'] or 'the start'}{version}"] += row["people"]
    where = ", ".join(f"{n} at {place}" for place, n in places.most_common(SHOWN))
    who = "1 person is" if item["people"] == 1 else f"{item['people']} people are"
    then = "their runs are cancelled" if item["kind"] == "removed" else "they stay on their version to the end"
    return f"{who} under way: {where}; {then}"


def _tests(reports: Sequence[Mapping[str, Any]]) -> Iterator[Line]:
    for report in reports:
        for problem in report["problems"]:
            yield f"✗ {_place(report, problem)}: {problem['message']}", "red"
        for test in report["tests"]:
            if not test["passed"]:
                yield f"✗ {_place(report, test['problem'])}: {test['name']}", "red"
                yield f"    {test['problem']['message']}", None


def _place(report: Mapping[str, Any], problem: Mapping[str, Any]) -> str:
    span = problem["span"]
    return f"{report['name']}:{span['line']}:{span['column']}" if span else str(report["name"])


def _end(plan: Mapping[str, Any]) -> Iterator[Line]:
    count = Counter(item["kind"] for item in plan["flows"])
    told_ = [f"{count[k]} {MARKS[k][2].split(',')[0]}" for k in MARKS if count[k]]
    tests = [t for r in plan["tests"] for t in r["tests"]]
    failed = sum(not t["passed"] for t in tests) + sum(bool(r["problems"]) for r in plan["tests"])
    played = f"; {len(tests)} test{'s' * (len(tests) != 1)}, {failed} failed" if plan["tests"] else ""
    yield f"Plan: {', '.join(told_) or 'no flows'}{played}", None
    for blocked in plan["blocked"]:
        yield f"error: {blocked['message']}", "red"
    if any(b["code"] == "conflict" for b in plan["blocked"]) or count["drifted"]:
        yield (
            "  'instaflow pull' takes what is on the server into the files; '--overwrite SLUG' lets the file win",
            None,
        )


def _errors(item: Mapping[str, Any]) -> bool:
    return any(d["severity"] == "error" for d in item["diagnostics"])
