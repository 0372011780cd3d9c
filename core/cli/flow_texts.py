"""``instaflow flow texts``: the texts of a flow, as a file for those who translate it."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from core.cli.flow_files import compiled, print_json

if TYPE_CHECKING:
    from core.lang import Compilation
    from core.lang.locales import Text


@click.command("texts", epilog="Example: instaflow flow texts welcome.yaml --language de > locales/de.yaml")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--language", "-l", help="The language to translate into; what is translated already is filled in.")
@click.option("--missing", is_flag=True, help="Only what is not translated yet.")
@click.option("--json", "as_json", is_flag=True, help="Print keys and texts as JSON.")
def command(file: Path, language: str | None, missing: bool, as_json: bool) -> None:
    """Prints the keys of all texts of FILE as a locale file; texts that are not translated yet stand there in the flow's own
    language, with a mark. 'instaflow flow check' says what is wrong with translations."""
    from core.host.manager import load
    from core.lang.locales import texts_of

    done = compiled(file, load())[1]
    if done.program is None or done.doc is None:
        raise click.ClickException(f"{file} cannot be compiled; see: instaflow flow check {file}")
    if missing and language is None:
        raise click.UsageError("--missing needs a --language")
    table = done.doc.locales.get(language or "", {})
    texts = [t for t in texts_of(done.doc, done.program) if not (missing and (t.optional or table.get(t.key)))]
    if as_json:
        print_json([{"key": t.key, "text": t.text, "translation": table.get(t.key)} for t in texts])
        return
    for line in _lines(_name(done, file), texts, table, language):
        click.echo(line)


def _name(done: "Compilation", file: Path) -> str:
    return (done.doc.slug if done.doc else None) or file.stem


def _lines(name: str, texts: list["Text"], table: Mapping[str, Any], language: str | None) -> Iterator[str]:
    yield f"{_quoted(name)}:"
    for text in texts:
        said = table.get(text.key)
        if said:
            yield f"  {_quoted(text.key)}: {_value(said)}"
        elif language is None or not text.optional:
            yield f"  {_quoted(text.key)}: {_value(text.text)}" + ("" if language is None else "  # not translated")


def _quoted(key: str) -> str:
    return key if key.replace(".", "").replace("_", "").isalnum() and not key[0].isdigit() else _value(key)


def _value(value: Any) -> str:
    """JSON's spelling is YAML's, and says where a line ends."""
    return json.dumps(value, ensure_ascii=False)
