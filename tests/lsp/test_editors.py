"""What lies in editors/: the grammar against the real parser, the extension, the schema beside it."""

import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.cli import LAZY
from core.cli.lsp.names_flow import flow_names
from core.lang.printing import to_text
from core.lang.reading import read
from core.lang.text import read_written
from core.lang.text.ids import nodes_of
from core.lang.text.words import HEADER, OPTIONS, STEPS
from tests.docs.pages import GENERATE
from tests.lsp.textmate import Grammar

ROOT = Path(__file__).parents[2]
VSCODE = ROOT / "editors" / "vscode"
GRAMMAR = VSCODE / "syntaxes" / "instaflow.tmLanguage.json"
PACKAGE = json.loads((VSCODE / "package.json").read_text())


def texts() -> Iterator[tuple[str, str]]:
    """Every example as text, and the texts of the language's own page."""
    for path in sorted((ROOT / "flows_examples").iterdir()):
        if path.suffix in (".yaml", ".json", ".flow") and ".test." not in path.name:
            text = path.read_text("utf-8")
            yield path.stem, text if path.suffix == ".flow" else to_text(read(text, None, path.name).data)
    page = (ROOT / "docs" / "reference" / "text-language.md").read_text("utf-8")
    for i, text in enumerate(re.findall(r"```flow\n(.*?)```", page, re.DOTALL)):
        yield f"page-{i}", text


TEXTS = dict(texts())


def scopes(text: str) -> list[str]:
    """For each character of a text the names of its scopes."""
    out: list[str] = []
    for line, tokens in zip(text.split("\n"), Grammar(GRAMMAR).lines(text), strict=True):
        row = [""] * len(line)
        for start, end, names in tokens:
            row[start:end] = [" ".join(names)] * (end - start)
        out += [*row, ""]
    return out


@pytest.mark.parametrize("name", TEXTS)
def test_labels_arrows_and_steps_are_what_the_parser_says(name: str) -> None:
    text = TEXTS[name]
    colours = scopes(text)

    def has(piece: tuple[int, int], scope: str) -> None:
        for at in range(*piece):
            assert scope in colours[at], (text[slice(*piece)], colours[at], text[: piece[0]].count("\n") + 1)

    for found in flow_names(text).found.values():
        for piece in found.used:
            has(piece, "entity.name.")
        for piece in () if found.automatic else found.named:
            has(piece, "entity.name.")
    for section in read_written(text).sections:
        for step in nodes_of(section.body):
            has((step.place[0], step.place[0] + len(step.word)), "keyword.control.step")


@pytest.mark.parametrize("name", TEXTS)
def test_texts_comments_and_expressions(name: str) -> None:
    text = TEXTS[name]
    colours = scopes(text)
    quoted = r'"""(?:[^\\]|\\.)*?"""|"(?:[^"\\\n]|\\.)*"'
    for found in re.finditer(rf"(?P<comment>(?m:^[ ]*#[^\n]*$))|{quoted}", text, re.DOTALL):
        for at in range(*found.span()):
            if text[at] != "\n" and not text[at].isspace():
                wanted = (
                    ("comment", "name.instaflow") if found["comment"] else ("string", "entity.name", "meta.embedded")
                )
                assert any(w in colours[at] for w in wanted), (found[0], colours[at])
    for found in re.finditer(r"\{\{.*?\}\}", text):
        assert all("meta.embedded.expression" in colours[at] for at in range(*found.span()))


def test_every_word_of_the_language_has_a_colour() -> None:
    for word in {*STEPS, *OPTIONS, *HEADER}:
        first = scopes(f"  {word} x")[2]
        assert "keyword" in first, word
    assert "keyword" in scopes("flow x")[0] and "keyword" in scopes("layout")[0]


def test_the_extension_names_what_there_is() -> None:
    given = PACKAGE["contributes"]
    files = [
        PACKAGE["main"],
        *(x["configuration"] for x in given["languages"]),
        *(x["path"] for x in given["grammars"]),
    ]
    files += [x["url"] for x in (*given["jsonValidation"], *given["yamlValidation"])]
    assert all((VSCODE / file).is_file() for file in files)
    json.loads((VSCODE / "language-configuration.json").read_text())
    command = given["configuration"]["properties"]["instaflow.command"]["default"]
    assert command == ["instaflow", "lsp"] and command[1] in LAZY
    assert PACKAGE["version"] == tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert json.loads(GRAMMAR.read_text())["scopeName"] == given["grammars"][0]["scopeName"]


