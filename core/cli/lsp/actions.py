"""Fixes as code actions, and files in their one spelling."""

from collections.abc import Iterable

from lsprotocol import types as lsp

from core.cli.lsp.checking import as_shown
from core.cli.lsp.page import Page
from core.lang.fixing.apply import chosen
from core.lang.printing import WouldLose, formatted
from core.lang.reading.unreadable import Unreadable
from core.model.diagnostic import Diagnostic

ALL = "source.fixAll.instaflow"


def actions(page: Page, uri: str, wanted: lsp.Range, only: Iterable[str] | None) -> list[lsp.CodeAction]:
    """The fixes of the findings that touch the range, and one action for all that are sure."""
    found = [d for d in page.compiled.diagnostics if d.fix and d.fix.edits]
    kinds = tuple(only or ())
    out = []
    if _asked(lsp.CodeActionKind.QuickFix.value, kinds):
        out += [_action(page, uri, d) for d in found if _touches(page.positions.of_span(d.span), wanted)]
    sure = chosen(d for d in found if d.fix and d.fix.sure)
    if sure and _asked(ALL, kinds):
        out.append(lsp.CodeAction("Mend all that is certain", kind=ALL, edit=_edit(page, uri, sure)))
    return out


def _asked(kind: str, only: tuple[str, ...]) -> bool:
    return not only or any(kind == k or kind.startswith(f"{k}.") for k in only)


def _touches(a: lsp.Range, b: lsp.Range) -> bool:
    def key(p: lsp.Position) -> tuple[int, int]:
        return p.line, p.character

    return key(a.start) <= key(b.end) and key(b.start) <= key(a.end)


def _action(page: Page, uri: str, d: Diagnostic) -> lsp.CodeAction:
    assert d.fix is not None
    return lsp.CodeAction(
        title=f"{d.fix.title[:1].upper()}{d.fix.title[1:]}",
        kind=lsp.CodeActionKind.QuickFix,
        diagnostics=[as_shown(page, uri, d)],
        is_preferred=d.fix.sure or None,
        edit=_edit(page, uri, [d]),
    )


def _edit(page: Page, uri: str, found: Iterable[Diagnostic]) -> lsp.WorkspaceEdit:
    edits = [lsp.TextEdit(page.positions.of_span(e.span), e.text) for d in found if d.fix for e in d.fix.edits]
    return lsp.WorkspaceEdit(changes={uri: edits})


def format_edits(page: Page) -> list[lsp.TextEdit]:
    """The text in its one spelling. Raises WouldLose with a sentence when that would lose something, or cannot be done."""
    try:
        made = formatted(page.plain.replace("\r\n", "\n"), page.notation)
    except Unreadable as e:
        raise WouldLose(f"it cannot be read: {e.message}") from None
    if "\r\n" in page.plain:
        made = made.replace("\n", "\r\n")
    if made == page.plain:
        return []
    return [lsp.TextEdit(page.positions.range(0, len(page.plain)), made)]
