"""The example flows as a reader meets them: a page with what each is for, what it is made of, and its picture."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from core.host.beside import locales_beside
from core.host.registry import Registry
from core.lang import Compilation, compile_text
from core.lang.graph import graph_of
from core.lang.graph_svg import svg
from core.testing.flowtest import read_suite


def examples(folder: Path, registry: Registry) -> dict[str, Compilation]:
    """The example flows by file name, in order, compiled with their translations."""
    return {
        p.name: compile_text(p.read_bytes(), registry, source=str(p), locales=locales_beside(p))
        for p in sorted(folder.iterdir())
        if p.suffix in (".flow", ".json", ".yaml") and ".test." not in p.name
    }


def pictures(folder: Path, registry: Registry) -> dict[str, str]:
    """``<name>.svg`` beside each flow: its picture."""
    found = {}
    for name, done in examples(folder, registry).items():
        assert done.doc is not None
        found[f"{name.partition('.')[0]}.svg"] = svg(graph_of(done.doc))
    return found


def page(folder: Path, registry: Registry) -> str:
    """docs/reference/examples.md: every example flow with what starts it, what it is made of, its picture."""
    lines = [
        "# Example flows",
        "",
        "Complete flows of a small pottery with a shop, to copy and change. `make run` plays them on a fake Instagram; each has tests that",
        "come by every state and every exit (`instaflow flow test flows_examples --coverage`), and no warning. Where a shop's own service is",
        "called, at shop.example, put the address of yours.",
        "",
        "| flow | what for |",
        "| --- | --- |",
    ]
    known = examples(folder, registry)
    lines += [f"| [{done.doc.name}](#{_stem(n)}) | {done.doc.description} |" for n, done in known.items() if done.doc]
    for name, done in known.items():
        lines += ["", *_example(folder, name, done)]
    return "\n".join(lines) + "\n"


def _stem(name: str) -> str:
    return name.partition(".")[0]


def _example(folder: Path, name: str, done: Compilation) -> Iterator[str]:
    doc, stem = done.doc, _stem(name)
    assert doc is not None
    tests = read_suite((folder / f"{stem}.test.yaml").read_text("utf-8"))
    kinds = Counter(node.type for node in doc.nodes)
    flows = sorted({str(n.data["flow"]) for n in doc.nodes if n.type == "subflow"})
    yield from (f"## {stem}", "", f"**{doc.name}.** {doc.description}", "")
    yield f"* Files: [{name}](../../flows_examples/{name}), [{stem}.test.yaml](../../flows_examples/{stem}.test.yaml) ({len(tests.cases)} tests)"
    yield f"* Begins with: {'; '.join(_start(t) for t in doc.triggers) or 'another flow that runs it'}"
    yield f"* Steps: {', '.join(f'{n} {kind}' for kind, n in sorted(kinds.items()))}"
    if flows:
        yield f"* Runs: {', '.join(f'[{f}](#{f})' for f in flows)}"
    if doc.locales:
        yield f"* Languages: {', '.join([str(doc.settings.get('language')), *sorted(doc.locales)])}"
    yield from ("", f"![The steps of {stem}](../../flows_examples/{stem}.svg)")


def _start(trigger: Mapping[str, Any]) -> str:
    word = next((str(trigger[k]) for k in ("keyword", "payload", "ref", "adId") if trigger.get(k)), "")
    return f"`{trigger['type']}`" + (f" {word}" if word else "")
