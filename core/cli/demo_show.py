"""How the demo looks in a terminal: with colours where there is one, plain lines elsewhere."""

from collections.abc import Callable
from typing import Any

import click

from core.cli.demo_play import Played, Reply

_WORDS = {"comment_reply": "answers in public", "private_reply": "replies in private", "message": "answers"}


def printer(colours: bool) -> Callable[..., None]:
    """``tell(text, style)``; rich is imported only where it is shown."""
    if not colours:
        return lambda text="", style="": click.echo(text)
    from rich.console import Console

    console = Console(highlight=False)

    def tell(text: str = "", style: str = "") -> None:
        console.print(text, style=style or None, markup=False)

    return tell


def turn(tell: Callable[..., None], person: str, account: str, played: Played) -> None:
    """One turn: what the person did, the way through InstaFlow, what came back."""
    tell()
    tell(f"@{person} {played.turn.shown}", "bold cyan")
    if played.ack_ms:
        tell(f"  webhook accepted in {played.ack_ms:.1f} ms", "dim")
    for reply in played.replies:
        tell(f"  {_way(account, reply)}")
    tell(f"  flow: {played.flow}", "dim")
    for words in played.missing:
        tell(f'  missing: "{words}"', "bold red")


def _way(account: str, reply: Reply) -> str:
    text = reply.text if len(reply.text) <= 100 else reply.text[:99] + "…"
    buttons = "".join(f" [{b}]" for b in reply.buttons)
    return f"{reply.ms:7.1f} ms  @{account} {_WORDS[reply.kind]}: {' / '.join(text.splitlines())}{buttons}"


def addresses(tell: Callable[..., None], rows: list[tuple[str, str]]) -> None:
    """Where to go now."""
    tell()
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        tell(f"  {name:<{width}}  {value}", "bold" if value.startswith("http") else "")
    tell()


def summary(played: list[Played]) -> dict[str, Any]:
    """The figures of a conversation: turns, replies, slowest times."""
    replies = [r for p in played for r in p.replies]
    return {
        "turns": len(played),
        "replies": len(replies),
        "webhookMs": max((p.ack_ms for p in played), default=0.0),
        "replyMs": max((r.ms for r in replies), default=0.0),
        "missing": [words for p in played for words in p.missing],
    }
