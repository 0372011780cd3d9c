"""Writes the generated reference pages: ``python docs/generate.py`` (part of ``make golden``); a test keeps them current."""

from pathlib import Path

from core.settings_read import PREFIX, TABLE

HERE = Path(__file__).parent / "reference"


def settings_page() -> str:
    """docs/reference/settings.md: one table, from the table that the program reads."""
    lines = [
        "# Settings",
        "",
        "All are environment variables; a `.env` file in the working folder is read too, the environment wins. All problems are",
        "told at once when a process starts. Values of the rows marked *secret* are never printed.",
        "",
        "| name | meaning | default |",
        "| --- | --- | --- |",
    ]
    for entry in TABLE:
        default = entry.shown or str(entry.default)
        secret = " *secret*" if entry.secret else ""
        lines.append(f"| `{PREFIX}{entry.name.upper()}` | {entry.meaning}{secret} | {default} |")
    return "\n".join(lines) + "\n"


def commands_page() -> str:
    """docs/reference/commands.md: every command's own help."""
    import importlib

    import click

    from core.cli import LAZY

    parts = ["# Commands", "", "Exit status: 0 well, 1 failed, 2 wrong usage or settings.", ""]
    for name, (module, _) in LAZY.items():
        command: click.Command = importlib.import_module(module).command
        parts += _help(f"instaflow {name}", command)
    return "\n".join(parts)


def _help(name: str, command: object) -> list[str]:
    import click

    assert isinstance(command, click.Command)
    context = click.Context(command, info_name=name, terminal_width=100, max_content_width=100)
    parts = [f"## {name}", "", "```text", command.get_help(context), "```", ""]
    if isinstance(command, click.Group):
        for sub in command.list_commands(context):
            found = command.get_command(context, sub)
            parts += _help(f"{name} {sub}", found)
    return parts


PAGES = {"settings.md": settings_page, "commands.md": commands_page}


def main() -> None:
    """Writes the pages that changed."""
    for name, make in PAGES.items():
        path = HERE / name
        text = make()
        if not path.exists() or path.read_text() != text:
            path.write_text(text)


if __name__ == "__main__":
    main()
