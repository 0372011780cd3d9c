"""A real language server as a process of its own, and an editor that speaks with it."""

import asyncio
import sys
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

ROOT = Path(__file__).parents[2]
LONG = 60
"""Seconds until something that must come counts as lost."""


class Editor:
    """Opens texts, puts the pointer (``¦`` in a text) somewhere and asks."""

    def __init__(self, folder: Path, encodings: list[str] | None = None) -> None:
        self.folder, self.loop = folder, asyncio.new_event_loop()
        self.client = LanguageClient("tests", "1")
        self.shown: dict[str, lsp.PublishDiagnosticsParams] = {}
        self.told: list[str] = []
        self.news = asyncio.Event()
        self.versions: dict[str, int] = {}

        @self.client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params: lsp.PublishDiagnosticsParams) -> None:
            self.shown[params.uri] = params
            self.news.set()

        @self.client.feature(lsp.WINDOW_SHOW_MESSAGE)
        def message(params: lsp.ShowMessageParams) -> None:
            self.told.append(params.message)
            self.news.set()

        self.server = self.run(self._start(encodings))

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(asyncio.wait_for(work, LONG))

    async def _start(self, encodings: list[str] | None) -> lsp.InitializeResult:
        await self.client.start_io(sys.executable, "-m", "core.cli", "lsp", cwd=str(ROOT))
        general = lsp.GeneralClientCapabilities(position_encodings=encodings) if encodings else None  # type: ignore[arg-type]
        able = lsp.ClientCapabilities(general=general)
        done = await self.client.initialize_async(lsp.InitializeParams(able, root_uri=self.folder.as_uri()))
        self.client.initialized(lsp.InitializedParams())
        return done

    def close(self) -> None:
        async def work() -> None:
            await self.client.shutdown_async(None)
            self.client.exit(None)
            await self.client.stop()

        self.run(work())
        self.loop.close()

    def open(self, name: str, text: str, on_disk: bool = True) -> "Sheet":
        path = self.folder / name
        if on_disk:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.replace("¦", "").encode())
        language = {".flow": "instaflow", ".json": "json"}.get(path.suffix, "yaml")
        sheet = Sheet(self, path.as_uri(), text.replace("¦", ""), text.find("¦"))
        item = lsp.TextDocumentItem(sheet.uri, language, 1, sheet.text)
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        self.versions[sheet.uri] = 1
        return sheet

    def wait(self, until: Callable[[], bool]) -> None:
        async def work() -> None:
            while not until():
                self.news.clear()
                await self.news.wait()

        self.run(work())


