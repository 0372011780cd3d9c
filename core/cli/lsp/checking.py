"""What the compiler says of an open file, as the protocol shows it."""

from lsprotocol import types as lsp

from core.cli.flow_files import beside
from core.cli.lsp.page import Page
from core.host.beside import locales_beside
from core.lang import Compilation, Workspace, compile_text
from core.model.diagnostic import Diagnostic

_SEVERITY = {
    "error": lsp.DiagnosticSeverity.Error,
    "warning": lsp.DiagnosticSeverity.Warning,
    "info": lsp.DiagnosticSeverity.Information,
}
_FADED = frozenset({"IF105", "IF304"})
"""What is shown as unused."""


def checked(page: Page) -> Compilation:
    """The file with its translations and with the flows beside it that it runs."""
    locales: dict[str, bytes] = {}
    if page.path is not None:
        try:
            locales = locales_beside(page.path)
        except OSError:
            locales = {}
    name = str(page.path) if page.path else f"untitled.{page.notation}"
    done = compile_text(page.plain, page.registry, page.notation, name, locales=locales)
    if page.path is None or done.program is None or not done.program.uses.get("flows"):
        return done
    flows = {page.path.stem: done.program}
    beside(page.path, done.program, page.registry, flows)
    around = Workspace(flows=flows)
    return compile_text(page.plain, page.registry, page.notation, name, around, locales)


def shown(page: Page, uri: str) -> list[lsp.Diagnostic]:
    """The findings of a page."""
    return [as_shown(page, uri, d) for d in page.compiled.diagnostics]


def as_shown(page: Page, uri: str, d: Diagnostic) -> lsp.Diagnostic:
    """One finding with its hint, its way and its related places."""
    hint = f"\n{d.hint}" if d.hint else ""
    path = f"\npath: {' -> '.join(d.path)}" if d.path else ""
    related = [
        lsp.DiagnosticRelatedInformation(lsp.Location(uri, page.positions.of_span(r.span)), r.message)
        for r in d.related
        if r.span
    ]
    return lsp.Diagnostic(
        range=page.positions.of_span(d.span),
        message=d.message + hint + path,
        severity=_SEVERITY[str(d.severity)],
        code=d.code,
        source="instaflow",
        tags=[lsp.DiagnosticTag.Unnecessary] if d.code in _FADED else None,
        related_information=related or None,
    )