def test_the_schema_is_current() -> None:
    assert (VSCODE / "flow.schema.json").read_text() == GENERATE.schema_file(), "run: make golden"


STUBS = """
const Module = require("module"), load = Module._load, seen = { commands: [] };
class LanguageClient {
  constructor(id, name, server, client) { Object.assign(seen, { id, server, client }); }
  async start() { if (process.argv[2] === "broken") throw new Error("spawn ENOENT"); seen.started = true; }
  async stop() { seen.stopped = true; }
}
const vscode = {
  workspace: {
    getConfiguration: () => ({ get: () => ["instaflow", "lsp"] }),
    workspaceFolders: [{ uri: { fsPath: "/flows" } }],
    createFileSystemWatcher: (glob) => glob,
  },
  window: { showErrorMessage: (message) => { seen.error = message; } },
  commands: { registerCommand: (name) => { seen.commands.push(name); } },
};
Module._load = (name, ...rest) =>
  name === "vscode" ? vscode : name === "vscode-languageclient/node" ? { LanguageClient } : load(name, ...rest);
const extension = require(process.argv[1] + "/extension.js");
extension.activate({ subscriptions: [] }).then(extension.deactivate).then(() => console.log(JSON.stringify(seen)));
"""


def activated(*words: str) -> Any:
    done = subprocess.run(["node", "-e", STUBS, str(VSCODE), *words], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node here")
def test_the_extension_starts_the_server_and_says_when_it_cannot() -> None:
    seen = activated()
    assert (
        seen["started"] and seen["stopped"] and seen["commands"] == [PACKAGE["contributes"]["commands"][0]["command"]]
    )
    assert seen["server"] == {"command": "instaflow", "args": ["lsp"], "options": {"cwd": "/flows"}}
    assert [s["language"] for s in seen["client"]["documentSelector"]] == ["instaflow", "yaml", "json"]
    failed = activated("broken")
    assert "pip install 'instaflow[lsp]'" in failed["error"] and "ENOENT" in failed["error"]


TOKENIZE = """
const fs = require("fs"), { createRequire } = require("module"), here = createRequire(process.argv[1] + "/package.json");
const tm = here("vscode-textmate"), oni = here("vscode-oniguruma");
const wasm = fs.readFileSync(here.resolve("vscode-oniguruma").replace(/main\\.js$/, "onig.wasm")).buffer;
const onigLib = oni.loadWASM(wasm).then(() => ({
  createOnigScanner: (p) => new oni.OnigScanner(p), createOnigString: (s) => new oni.OnigString(s) }));
const raw = fs.readFileSync(process.argv[2], "utf8"), text = fs.readFileSync(0, "utf8");
const registry = new tm.Registry({ onigLib, loadGrammar: async () => tm.parseRawGrammar(raw, "x.json") });
registry.loadGrammar("source.instaflow").then((grammar) => {
  let state = tm.INITIAL;
  console.log(JSON.stringify(text.split("\\n").map((line) => {
    const done = grammar.tokenizeLine(line, state);
    state = done.ruleStack;
    const out = Array(line.length);
    for (const t of done.tokens) out.fill(t.scopes.join(" "), t.startIndex, Math.min(t.endIndex, line.length));
    return [...line].map((c, i) => out[[...line].slice(0, i).join("").length]);
  })));
});
"""


@pytest.mark.skipif(not (VSCODE / "node_modules").is_dir(), reason="npm install was not run in editors/vscode")
def test_vscodes_own_reader_says_the_same() -> None:
    for text in TEXTS.values():
        done = subprocess.run(
            ["node", "-e", TOKENIZE, str(VSCODE), str(GRAMMAR)], input=text, capture_output=True, text=True, check=True
        )
        theirs = [scope for row in json.loads(done.stdout) for scope in (*row, "")]
        assert theirs == scopes(text)


def test_the_examples_name_the_schema_that_lies_here() -> None:
    examples = [p for p in (ROOT / "flows_examples").glob("*.yaml") if ".test." not in p.name]
    for path in examples:
        first = path.read_text("utf-8").partition("\n")[0]
        assert (
            first.startswith("# yaml-language-server: $schema=") and (path.parent / first.partition("=")[2]).is_file()
        )
