"""The language server: the protocol's messages, handed to the modules beside this one."""

import asyncio
import sys
from importlib.metadata import version
from pathlib import Path

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path

from core.cli.lsp import going
from core.cli.lsp.actions import ALL, actions, format_edits
from core.cli.lsp.checking import shown
from core.cli.lsp.complete import complete
from core.cli.lsp.hover import hover
from core.cli.lsp.page import Page, notation_of
from core.host.registry import Registry
from core.lang.printing import WouldLose

PAUSE = 0.2
"""Seconds without a change after which a text is looked at."""


class Server(LanguageServer):
    """One editor's open files. Whole texts are sent, not changes: the library counts lines otherwise than the protocol where a
    text has other line breaks than \\n."""

    def __init__(self, registry: Registry) -> None:
        sync = lsp.TextDocumentSyncKind.Full
        super().__init__("instaflow", version("instaflow"), text_document_sync_kind=sync)
        self.registry = registry
        self.pages: dict[str, Page] = {}
        self.waiting: dict[str, asyncio.Task[None]] = {}

    def page(self, uri: str) -> Page | None:
        """The open file as it is now; None for one that is no flow."""
        document = self.workspace.get_text_document(uri)
        known = self.pages.get(uri)
        if known is None or known.text != document.source:
            path = to_fs_path(uri)
            file = Path(path) if path and uri.startswith("file:") else None
            notation = notation_of(document.source, file, document.language_id or "")
            before = known.last_known() if known is not None else None
            encoding = self.workspace.position_encoding
            known = Page(
                document.source, notation, file, str(getattr(encoding, "value", encoding)), self.registry, before
            )
            self.pages[uri] = known
        return known if known.notation else None

    def look(self, uri: str, at_once: bool = False) -> None:
        """Shows the findings of a file once nothing has changed in it for a while."""
        if task := self.waiting.pop(uri, None):
            task.cancel()
        self.waiting[uri] = asyncio.get_running_loop().create_task(self._look(uri, 0 if at_once else PAUSE))

    async def _look(self, uri: str, pause: float) -> None:
        await asyncio.sleep(pause)
        document = self.workspace.get_text_document(uri)
        page, number = self.page(uri), document.version
        found = await asyncio.to_thread(shown, page, uri) if page is not None else []
        self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, found, number))

    def close(self, uri: str) -> None:
        """Forgets a file, and takes its findings back."""
        if task := self.waiting.pop(uri, None):
            task.cancel()
        self.pages.pop(uri, None)
        self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, []))


class RequestFailed(JsonRpcException):
    """LSP's RequestFailed: the message is for the person."""

    CODE = lsp.LSPErrorCodes.RequestFailed.value
    MESSAGE = "This cannot be done"


def serve() -> None:
    """Speaks on stdin and stdout until the editor says goodbye. Nothing else may be written to stdout meanwhile."""
    from core.host.manager import load

    output = sys.stdout.buffer
    sys.stdout = sys.stderr
    made(load()).start_io(stdout=output)


def made(registry: Registry) -> Server:
    """The server with all that it can do."""
    server = Server(registry)
    _texts(server)
    _words(server)
    _places(server)
    _edits(server)
    return server


def _texts(server: Server) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    async def did_open(ls: Server, params: lsp.DidOpenTextDocumentParams) -> None:
        ls.look(params.text_document.uri, at_once=True)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    async def did_change(ls: Server, params: lsp.DidChangeTextDocumentParams) -> None:
        ls.look(params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)
    async def did_save(ls: Server, params: lsp.DidSaveTextDocumentParams) -> None:
        """Another file may be a translation, or a flow that an open one runs."""
        ls.pages.clear()
        for uri in list(ls.workspace.text_documents):
            ls.look(uri, at_once=uri == params.text_document.uri)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    async def did_close(ls: Server, params: lsp.DidCloseTextDocumentParams) -> None:
        ls.close(params.text_document.uri)


def _words(server: Server) -> None:
    @server.feature(
        lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=[" ", ".", "|", "{", ">", ":", '"'])
    )
    def completion(ls: Server, params: lsp.CompletionParams) -> lsp.CompletionList:
        page = ls.page(params.text_document.uri)
        items = complete(page, page.positions.offset(params.position)) if page else []
        return lsp.CompletionList(is_incomplete=False, items=items)

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    def hovered(ls: Server, params: lsp.HoverParams) -> lsp.Hover | None:
        page = ls.page(params.text_document.uri)
        return hover(page, page.positions.offset(params.position)) if page else None


def _places(server: Server) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
    def definition(ls: Server, params: lsp.DefinitionParams) -> list[lsp.Location]:
        uri = params.text_document.uri
        page = ls.page(uri)
        found = going.definition(page, page.positions.offset(params.position)) if page else []
        return [lsp.Location(_uri(file) if file else uri, where) for file, where in found]

    @server.feature(lsp.TEXT_DOCUMENT_REFERENCES)
    def references(ls: Server, params: lsp.ReferenceParams) -> list[lsp.Location]:
        uri = params.text_document.uri
        page = ls.page(uri)
        if page is None:
            return []
        offset = page.positions.offset(params.position)
        return [lsp.Location(uri, r) for r in going.references(page, offset, params.context.include_declaration)]

    @server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    def symbols(ls: Server, params: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol]:
        page = ls.page(params.text_document.uri)
        return going.symbols(page) if page else []


def _edits(server: Server) -> None:
    @server.feature(lsp.TEXT_DOCUMENT_PREPARE_RENAME)
    def prepare(ls: Server, params: lsp.PrepareRenameParams) -> lsp.PrepareRenamePlaceholder | None:
        page = ls.page(params.text_document.uri)
        found = going.renameable(page, page.positions.offset(params.position)) if page else None
        return lsp.PrepareRenamePlaceholder(*found) if found else None

    @server.feature(lsp.TEXT_DOCUMENT_RENAME, lsp.RenameOptions(prepare_provider=True))
    def rename(ls: Server, params: lsp.RenameParams) -> lsp.WorkspaceEdit | None:
        uri = params.text_document.uri
        page = ls.page(uri)
        if page is None:
            return None
        try:
            found = going.renamed(page, page.positions.offset(params.position), params.new_name)
        except going.Refused as e:
            raise RequestFailed(str(e)) from None
        return lsp.WorkspaceEdit(changes={_uri(file) if file else uri: edits for file, edits in found.items()})

    @server.feature(lsp.TEXT_DOCUMENT_FORMATTING)
    def formatting(ls: Server, params: lsp.DocumentFormattingParams) -> list[lsp.TextEdit] | None:
        page = ls.page(params.text_document.uri)
        try:
            return format_edits(page) if page else None
        except WouldLose as e:
            message = f"The file is left as it is: {e}"
            ls.window_show_message(lsp.ShowMessageParams(lsp.MessageType.Warning, message))
            return None

    kinds: list[lsp.CodeActionKind | str] = [lsp.CodeActionKind.QuickFix, ALL]

    @server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions(code_action_kinds=kinds))
    def code_actions(ls: Server, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        uri = params.text_document.uri
        page = ls.page(uri)
        only = [str(getattr(k, "value", k)) for k in params.context.only or ()]
        return actions(page, uri, params.range, only) if page else []


def _uri(file: Path) -> str:
    return from_fs_path(str(file)) or file.as_uri()
