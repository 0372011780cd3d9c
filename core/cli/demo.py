"""``instaflow demo``: InstaFlow beside a fake Instagram, with an account, example flows and a conversation that happens."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import click

from core.cli import demo_show
from core.cli.demo_house import Demo, open_demo, wait_until_ready
from core.cli.demo_http import Client, Refused
from core.cli.demo_play import CONVERSATION, REQUIREMENTS, Played, Turn, newcomer, play
from core.cli.demo_seed import ACCOUNT, EMAIL, PASSWORD, Seeded, seed
from core.cli.migrating import migrate
from core.cli.private import OTHERS, load_private
from core.cli.tree import Tree
from core.lifeline import die_with_parent

Tell = Callable[..., None]


@click.command(epilog="Example: instaflow demo --once --data /tmp/demo")
@click.option(
    "--data", type=click.Path(path_type=Path), default=Path("data/demo"), show_default=True, help="The demo's own data."
)
@click.option("--fresh", is_flag=True, help="Forget what earlier demos left.")
@click.option("--once", is_flag=True, help="Play the conversation, check it, stop: 0 when everything was answered.")
@click.option("--port", default=8000, show_default=True, help="InstaFlow's port; another free one when it is taken.")
@click.option("--fake-port", default=9900, show_default=True, help="The fake Instagram's port, likewise.")
def command(data: Path, fresh: bool, once: bool, port: int, fake_port: int) -> None:
    """Run InstaFlow with a fake Instagram and watch a conversation happen. Ctrl-C stops everything in order."""
    die_with_parent()
    tell = demo_show.printer(sys.stdout.isatty())
    os.umask(OTHERS)
    demo = open_demo(data, fresh, port, fake_port)
    _migrate(demo)
    tree = demo.tree()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        tree.start()
        status = _show(tree, demo, tell, once)
        if not once:
            status = tree.watch()
    except KeyboardInterrupt:
        status = 130
    except (Refused, OSError) as e:
        raise click.ClickException(f"the demo could not be set up: {e}") from None
    finally:
        tree.stop()
    if not once:
        tell(f"Stopped. The data stays in {demo.data}; --fresh begins anew.")
    sys.exit(status)


def _migrate(demo: Demo) -> None:
    os.environ.update(demo.env())
    load_private()
    migrate(demo.database_url)


def _show(tree: Tree, demo: Demo, tell: Tell, once: bool) -> int:
    """Sets up, plays, and says where to go. 0 when every expected reply came."""
    tell("InstaFlow demo: starting web, worker and a fake Instagram …")
    wait_until_ready(tree, demo)
    api, fake = Client(demo.url), Client(demo.fake_url)
    seeded = seed(api, fake, lambda problem: tell(f"  not set up: {problem}", "bold red"))
    tell(f"@{seeded.username} is connected, {len(seeded.flows)} example flows are active. Now somebody writes:")
    person = newcomer(fake)
    played = [_turn(turn, person, api, fake, seeded, tell) for turn in CONVERSATION + (REQUIREMENTS if once else ())]
    figures = demo_show.summary(played)
    tell()
    tell(
        f"{figures['replies']} replies to {figures['turns']} events; slowest webhook {figures['webhookMs']:.1f} ms, "
        f"slowest reply {figures['replyMs']:.1f} ms after its event."
    )
    if not once:
        demo_show.addresses(tell, _rows(demo, api))
    return 1 if figures["missing"] or seeded.problems else 0


def _turn(turn: Turn, person: str, api: Client, fake: Client, seeded: Seeded, tell: Tell) -> Played:
    played = play(turn, person, api, fake, seeded.account_id, seeded.flows)
    demo_show.turn(tell, person, seeded.username, played)
    return played


def _rows(demo: Demo, api: Client) -> list[tuple[str, str]]:
    rows = [("InstaFlow", demo.url + "/"), ("API documentation", demo.url + "/docs")]
    shown = [(name, url) for name, url in rows if _answers(api, url)]
    shown += [("play the contact", demo.fake_url + "/"), ("sign in with", f"{EMAIL} / {PASSWORD}")]
    return [*shown, ("account", f"@{ACCOUNT}"), ("data", str(demo.data)), ("stop", "Ctrl-C")]


def _answers(api: Client, url: str) -> bool:
    try:
        api.call("GET", url)
    except (OSError, Refused):
        return False
    return True