class Sheet:
    """An open text."""

    def __init__(self, editor: Editor, uri: str, text: str, pointer: int) -> None:
        self.editor, self.uri, self.text, self.pointer = editor, uri, text, pointer
        self.id = lsp.TextDocumentIdentifier(uri)

    def change(self, text: str) -> None:
        self.pointer, self.text = text.find("¦"), text.replace("¦", "")
        self.editor.versions[self.uri] += 1
        which = lsp.VersionedTextDocumentIdentifier(self.editor.versions[self.uri], self.uri)
        change = lsp.TextDocumentContentChangeWholeDocument(self.text)
        self.editor.client.text_document_did_change(lsp.DidChangeTextDocumentParams(which, [change]))

    def findings(self) -> list[lsp.Diagnostic]:
        """Those of the text as it is now."""
        now = self.editor.versions[self.uri]
        self.editor.wait(lambda: self.uri in self.editor.shown and self.editor.shown[self.uri].version == now)
        return list(self.editor.shown[self.uri].diagnostics)

    def at(self, offset: int | None = None) -> lsp.Position:
        """A position in UTF-16 units, as editors count."""
        before = self.text[: self.pointer if offset is None else offset]
        row = before.rsplit("\n", 1)[-1]
        return lsp.Position(before.count("\n"), len(row.encode("utf-16-le")) // 2)

    def cut(self, where: lsp.Range, encoding: str = "utf-16-le") -> str:
        """The text in a range of one line."""
        row = self.text.split("\n")[where.start.line].encode(encoding)
        width = {"utf-8": 1, "utf-16-le": 2}[encoding]
        end = where.end.character if where.end.line == where.start.line else len(row)
        return row[where.start.character * width : end * width].decode(encoding)

    def complete(self, text: str) -> list[str]:
        """What can stand at the pointer of a new text."""
        self.change(text)
        work = self.editor.client.text_document_completion_async(lsp.CompletionParams(self.id, self.at()))
        return [item.label for item in self.editor.run(work).items]

    def completed(self, text: str, label: str) -> str:
        """The text after choosing an item."""
        self.change(text)
        work = self.editor.client.text_document_completion_async(lsp.CompletionParams(self.id, self.at()))
        item = next(i for i in self.editor.run(work).items if i.label == label)
        return self.applied([item.text_edit])

    def hover(self, text: str) -> str:
        self.change(text)
        found = self.editor.run(self.editor.client.text_document_hover_async(lsp.HoverParams(self.id, self.at())))
        return found.contents.value if found else ""

    def definition(self, text: str) -> list[tuple[str, str]]:
        self.change(text)
        work = self.editor.client.text_document_definition_async(lsp.DefinitionParams(self.id, self.at()))
        return [
            (Path(where.uri).name, self.cut(where.range) if where.uri == self.uri else "")
            for where in self.editor.run(work) or ()
        ]

    def references(self, text: str, named: bool = True) -> list[tuple[int, str]]:
        self.change(text)
        context = lsp.ReferenceContext(named)
        work = self.editor.client.text_document_references_async(lsp.ReferenceParams(context, self.id, self.at()))
        return [(where.range.start.line + 1, self.cut(where.range)) for where in self.editor.run(work) or ()]

    def rename(self, text: str, new: str) -> dict[str, str]:
        """Name of file -> its text after the rename."""
        self.change(text)
        work = self.editor.client.text_document_rename_async(lsp.RenameParams(self.id, self.at(), new))
        edit = self.editor.run(work)
        out = {}
        for uri, edits in (edit.changes if edit else {}).items():
            path = Path(uri.removeprefix("file://"))
            out[path.name] = self.applied(edits, self.text if uri == self.uri else path.read_text())
        return out

    def symbols(self) -> list[lsp.DocumentSymbol]:
        found = self.editor.run(
            self.editor.client.text_document_document_symbol_async(lsp.DocumentSymbolParams(self.id))
        )
        return list(found or ())

    def format(self) -> str | None:
        options = lsp.FormattingOptions(2, True)
        work = self.editor.client.text_document_formatting_async(lsp.DocumentFormattingParams(self.id, options))
        edits = self.editor.run(work)
        return None if edits is None else self.applied(edits)

    def actions(self, where: lsp.Range | None = None, only: list[Any] | None = None) -> list[lsp.CodeAction]:
        everything = lsp.Range(lsp.Position(0, 0), lsp.Position(self.text.count("\n") + 1, 0))
        context = lsp.CodeActionContext([], only=only)
        params = lsp.CodeActionParams(self.id, where or everything, context)
        return list(self.editor.run(self.editor.client.text_document_code_action_async(params)) or ())

    def applied(self, edits: Any, text: str | None = None) -> str:
        """The text with the edits made, as an editor makes them."""
        text = self.text if text is None else text
        rows = text.split("\n")

        def offset(p: lsp.Position) -> int:
            row = rows[p.line] if p.line < len(rows) else ""
            units = len(row.encode("utf-16-le")[: p.character * 2].decode("utf-16-le"))
            return sum(len(r) + 1 for r in rows[: p.line]) + units

        for edit in sorted(edits, key=lambda e: offset(e.range.start), reverse=True):
            text = text[: offset(edit.range.start)] + edit.new_text + text[offset(edit.range.end) :]
        return text


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """One server for the tests of a module."""
    made = Editor(tmp_path_factory.mktemp("flows"))
    yield made
    made.close()
