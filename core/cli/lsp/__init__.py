"""``instaflow lsp``: the language server, for editors."""

import sys

import click


@click.command("lsp", epilog="Example: instaflow lsp (an editor starts it; see docs/how-to/editor.md)")
def command() -> None:
    """Speaks the Language Server Protocol on stdin and stdout: findings while you write, completion, documentation under the
    pointer, go to a step, rename, format, fixes. For flows as text, YAML and JSON.
    """
    try:
        from core.cli.lsp.server import serve
    except ModuleNotFoundError as e:
        if (e.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise click.ClickException("the language server needs a package: pip install 'instaflow[lsp]'") from None
    if sys.stdin.isatty():
        click.echo("The language server speaks with an editor; see docs/how-to/editor.md. Ctrl-C stops it.", err=True)
    serve()
